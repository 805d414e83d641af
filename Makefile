# make demo   set up what is missing, then watch, compare and coach a sample video
# make test   set up what is missing, then run all tests
# make check  lint, format, types, import contracts
# make fix    let the linter and the formatter mend what they can
# make locale   collect the marked texts and compile the translations
# make formats  read exported takes with movement and OpenSim (2 GB, once; not needed otherwise)
# make samples  render the sample videos again (slow; not needed to use posecoach)
# make forms    render and record the forms of reference_sequences/ again (slow; what is written stays)
# make pictures  pictures of every screen into pictures-out/ (needs no screen; Xvfb if it is there)
# make clean  remove the environment and caches (stored sessions are not touched)
#
# Another Python: make demo PYTHON=python3.12

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check fix locale formats samples forms pictures clean
.DELETE_ON_ERROR:

demo: $(VENV)/.ready
	@sh scripts/setup.sh model
	@$(BIN)/python -m posecoach.demo

test: $(VENV)/.ready-dev
	@sh scripts/setup.sh model
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist loadfile

check: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

POT := $(VENV)/posecoach.pot
LOCALE := src/posecoach/locale
locale: $(VENV)/.ready-dev
	$(BIN)/pybabel -q extract -k N_ --no-location --sort-output --no-wrap --project=posecoach \
	    --version=0.1 -o $(POT) src/posecoach
	$(BIN)/pybabel -q update -D posecoach -i $(POT) -d $(LOCALE) --no-wrap --no-fuzzy-matching \
	    --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -D posecoach -d $(LOCALE)

formats: $(VENV)/.ready-dev $(VENV)/formats/.ready
	$(BIN)/python -m pytest tests/writers/test_outside.py

samples: $(VENV)/.ready-samples
	$(BIN)/python samples/make_samples.py

forms: $(VENV)/.ready-samples
	@sh scripts/setup.sh model
	$(BIN)/python samples/make_forms.py

PICTURES := pictures-out
pictures: $(VENV)/.ready-dev
	@sh scripts/setup.sh model
	@if [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ] && command -v xvfb-run >/dev/null; then \
	    xvfb-run -a -s "-screen 0 1920x1080x24" $(BIN)/python docs/pictures $(PICTURES); \
	else $(BIN)/python docs/pictures $(PICTURES); fi

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is written when its set-up is done, and is out of date when the project file changes.
$(VENV)/.ready: pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/setup.sh run

$(VENV)/.ready-dev: pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/setup.sh dev

$(VENV)/formats/.ready: $(VENV)/.ready-dev pyproject.toml
	$(BIN)/python -m venv --without-pip --clear $(VENV)/formats
	$(BIN)/python -m pip -q --python $(VENV)/formats/bin/python install --group formats
	@touch $@

$(VENV)/.ready-samples: pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/setup.sh samples
