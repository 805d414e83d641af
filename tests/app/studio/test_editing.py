"""A teacher clicks, drags and types; what is saved is what was meant, and nothing else."""

import tomllib

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
)

from posecoach.reference.files import load_sequence

from .conftest import COMMENT

K, M = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton


def drag(timeline, from_s, to_s):
    """Drag with the pointer what is at a time of the take, in steps as a hand does."""
    view = timeline.viewport()

    def at(seconds):
        scene = timeline.getViewBox().mapViewToScene(QPointF(timeline.begin_s + seconds, 0.4))
        return QPointF(timeline.mapFromScene(scene))

    def send(kind, where, button, buttons):
        point = QPointF(view.mapToGlobal(where.toPoint()))
        event = QMouseEvent(kind, where, point, button, buttons, M.NoModifier)
        QApplication.sendEvent(view, event)
        QTest.qWait(2)

    begin = timeline.begin_s
    start, end = at(from_s), at(to_s)
    none = Qt.MouseButton.NoButton
    send(QEvent.Type.MouseMove, start, none, none)
    send(QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    for k in range(1, 11):
        send(QEvent.Type.MouseMove, start + (end - start) * k / 10, none, LEFT)
    send(QEvent.Type.MouseButtonRelease, end, LEFT, none)
    return begin


def times(desk):
    return [(p.start_s, p.end_s) for p in desk.draft.phases]


def test_drag_rename_breathe_undo_redo_save_and_open_again(opened, form):
    desk, editor = opened.desk, opened.editor
    before = (form / "sequence.toml").read_text(encoding="utf-8")
    drag(editor.timeline, 4.0, 4.8)
    assert times(desk)[0][1] == times(desk)[1][0] == pytest.approx(4.8, abs=0.05)
    desk.undo()  # the whole drag is one step
    assert times(desk)[0] == (0.0, 4.0)
    desk.redo()
    assert times(desk)[0][1] == pytest.approx(4.8, abs=0.05)

    desk.choose_phase(1)
    name = editor.phase.names["de"]
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "Oben ruhen ")
    assert name.text() == "Oben ruhen "  # what one types is not taken away
    assert desk.current.titles["de"] == "Oben ruhen"
    QTest.mouseClick(editor.phase.breath["in"], LEFT)
    assert desk.current.breath == "in"
    QTest.keyClick(opened.window, K.Key_Z, M.ControlModifier)
    assert desk.current.breath == "free"
    assert desk.current.titles["de"] == "Oben ruhen"
    QTest.keyClick(opened.window, K.Key_Z, M.ControlModifier)
    assert desk.current.titles["de"] == "Halten"  # the letters were one step
    for _ in range(2):
        QTest.keyClick(opened.window, K.Key_Z, M.ControlModifier | M.ShiftModifier)
    assert (desk.current.breath, desk.current.titles["de"]) == ("in", "Oben ruhen")
    assert editor.title.text().endswith("•")
    QTest.keyClick(opened.window, K.Key_S, M.ControlModifier)
    assert not desk.history.changed

    text = (form / "sequence.toml").read_text(encoding="utf-8")
    border = desk.draft.phases[0].end_s
    changed = {
        old: new
        for old, new in zip(before.splitlines(), text.splitlines(), strict=True)
        if old != new
    }
    assert len(changed) == 4  # the border on both its sides, the name and the breath
    assert COMMENT in text
    raw = tomllib.loads(text)
    assert raw["song"] == "Morning"
    assert raw["phases"][1]["stool"] is True
    assert "# quietly" in text
    again = load_sequence(form)
    assert again.phases == desk.sequence.phases
    assert again.phases[1].start_s == border
    opened.window.leave()
    assert opened.desk is None
    opened.open("heavens")
    assert opened.desk.draft.phases[1].titles["de"] == "Oben ruhen"


def test_an_end_of_the_take_is_dragged_and_phases_go_along(opened):
    desk, timeline = opened.desk, opened.editor.timeline
    whole = desk.duration_s
    drag(timeline, 0.0, 1.0)
    assert desk.duration_s == pytest.approx(whole - 1.0, abs=0.1)
    assert times(desk)[0][0] == 0.0
    assert times(desk)[1] == pytest.approx((3.0, 5.0), abs=0.1)
    drag(timeline, 0.0, -1.0)  # what was cut off is still there
    assert desk.duration_s == pytest.approx(whole, abs=0.1)
    assert times(desk)[1] == pytest.approx((4.0, 6.0), abs=0.1)
    drag(timeline, desk.duration_s, desk.duration_s - 1.5)
    assert desk.duration_s == pytest.approx(whole - 1.5, abs=0.1)
    assert times(desk)[-1][1] == pytest.approx(desk.duration_s, abs=0.01)


