"""The studio in pictures: a teacher's way from the first page to the file that is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
from PySide6.QtGui import QPixmap

from posecoach.analysis import Analyzer
from posecoach.app.kit.qt import discard
from posecoach.app.studio.window import StudioWindow
from posecoach.capture.paced import PacedSource
from posecoach.capture.replay import MotionEstimator
from posecoach.capture.video import VideoFile
from posecoach.motion import Motion
from posecoach.overlay import Renderer
from posecoach.reference import draft as d
from posecoach.reference.library import open_form
from posecoach.reference.sequence import Sequence
from scenes import LANGUAGES, SAMPLES, Album, own_machine, rest, take, wait, watch

HERE = Path(__file__).resolve().parents[1] / "teacher"
TAKES, FORM = "heavens-teacher", "two-hands-hold-up-the-heavens"
STUDENT = "heavens-lean-left-emma"
SIZE = (1366, 768)
NAMES = {"en": "Two hands hold up the heavens", "de": "Beide Hände stützen den Himmel"}
PHASES = (
    ("in", {"de": "Hände heben", "en": "Raise the hands"}),
    ("free", {"de": "Den Himmel stützen", "en": "Hold up the heavens"}),
    ("out", {"de": "Öffnen und sinken lassen", "en": "Open and lower"}),
)
RIGHTS = {
    "de": ("Ulla Muster", "ich selbst, für meine Übenden, 25.11.2026"),
    "en": ("Ulla Muster", "my own, for my students, 25 Nov 2026"),
}
CUES = {
    "lateral_lean.left": {
        "de": ("Wie eine Kiefer stehen",),
        "en": ("Stand like a pine",),
    }
}


Save = Callable[[str, QPixmap], None]


def shoot(window: StudioWindow, name: str, save: Save) -> None:
    """Take a picture of the window, with the question over it if there is one."""
    rest(150)
    try:
        save(name, take(window, window.question))
    except RuntimeError:  # the question is gone already
        save(name, take(window))


def add_third_take(window: StudioWindow) -> None:
    """Add the shipped form's own third take; the video it was recorded from is not kept."""
    desk = window.desk
    assert desk is not None
    draft, shipped = desk.draft, d.open_draft(open_form(FORM))
    takes = (*draft.sequence.takes, shipped.sequence.takes[2])
    more = replace(
        draft,
        cuts=(*draft.cuts, shipped.cuts[2]),
        videos=(*draft.videos, None),
        sequence=replace(draft.sequence, takes=takes),
    )
    desk.do(more, "takes added")


def write_words(window: StudioWindow) -> None:
    """Write what a teacher would."""
    desk = window.desk
    assert desk is not None
    ends = (3.64, 6.04)
    draft = desk.draft
    while len(draft.phases) > 1:
        draft = d.join_phases(draft, 0)
    for end in ends:
        draft = d.split_phase(draft, end)
    for k, (breath, titles) in enumerate(PHASES):
        draft = d.set_phase(draft, k, breath=breath, titles=titles)
    draft = d.set_form(draft, titles=NAMES, cues=CUES, symmetry="symmetric")
    desk.do(draft, "phases")


def draw_preview(sequence: Sequence, student: Motion, language: str) -> None:
    """Write the picture a student will see, at the moment of the teacher's own words."""
    analyzer, renderer = Analyzer(sequence, language), Renderer(sequence, language)
    best = None
    with VideoFile(SAMPLES / f"{STUDENT}.mp4") as video:
        for frame, observation in zip(video, student, strict=False):
            state = analyzer.step(observation)
            if state.cue is not None:
                picture = cv2.resize(frame.image, (960, 960 * video.height // video.width))
                best = renderer.draw(picture, state)
                if state.time_s - state.cue.time_s > 0.5:
                    break
    assert best is not None
    path = str(HERE / f"preview-{language}.jpg")
    cv2.imwrite(path, best, [cv2.IMWRITE_JPEG_QUALITY, 82])


def walk(language: str, size: tuple[int, int], save: Save) -> Sequence:
    """Go through the studio as a teacher does, taking pictures; return what was made."""
    motion = watch(TAKES)
    with own_machine():
        camera = SAMPLES / f"{TAKES}.mp4"
        window = StudioWindow(
            language,
            lambda: MotionEstimator(motion),
            lambda: PacedSource(VideoFile(camera)),
        )
        window.resize(*size)
        window.show()
        window.start.name.setText(NAMES[language])
        shoot(window, f"start-{language}", save)

        window.gathering.record_new(NAMES[language])
        wait(lambda: window.capture.view.has_picture)
        window.capture.press()
        rest(100)
        shoot(window, f"countdown-{language}", save)
        window.capture.give_up()

        window.gathering.title = NAMES[language]
        window.gathering.watch([camera])
        wait(lambda: window.editor is not None)
        assert window.editor is not None
        assert window.desk is not None
        editor, desk = window.editor, window.desk
        add_third_take(window)
        shoot(window, f"takes-{language}", save)

        write_words(window)
        desk.choose_phase(0)
        desk.go_to(2.4)
        editor.tabs.setCurrentWidget(editor.phase)
        shoot(window, f"phases-{language}", save)

        editor.tabs.setCurrentWidget(editor.words)
        shoot(window, f"words-{language}", save)

        editor.tabs.setCurrentWidget(editor.room)
        choice = editor.room.shown
        choice.setCurrentIndex(choice.findData("arm_height_difference"))
        choice.activated.emit(choice.currentIndex())
        shoot(window, f"tolerance-{language}", save)
        choice.setCurrentIndex(0)
        choice.activated.emit(0)

        made = desk.sequence
        teacher, consent = RIGHTS[language]
        window.sending.send()
        desk.set_form("form", teacher=teacher, consent=consent, licence="CC-BY-NC-4.0")
        fields = window.question.findChildren(type(editor.form.rights))[0]
        fields.refresh()
        shoot(window, f"send-{language}", save)
        window.question.close()
        rest(20)
        desk.close(drop=True)
        window._leaving = True
        discard(window)
    return made


def shoot_studio(album: Album) -> None:
    """Walk through it in each language and size."""
    for language in album.languages:
        for size in album.sizes:
            walk(language, size, lambda n, p, w=size[0]: album.save(f"studio-{n}-{w}", p))


def write_pictures() -> None:
    """Make the pictures of the teacher's page."""

    def save(name: str, picture: QPixmap) -> None:
        HERE.mkdir(exist_ok=True)
        picture.save(str(HERE / f"{name}.jpg"), "JPG", 82)

    for language in LANGUAGES:
        sequence = walk(language, SIZE, save)
        draw_preview(sequence, watch(STUDENT), language)
