"""Speaking for real where eSpeak NG is installed, and with nothing installed."""

import shutil
import sys
import threading
import time
import wave
from pathlib import Path

import pytest

from posecoach.voice import programs
from posecoach.voice.programs import Program, Request, VoiceError, find_programs, find_voice
from posecoach.voice.speaker import STALE_S, QueuedSpeaker, SystemVoice

ESPEAK = shutil.which("espeak-ng")


def script(code, name="python"):
    """Return a program that runs a line of Python, with the text as its input."""
    return Program(name, lambda text, language: Request((sys.executable, "-c", code), text))


class Slow:
    """A voice that speaks until it is let go."""

    def __init__(self):
        self.begun, self.spoken, self.go = [], [], threading.Semaphore(0)
        self.stopped = 0

    def speak(self, text, language):
        self.begun.append((text, language))
        self.go.acquire()
        self.spoken.append(text)

    def stop(self):
        self.stopped += 1
        self.go.release()


def wait(true, timeout_s=10.0):
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert not any(t.name == "posecoach-voice" for t in threading.enumerate())


def test_one_at_a_time_and_the_newest_replaces_what_waits():
    voice = Slow()
    with QueuedSpeaker(voice) as speaker:
        began = time.monotonic()
        speaker.say("one", "en")
        wait(lambda: voice.begun)
        for text in ("two", "three", "four"):
            speaker.say(text, "de")
        assert time.monotonic() - began < 5.0
        assert voice.begun == [("one", "en")]
        voice.go.release()
        wait(lambda: len(voice.begun) == 2)
        assert voice.spoken == ["one"]  # to its end
        assert voice.begun[1] == ("four", "de")
        voice.go.release()
        wait(lambda: not speaker.busy)
        assert voice.spoken == ["one", "four"]


def test_what_waited_too_long_is_not_said():
    now = [0.0]
    voice = Slow()
    with QueuedSpeaker(voice, lambda: now[0]) as speaker:
        speaker.say("one", "en")
        wait(lambda: voice.begun)
        speaker.say("two", "en")
        now[0] = STALE_S + 1
        voice.go.release()
        wait(lambda: not speaker.busy)
        assert voice.spoken == ["one"]


def test_silent_at_once():
    voice = Slow()
    with QueuedSpeaker(voice) as speaker:
        speaker.say("one", "en")
        wait(lambda: voice.begun)
        speaker.say("two", "en")
        speaker.hush()
        wait(lambda: not speaker.busy)
        assert voice.spoken == ["one"]
        assert voice.stopped == 1


def test_no_voice_is_told_once():
    with QueuedSpeaker(SystemVoice(())) as speaker:
        for _ in range(3):
            speaker.say("one", "en")
            wait(lambda: not speaker.busy)
        problem = speaker.take_problem()
        assert "Expected a voice" in problem
        assert "\n" not in problem
        assert speaker.take_problem() is None


def test_an_empty_path_holds_no_program(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for system in ("linux", "darwin", "win32"):
        assert find_programs(system) == ()
        assert programs.tell_missing(system)


def test_a_program_that_fails_makes_room_for_the_next(tmp_path):
    out = tmp_path / "said"
    said = f"open({str(out)!r}, 'ab').write(sys.stdin.buffer.read())"
    good = f"import sys, time; time.sleep(0.4); {said}"
    voice = SystemVoice((script("raise SystemExit('no audio server')", "broken"), script(good)))
    voice.speak("größer", "de")
    voice.speak(" höher", "de")
    assert out.read_text(encoding="utf-8") == "größer höher"
    assert voice._failed == {("broken", "de")}


@pytest.mark.parametrize(
    "code", ["raise SystemExit(2)", "import sys; sys.stderr.write('error: no device')"]
)
def test_what_fails_or_ends_at_once_with_a_complaint_is_no_voice(code, monkeypatch):
    monkeypatch.setattr("posecoach.voice.speaker._AT_ONCE_S", 5.0)
    with pytest.raises(VoiceError, match="Expected a voice"):
        SystemVoice((script(code),)).speak("text", "en")


def test_a_program_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr("posecoach.voice.speaker.LONGEST_S", 0.2)
    with pytest.raises(VoiceError, match="timed out"):
        SystemVoice((script("import time; time.sleep(60)"),)).speak("text", "en")


def test_a_sentence_under_way_can_be_stopped():
    voice = SystemVoice((script("import time; time.sleep(60)"),))
    speaker = QueuedSpeaker(voice)
    speaker.say("text", "en")
    wait(lambda: voice._process is not None)
    began = time.monotonic()
    speaker.close()
    assert time.monotonic() - began < 3.0
    assert speaker.take_problem() is None


def test_a_language_without_a_voice_leaves_the_other(tmp_path):
    def ask(text, language):
        if language == "de":
            raise VoiceError("no German voice")
        return Request((sys.executable, "-c", "pass"), text)

    voice = SystemVoice((Program("say", ask),))
    with pytest.raises(VoiceError, match="no German voice"):
        voice.speak("Hallo", "de")
    voice.speak("hello", "en")


def test_which_voice_macos_has():
    listed = """Alex                en_US    # Most people recognize me by my voice.
Bad News            en_US    # The light you see.
Anna (Enhanced)     de_DE    # Hallo! Ich heiße Anna.
Sin-ji              zh_HK    # 您好"""
    assert find_voice(listed, "de") == "Anna (Enhanced)"
    assert find_voice(listed, "en") == "Alex"
    assert find_voice(listed.replace("de_DE", "it_IT"), "de") is None
    assert find_voice("", "de") is None


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_no_text_is_taken_for_an_option_or_command(system, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    nasty = "--help; $(reboot) `id`"
    for program in find_programs(system):
        request = program.ask(nasty, "de")
        where = request.command.index(nasty) if nasty in request.command else None
        assert where is None or request.command[where - 1] == "--"
        assert "de" in (*request.command, *request.environment.values())


@pytest.mark.skipif(ESPEAK is None, reason="eSpeak NG is not installed")
@pytest.mark.parametrize(("language", "text"), [("de", "Scheitel hoch"), ("en", "Crown up")])
def test_espeak_speaks_into_a_file(tmp_path, language, text, monkeypatch):
    """The request as it is made, but for the file in the place of the sound device."""
    (program,) = [p for p in find_programs("linux") if p.name == "espeak-ng"]
    out = tmp_path / "said.wav"

    def ask(text, language):
        request = program.ask(text, language)
        return Request((*request.command, "-w", str(out)), request.text)

    SystemVoice((Program("espeak-ng", ask),)).speak(text, language)
    with wave.open(str(out)) as sound:
        assert 0.4 < sound.getnframes() / sound.getframerate() < 4.0
    assert Path(out).stat().st_size > 10_000
