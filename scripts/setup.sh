#!/bin/sh
# Sets up what posecoach needs in this folder: system libraries, an environment, packages, the model.
#
#   scripts/setup.sh run      what is needed to use it          -> .venv/.ready
#   scripts/setup.sh dev      the same, and the test tools      -> .venv/.ready-dev
#   scripts/setup.sh samples  the same, and the video writer    -> .venv/.ready-samples
#   scripts/setup.sh model    the pose model, into the user's cache folder
#
# PYTHON chooses the interpreter, VENV the folder of the environment. Running it again is harmless.
set -eu

VENV=${VENV:-.venv}
PY=$VENV/bin/python
LOG=$VENV/setup.log
BEAT=

say() { printf '%s\n' "$*"; }
die() {
    printf '\nposecoach set-up: %s\n' "$*" >&2
    exit 1
}

stop_beat() {
    if [ -n "$BEAT" ]; then
        kill "$BEAT" 2>/dev/null || :
        wait "$BEAT" 2>/dev/null || :
        BEAT=
    fi
}
trap stop_beat EXIT
trap 'stop_beat; exit 130' INT
trap 'stop_beat; exit 143' TERM

# long_step TEXT COMMAND...: runs it with its output in $LOG, tells every 15 s what it is doing, and
# shows the end of the log if it fails.
long_step() {
    text=$1
    shift
    say "$text"
    (
        waited=0
        while :; do
            sleep 15 >/dev/null 2>&1
            waited=$((waited + 15))
            printf '      %s s: %s\n' "$waited" "$(tail -n 1 "$LOG" 2>/dev/null | cut -c1-90)"
        done
    ) &
    BEAT=$!
    : >"$LOG"
    if "$@" >>"$LOG" 2>&1; then
        stop_beat
    else
        stop_beat
        tail -n 15 "$LOG" >&2
        return 1
    fi
}

# ---- system libraries: MediaPipe and OpenCV (needed), Qt's window (wanted) -------------------------
# shared library : Debian package
LIBRARIES='
libEGL.so.1:libegl1
libGLESv2.so.2:libgles2
libGL.so.1:libgl1
libglib-2.0.so.0:libglib2.0-0
libxcb.so.1:libxcb1
libfontconfig.so.1:libfontconfig1
libdbus-1.so.3:libdbus-1-3
libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4
libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-render-util.so.0:libxcb-render-util0
libxcb-shape.so.0:libxcb-shape0
libxcb-xinerama.so.0:libxcb-xinerama0
libxcb-xkb.so.1:libxcb-xkb1
libxkbcommon-x11.so.0:libxkbcommon-x11-0
'

# Only if wished for, and never installed from here: espeak-ng (spoken cues) and libportaudio2 (the
# breath tone). posecoach doctor says whether they are there.

missing_packages() {
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null) || return 0
    for pair in $LIBRARIES; do
        case "$known" in
            *"${pair%%:*} "*) ;;
            *) printf '%s ' "${pair##*:}" ;;
        esac
    done
}

# apt_install PACKAGES: as root does it, otherwise prints the line to type and stops.
apt_install() {
    if [ "$(id -u)" -ne 0 ]; then
        die "some system packages are missing. Please type this line, then run make again:

    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*
"
    fi
    mkdir -p "$VENV"
    export DEBIAN_FRONTEND=noninteractive
    long_step "      refreshing the package list" apt-get -q update ||
        die "apt-get update failed (see above). Is there a network connection?"
    # shellcheck disable=SC2086,SC2048
    long_step "      installing $*" apt-get -q install -y --no-install-recommends $* ||
        die "apt-get install failed (see above)."
}

system_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    say "[1/3] System libraries for the camera picture and the window: some are missing"
    if command -v apt-get >/dev/null 2>&1; then
        # shellcheck disable=SC2086
        apt_install $missing
    else
        say "      Please install what holds these (named as in Debian), if something fails later:"
        say "      $missing"
    fi
}

# ---- Python environment ------------------------------------------------------------------------------
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" || die "expected Python 3.11, 3.12 or 3.13 but PYTHON=$PYTHON is not one."
        return 0
    fi
    for candidate in python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
            PYTHON=$candidate
            return 0
        fi
    done
    die "expected Python 3.11, 3.12 or 3.13 but none was found. Install one, or name it:
    make demo PYTHON=/path/to/python3.12"
}

environment() {
    if [ -x "$PY" ] && fits "$PY" && "$PY" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    find_python
    say "[2/3] Making the environment $VENV with $("$PYTHON" --version)"
    if [ -e "$VENV/pyvenv.cfg" ]; then # one whose Python has gone, or half made
        rm -rf "$VENV"
    fi
    if "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        "$PYTHON" -m venv "$VENV" || die "could not make the environment $VENV (see above)."
    elif "$PYTHON" -c 'import venv, pip' 2>/dev/null; then # Debian's Python without python3-venv
        "$PYTHON" -m venv --without-pip "$VENV" || die "could not make the environment $VENV."
        long_step "      putting pip into it" "$PYTHON" -m pip --python "$PY" install 'pip>=25.1' ||
            die "pip could not be installed (see above). Is there a network connection?"
    elif command -v apt-get >/dev/null 2>&1; then
        apt_install python3-venv
        "$PYTHON" -m venv "$VENV" || die "could not make the environment $VENV (see above)."
    else
        die "this Python has neither venv with ensurepip nor pip; install them and run make again."
    fi
}

packages() { # packages KIND PIP-ARGUMENTS...
    kind=$1
    shift
    new_pip='import pip; raise SystemExit(tuple(map(int, pip.__version__.split(".")[:2])) < (25, 1))'
    if ! "$PY" -c "$new_pip" 2>/dev/null; then # older ones do not know dependency groups
        long_step "      a newer pip" "$PY" -m pip install --upgrade 'pip>=25.1' ||
            die "pip could not be renewed (see above). Is there a network connection?"
    fi
    size='about 300 MB to download'
    [ "$kind" = run ] || size="$size, with the tools for $kind"
    long_step "[3/3] Python packages ($size; a few minutes the first time)" \
        "$PY" -m pip install --no-input "$@" ||
        die "the packages could not be installed (see above; all of it in $LOG). Is there a network connection?"
}

cd "$(dirname "$0")/.."
case "${1:-}" in
    run | dev | samples)
        system_libraries
        environment
        case "$1" in
            run) packages run -e . ;;
            *) packages "$1" -e . --group "$1" ;;
        esac
        touch "$VENV/.ready"
        [ "$1" = run ] || touch "$VENV/.ready-$1"
        say "      ready"
        ;;
    model)
        exec "$PY" -m posecoach.pose
        ;;
    *)
        die "expected run, dev, samples or model but got '${1:-nothing}'."
        ;;
esac