def test_the_timeline_by_keys_alone(opened):
    desk, timeline = opened.desk, opened.editor.timeline
    timeline.setFocus()
    QTest.keyClick(timeline, K.Key_PageDown)
    assert desk.place_s == pytest.approx(4.0)
    assert desk.current.id == "hold"
    for _ in range(3):
        QTest.keyClick(timeline, K.Key_Right, M.AltModifier)
    assert times(desk)[0][1] == pytest.approx(4.3)
    assert "Hold" in timeline.accessibleDescription()
    desk.undo()
    assert times(desk)[0][1] == pytest.approx(4.0)
    QTest.keyClick(timeline, K.Key_Home)
    assert desk.place_s == 0.0
    for _ in range(15):
        QTest.keyClick(timeline, K.Key_Right)
    QTest.keyClick(timeline, K.Key_S)
    assert len(desk.draft.phases) == 4
    assert desk.draft.phases[1].start_s == pytest.approx(1.5)
    QTest.keyClick(timeline, K.Key_Left)
    assert desk.current.id == "raise"
    QTest.keyClick(timeline, K.Key_J)
    assert times(desk)[0] == pytest.approx((0.0, 4.0))
    QTest.keyClick(timeline, K.Key_Space)
    assert opened.editor.playing
    opened.wait(lambda: desk.place_s > 1.6)
    QTest.keyClick(timeline, K.Key_Space)
    assert not opened.editor.playing


def test_words_in_two_languages_for_one_phase_and_for_the_form(opened):
    desk, page = opened.desk, opened.editor.words
    assert page.key == "lateral_lean.left"
    assert "Crown up" in page.texts["en"].placeholderText()
    assert "one wording a line" in page.note.text().lower()
    QTest.keyClicks(page.texts["en"], "Like a pine")
    QTest.keyClick(page.texts["en"], K.Key_Return)
    QTest.keyClicks(page.texts["en"], "Stand tall")
    QTest.keyClicks(page.texts["de"], "Wie eine Kiefer")
    own = desk.sequence.cues["lateral_lean.left"]
    assert own == {"en": ("Like a pine", "Stand tall"), "de": ("Wie eine Kiefer",)}
    assert page.cues.currentItem().text().startswith("✎")
    assert "a single wording" in page.note.text().lower()  # in German
    QTest.keyClicks(page.texts["de"], " die im Sturm am Berg ganz ruhig steht")
    assert "at most 5 words" in page.note.text()
    for _ in range(2):
        desk.undo()
    assert "lateral_lean.left" not in desk.sequence.cues
    assert page.texts["en"].toPlainText() == ""
    desk.choose_phase(2)
    page.scope.setCurrentIndex(1)
    page.scope.activated.emit(1)
    page.cues.setCurrentRow(1)
    QTest.keyClicks(page.texts["en"], "Drift back")
    assert desk.current.cues == {"lateral_lean.right": {"en": ("Drift back",)}}
    assert desk.sequence.cues == {}


def test_a_tolerance_begins_where_a_camera_can_judge(opened):
    desk, page = opened.desk, opened.editor.room
    field = page.fields["lateral_lean"]
    assert field.text().startswith("takes: ")
    field.stepUp()
    assert desk.sequence.tolerances == {"lateral_lean": 4.0}
    field.stepUp()
    assert desk.sequence.tolerances == {"lateral_lean": 5.0}
    field.setValue(0)
    assert desk.sequence.tolerances == {}
    page.fields["tempo_ratio"].setValue(40)
    assert desk.sequence.tolerances == {"tempo_ratio": pytest.approx(0.4)}


def test_joints_sides_and_rights(opened):
    desk, editor = opened.desk, opened.editor
    editor.tabs.setCurrentWidget(editor.phase)
    editor.phase.own_joints.click()
    assert desk.current.joints == desk.sequence.joints
    editor.phase.joints.boxes["left_shoulder"].click()
    assert "left_shoulder" in desk.current.joints
    assert "left_shoulder" not in desk.sequence.joints
    editor.phase.sides.setCurrentIndex(2)
    editor.phase.sides.activated.emit(2)
    assert desk.current.symmetry == "one-sided"
    editor.form.joints.boxes["left_elbow"].click()
    assert "left_elbow" not in desk.sequence.joints
    QTest.keyClicks(editor.form.rights.fields["teacher"], "Frau Übung")
    assert desk.sequence.teacher == "Frau Übung"


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_that_can_be_used_has_a_name_and_keys_reach_it(opened, language):
    window = opened.window
    if language == "de":
        window.switch_language()
    for number in range(opened.editor.tabs.count()):
        opened.editor.tabs.setCurrentIndex(number)
        QTest.qWait(2)
        kinds = (QAbstractButton, QComboBox, QLineEdit, QListWidget)
        for kind in kinds:
            for widget in window.findChildren(kind):
                inner = isinstance(widget.parent(), QComboBox) or widget.objectName().startswith(
                    ("qt_", "Scroll")
                )
                if not widget.isVisible() or inner:
                    continue
                assert widget.accessibleName() or getattr(widget, "text", str)(), widget
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget
    shown = opened.editor.buttons["save"].text()
    assert shown == {"en": "Save", "de": "Speichern"}[language]
    assert ("Himmel" in window.windowTitle()) == (language == "de")


def test_numbers_can_be_read(opened):
    editor = opened.editor
    for page, field in ((editor.phase, editor.phase.start), (editor.room, None)):
        field = field or page.fields["lateral_lean"]
        editor.tabs.setCurrentWidget(page)
        QTest.qWait(20)
        line = field.lineEdit()
        assert line.isVisible()
        assert field.rect().contains(line.geometry())
        assert line.height() >= line.fontMetrics().height()
        assert line.width() >= line.fontMetrics().horizontalAdvance(line.text())
        image = field.grab().toImage()
        text = [
            image.pixelColor(x, y).lightness() > 200
            for x in range(4, image.width() - 4)
            for y in range(4, image.height() - 4)
        ]
        assert sum(text) > 100
