"""The programs by which a system speaks, and how each is asked.

A program of its own, and not a library in this process: nothing of it can hold up or crash a
practice, it ends when told to, and what is under another licence (eSpeak NG: GPL) stays apart.
Text never goes through a shell.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from posecoach.errors import InputError

_WORDS_A_MINUTE = 140  # calmer than the usual 175
_LOCALES: Mapping[str, str] = {"de": "de_DE", "en": "en_"}
_ASK_S = 10.0


class VoiceError(InputError):
    """Nothing can be spoken here; the message is one line."""


@dataclass(frozen=True)
class Request:
    """What to run.

    Attributes
    ----------
    command : tuple of str
    text : str
        For its standard input; empty if the text is elsewhere.
    environment : mapping of str to str
        Beside the one there is.
    """

    command: tuple[str, ...]
    text: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A program that speaks.

    Attributes
    ----------
    name : str
    ask : callable
        ``ask(text, language)`` gives the request; raises `VoiceError` if it has no such voice.
    """

    name: str
    ask: Callable[[str, str], Request]


def find_programs(system: str = sys.platform) -> tuple[Program, ...]:
    """Return the programs there are, the preferred one first.

    Parameters
    ----------
    system : str
        As `sys.platform`.
    """
    if system == "darwin":
        wanted: tuple[tuple[str, Callable[[str, str, str], Request]], ...] = (("say", _ask_say),)
    elif system == "win32":
        wanted = (("powershell", _ask_powershell), ("pwsh", _ask_powershell))
    else:
        # Speech Dispatcher speaks as the person has set it up.
        wanted = (("spd-say", _ask_dispatcher), ("espeak-ng", _ask_espeak), ("espeak", _ask_espeak))
    found = []
    for name, ask in wanted:
        path = shutil.which(name)
        if path is not None:
            found.append(Program(name, _bind(ask, path)))
    return tuple(found)


def tell_missing(system: str = sys.platform) -> str:
    """Return what to do where there is no voice."""
    if system == "darwin":
        return "add a voice in the system settings under Accessibility, Spoken Content"
    if system == "win32":
        return "add a voice in the settings under Time & language, Speech"
    return "sudo apt-get install espeak-ng"


def _bind(ask: Callable[[str, str, str], Request], path: str) -> Callable[[str, str], Request]:
    return lambda text, language: ask(path, text, language)


def _ask_dispatcher(path: str, text: str, language: str) -> Request:
    return Request((path, "--wait", "--rate", "-20", "--language", language, "--", text))


def _ask_espeak(path: str, text: str, language: str) -> Request:
    speed = str(_WORDS_A_MINUTE)
    return Request((path, "-b", "1", "-v", language, "-s", speed, "--stdin"), text)


def _ask_say(path: str, text: str, language: str) -> Request:
    done = subprocess.run(
        (path, "-v", "?"), capture_output=True, text=True, timeout=_ASK_S, check=False
    )
    voice = find_voice(done.stdout, language)
    if voice is None:
        raise VoiceError(f"Expected a voice for {language!r} but this system has none.")
    return Request((path, "-v", voice, "-r", str(_WORDS_A_MINUTE), "-f", "-"), text)


def find_voice(listed: str, language: str) -> str | None:
    """Return the first voice of a language in what ``say -v '?'`` lists.

    Lines read ``Anna                de_DE    # Hallo! Ich heiße Anna.``; names may hold spaces.
    """
    wanted = _LOCALES.get(language, f"{language}_")
    for line in listed.splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1 and words[-1].replace("-", "_").startswith(wanted):
            return " ".join(words[:-1])
    return None


# The text comes in the environment, so that nothing of it is taken for a command.
_SCRIPT = (
    "Add-Type -AssemblyName System.Speech; "
    "$s = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    "$v = $s.GetInstalledVoices() | Where-Object { $_.Enabled -and "
    "$_.VoiceInfo.Culture.TwoLetterISOLanguageName -eq $env:POSECOACH_SAY_LANGUAGE } | "
    "Select-Object -First 1; "
    "if (-not $v) { exit 3 }; "
    "$s.SelectVoice($v.VoiceInfo.Name); $s.Rate = -2; $s.Speak($env:POSECOACH_SAY)"
)


def _ask_powershell(path: str, text: str, language: str) -> Request:
    return Request(
        (path, "-NoProfile", "-NonInteractive", "-Command", _SCRIPT),
        environment={"POSECOACH_SAY": text, "POSECOACH_SAY_LANGUAGE": language},
    )


def start(request: Request) -> subprocess.Popen[bytes]:
    """Start a request; its text is to be given to `communicate`.

    Raises
    ------
    OSError
        It cannot be started.
    """
    return subprocess.Popen(
        request.command,
        stdin=subprocess.PIPE if request.text else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **request.environment},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
