"""What the list of forms knows without opening a recording."""

import subprocess
import sys

import pytest

from posecoach.app.home.offers import Offer, cut, find_offers, find_seated, group_title, tell_length
from posecoach.reference.files import save_sequence
from posecoach.reference.library import FORMS_ENV


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv(FORMS_ENV, str(tmp_path))
    return tmp_path


def test_forms_at_hand_without_their_recordings(own, sequence):
    save_sequence(sequence, own / "aaa-mine")
    (own / "aaa-mine" / "motion.npz").unlink()  # nobody looks
    (own / "aaa-torn").mkdir()
    (own / "aaa-torn" / "sequence.toml").write_text("no = toml =")
    offers = find_offers()
    found = {o.id: o for o in offers}
    assert found["aaa-mine"].title("de") == "Den Himmel stützen"
    assert found["aaa-mine"].group == "own"
    assert not found["aaa-mine"].problem
    assert found["aaa-torn"].problem
    assert "\n" not in found["aaa-torn"].problem
    assert offers[-1].id == "aaa-torn"
    bow = found["drawing-the-bow"]
    assert bow.group != "own"
    assert 10 < bow.seconds < 20
    # One's own come after those that came with it.
    assert [o.group for o in offers if not o.problem][-1] == "own"


@pytest.mark.parametrize(
    "text",
    [
        "title = 3\nphases = 4\nset = []\nteacher = {}",
        "[[phases]]\nend_s = 'late'\n[[phases]]\nend_s = nan\n[title]\nen = 5",
        "phases = [1, 2]",
        "",
    ],
)
def test_whatever_stands_there_nothing_breaks(own, text):
    (own / "odd").mkdir()
    (own / "odd" / "sequence.toml").write_text(text)
    odd = next(o for o in find_offers() if o.id == "odd")
    assert (odd.title("de"), odd.seconds, odd.details("en")) == ("odd", 0.0, "")


def test_a_text_without_end_is_not_read(own):
    (own / "huge").mkdir()
    (own / "huge" / "sequence.toml").write_text("#" * 1_000_001)
    assert next(o for o in find_offers() if o.id == "huge").problem


def test_words():
    assert tell_length(12.4, "en") == "12 seconds once through"
    assert tell_length(150, "de") == "2 Minuten für einen Durchgang"
    assert cut("a\x07 b\n c" * 20, 12) == "a b ca b ca…"
    assert group_title("baduanjin", "de") == "Die acht Brokate"
    assert group_title("five-animals", "de") == "Five animals"


def test_on_a_chair():
    offers = [Offer("bow"), Offer("seated-bow"), Offer("seated-torn", problem="x"), Offer("torn")]
    assert find_seated(offers, "bow") == "seated-bow"
    assert find_seated(offers, "torn") == "torn"
    assert find_seated(offers, "seated-bow") == "seated-bow"


def test_the_first_page_needs_neither_numbers_nor_pictures():
    """What it does not import it does not wait for: benchmarks/start.py says how long it takes."""
    code = (
        "import sys; from posecoach.app.home.window import HomeWindow;"
        "from posecoach.app.kit.qt import make_application; from posecoach.commands import window;"
        "app = make_application(); w = HomeWindow(storage=window._make_storage(), studio=True);"
        "assert w.welcome.today is not None;"
        "print(*{'numpy', 'scipy', 'cv2', 'mediapipe', 'pyqtgraph'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("\n", 0), done.stderr
