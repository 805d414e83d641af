"""The first window and its pages: by pointer, by keys alone, in both languages."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QListWidget

from app.walking import find_nameless
from journal.things import make_cue
from posecoach.app.home.choice import Choice, Entry
from posecoach.app.home.offers import Offer
from posecoach.app.home.preferences import Kept, Storage
from posecoach.app.home.window import HomeWindow, choose_practice
from posecoach.app.kit.qt import discard
from posecoach.coach.plan_words import stage_title
from posecoach.errors import InputError
from posecoach.journal.glance import Practised
from posecoach.journal.records import KeptCue, SessionInfo
from posecoach.settings import SettingsStore

K = Qt.Key
NOW = datetime.now(UTC)
HEAVENS = Offer("heavens", {"de": "Den Himmel stützen", "en": "Holding up the heavens"}, "b", 12.0)
BOW = Offer("bow", {"de": "Den Bogen spannen", "en": "Drawing the bow"}, "b", 100.0)
SEATED = Offer("seated-heavens", {"en": "Heavens, seated"}, "seated")
MINE = Offer("mine", {}, "own", teacher="Li Wen")
TORN = Offer("torn", group="own", problem="a page is missing")
OFFERS = [HEAVENS, BOW, SEATED, MINE, TORN]
READ = {"care_read": date(2026, 1, 1)}


@pytest.fixture
def home(application):
    made = []

    def make(language="en", practised=(), read=True, problem=None, offers=OFFERS, **more):
        store = SettingsStore(keep=False)
        store.change(**(READ if read else {}))
        more.setdefault("cameras", lambda: ["Built-in camera"])
        more.setdefault("sessions", list)
        made.append(
            HomeWindow(
                store,
                language,
                offers=offers,
                practised=lambda: (tuple(practised), problem),
                **more,
            )
        )
        made[-1].resize(1366, 768)
        made[-1].show()
        return made[-1]

    yield make
    for window in made:
        discard(window)


def press(window, *keys):
    for key in keys:
        QTest.keyClick(window.focusWidget() or window, key)


def wait(true, timeout_s=30.0):
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        QTest.qWait(5)
        time.sleep(0.005)


def practised(form="heavens", days=1, n=1):
    return [Practised(form, NOW - timedelta(days=days + k), 300.0, 4) for k in range(n)]


def test_the_first_time_one_reads_then_answers_then_begins(home):
    w = home(read=False)
    assert w.page is w.welcome
    w.welcome.main_button.click()
    assert w.page is w.care
    assert w.store.settings.care_read is None
    w.care.main_button.click()
    assert w.store.settings.care_read is not None
    assert w.page is w.before
    w.before.scale.buttons[4].click()
    w.before.gentle_button.click()
    w.before.main_button.click()
    assert w.choice == Choice("heavens", "en", gentle=True, feeling=4)
    assert not w.isVisible()
    assert w.store.settings.gentle


def test_without_agreeing_there_is_no_practice(home):
    w = home(read=False)
    press(w, K.Key_Return, K.Key_Escape)
    assert w.page is w.welcome
    assert (w.choice, w.store.settings.care_read) == (None, None)


@pytest.mark.parametrize(
    ("on", "back"), [(K.Key_Return, K.Key_Escape), (K.Key_PageDown, K.Key_PageUp)]
)
def test_keys_alone_and_a_presenter_s_remote(home, on, back):
    w = home(read=False)
    press(w, on)
    assert w.page is w.care
    press(w, on)
    assert w.page is w.before
    press(w, back)
    assert w.page is w.welcome
    press(w, on, on)
    assert w.choice == Choice("heavens", "en")


def test_page_up_does_not_close_the_first_page_and_escape_does(home):
    w = home()
    press(w, K.Key_PageUp, K.Key_Backspace)
    assert w.isVisible()
    press(w, K.Key_Escape)
    assert not w.isVisible()
    assert w.choice is None


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ((K.Key_0,), 0),
        ((K.Key_7,), 7),
        ((K.Key_1,), 1),
        ((K.Key_1, K.Key_0), 10),
        ((K.Key_1, K.Key_2), 2),
        ((K.Key_3, K.Key_0), 0),
        ((), None),
    ],
)
def test_the_back_in_digits(home, keys, value):
    w = home()
    press(w, K.Key_Return)
    assert w.before.main_button.text() == "Skip and begin"
    press(w, *keys)
    assert w.before.main_button.text() == ("Begin" if keys else "Skip and begin")
    press(w, K.Key_Return)
    assert w.choice.feeling == value


def test_the_same_number_again_takes_it_back(home):
    w = home()
    press(w, K.Key_Return)
    w.before.scale.buttons[3].click()
    w.before.scale.buttons[3].click()
    assert w.before.scale.value is None
    assert not any(b.isChecked() for b in w.before.scale.buttons)


def test_who_does_not_want_to_be_asked_is_not(home):
    w = home()
    w.store.change(ask_feeling=False)
    press(w, K.Key_Return)
    assert w.before.scale.isHidden()
    press(w, K.Key_4, K.Key_Return)
    assert w.choice.feeling is None


def test_gentle_and_seated_by_keys_and_remembered(home):
    w = home()
    press(w, K.Key_Return, K.Key_G, K.Key_S, K.Key_Return)
    assert w.choice == Choice("seated-heavens", "en", gentle=True, seated=True)
    assert (w.store.settings.gentle, w.store.settings.seated) == (True, True)
    again = HomeWindow(
        w.store, "en", offers=OFFERS, practised=lambda: ((), None), entry=Entry("bow", "Bow")
    )
    assert (again.before.gentle, again.before.seated) == (True, True)
    again.before.usual_button.click()
    assert not again.before.gentle
    again.before.main_button.click()
    assert again.choice == Choice("bow", "en", seated=True)  # there is no seated one
    discard(again)


def test_a_form_named_beforehand_is_asked_about_and_left_again(home):
    w = home(entry=Entry("bow", "My bow"), read=False)
    assert w.page is w.care
    press(w, K.Key_Return)
    assert w.page is w.before
    assert w.before.lead.text() == "My bow"
    press(w, K.Key_Escape)
    assert not w.isVisible()
    assert w.choice is None


def test_all_forms_by_keys(home):
    w = home()
    w.welcome.ways["forms"].setFocus()
    press(w, K.Key_Return)
    assert w.page is w.forms
    texts = [w.forms.forms.item(k).text() for k in range(w.forms.forms.count())]
    assert texts[0] == "B"
    assert texts[3] == "Seated"
    assert texts[5] == "Your own forms"
    assert "a page is missing" in texts[7]
    assert w.forms.chosen == "heavens"
    press(w, K.Key_Down, K.Key_Down)  # past the heading
    assert w.forms.chosen == "seated-heavens"
    press(w, K.Key_Down, K.Key_Down)  # what is torn cannot be chosen
    assert w.forms.chosen == "mine"
    press(w, K.Key_Return)
    assert w.page is w.before
    press(w, K.Key_Escape)
    assert w.page is w.forms
    press(w, K.Key_Return, K.Key_Return)
    assert w.choice.form == "mine"


def test_without_a_form_nothing_can_be_started(home):
    w = home(offers=[TORN])
    assert not w.welcome.main_button.isEnabled()
    press(w, K.Key_Return)
    assert w.page is w.welcome
    w.welcome.ways["forms"].click()
    press(w, K.Key_Return)
    assert w.page is w.forms


def test_today_and_what_one_goes_on_with(home):
    w = home(practised=practised())
    assert w.welcome.today is HEAVENS
    assert w.welcome.before is None
    assert w.welcome.again_button.isHidden()
    assert w.welcome.lead.text() == "Last practised yesterday."
    w = home(practised=practised(n=3))
    assert w.welcome.today is BOW
    assert w.welcome.before is HEAVENS
    assert w.welcome.again_button.text() == "Once more: Holding up the heavens"
    w.welcome.again_button.click()
    w.before.main_button.click()
    assert w.choice.form == "heavens"


def test_the_next_stage_of_guidance_is_told(home):
    w = home()
    wait(lambda: stage_title("full", "en") == w.welcome._hints.text())
    w.store.change(guidance="half")
    w.switch_language()
    wait(lambda: stage_title("half", "de") == w.welcome._hints.text())


def test_what_is_wrong_with_the_journal_is_told(home):
    assert home(problem="the disk is full").welcome.lead.text() == "the disk is full"


def test_care_can_be_read_again(home):
    w = home()
    w.welcome.ways["care"].click()
    assert w.page is w.care
    assert w.care.main_button.isHidden()
    press(w, K.Key_Return)  # the way back has the focus
    assert w.page is w.welcome


def every_text(page):
    for widget in page.findChildren(QLabel) + page.findChildren(QAbstractButton):
        if widget.text().strip():
            yield widget.text()
    for box in page.findChildren(QComboBox):
        yield from (box.itemText(k) for k in range(box.count()))
    for one in page.findChildren(QListWidget):
        yield from (one.item(k).text() for k in range(one.count()))


SAME = {
    "Heavens, seated\n",
    "posecoach",
    "Deutsch",
    "English",
    "•",
    "Videos",
    "Tempo",
    "B",
    "Built-in camera",
    "mine",
}


def visit(w):
    """Yield every page, each with its texts."""
    yield "welcome", w.welcome
    for place in ("forms", "history", "settings", "care"):
        w.welcome.ways[place].click()
        yield place, w.page
        w._go_back()
    w.welcome.main_button.click()
    yield "before", w.page


def make_session(**changes):
    info = SessionInfo(
        1, NOW, NOW, "heavens", HEAVENS.titles, "camera", "en", "front", 1.0, 300.0, 4, ()
    )
    return replace(info, **changes)


def test_german_and_english_are_complete(home):
    options = {"sessions": lambda: [make_session(feeling_before=4, feeling_after=3)]}
    english = {name: list(every_text(p)) for name, p in visit(home("en", **options))}
    german = {name: list(every_text(p)) for name, p in visit(home("de", **options))}
    assert english.keys() == german.keys()
    for name, texts in english.items():
        left = [t for t in texts if not t[:1].isdigit() and not t.startswith("mine")]
        assert set(left) & set(german[name]) <= SAME, name


def test_the_language_is_switched_on_every_page_and_remembered(home):
    w = home("en")
    for name, page in visit(w):
        before = page.headline.text()
        press(w, K.Key_L)
        assert (w.language, w.store.settings.language) == ("de", "de"), name
        assert page.headline.text() != before
        press(w, K.Key_L)
        assert page.headline.text() == before
    w.switch_language()
    assert w.before.lead.text() == "Den Himmel stützen"
    w.before.main_button.click()
    assert w.choice.language == "de"


def test_a_screen_reader_finds_names(home):
    w = home(sessions=lambda: [make_session()], storage=Storage(lambda language: [], print))
    for name, page in visit(w):
        assert page.accessibleName(), name
        assert find_nameless(page) == [], name


def test_large_targets(home):
    for name, page in visit(home()):
        QTest.qWait(1)
        for button in page.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.height() >= 32, (name, button.text())


def test_the_history_is_a_plain_list(home):
    cue = KeptCue(make_cue(), "en")
    sessions = [
        make_session(feeling_before=4, feeling_after=3, cues=(cue, cue)),
        make_session(id=2, started_at=NOW - timedelta(days=1), ended_at=None, repetitions=0),
        make_session(id=3, started_at=NOW - timedelta(days=9), feeling_before=0),
        make_session(id=4, started_at=NOW - timedelta(days=9), feeling_after=10),
    ]
    w = home(sessions=lambda: sessions)
    w.welcome.ways["history"].click()
    rows = [w.history.sessions.item(k).text() for k in range(4)]
    assert rows[0].startswith("Today, ")
    assert "Holding up the heavens\n5 minutes  ·  4 repetitions  ·  back 4 → 3" in rows[0]
    assert rows[0].endswith(f"2 × {make_cue().text}")
    assert rows[1].startswith("Yesterday, ")
    assert "not ended" in rows[1]
    assert "back before 0" in rows[2]
    assert "back after 10" in rows[3]
    press(w, K.Key_Down, K.Key_Escape)
    assert w.page is w.welcome


def test_an_empty_and_a_broken_history_say_so(home):
    w = home()
    w.welcome.ways["history"].click()
    assert "Nothing yet" in w.history.lead.text()

    def fail():
        raise InputError("Expected a whole journal but it is damaged.")

    w = home(sessions=fail)
    w.welcome.ways["history"].click()
    assert w.history.lead.text() == "Expected a whole journal but it is damaged."


def test_settings_are_kept_at_once(home):
    w = home()
    w.store.change(camera="Camera on a stick", strictness=1.4)
    w.welcome.ways["settings"].click()
    page, s = w.settings, lambda: w.store.settings
    assert page.boxes["camera"].currentText() == "Camera on a stick"  # though it is unplugged
    assert page.boxes["strictness"].currentData() == 1.5
    assert s().strictness == 1.4  # showing changes nothing
    page.boxes["camera"].setCurrentIndex(1)
    assert s().camera == "Built-in camera"
    page.boxes["guidance"].setCurrentIndex(2)
    page.boxes["smallest"].setCurrentIndex(1)
    page.boxes["strictness"].setCurrentIndex(3)
    assert (s().guidance, s().smallest, s().strictness) == ("half", 0.5, 2.0)
    for name, switch in page.switches.items():
        before = getattr(s(), name)
        switch.setFocus()
        press(w, K.Key_Space)
        assert getattr(s(), name) is not before, name
    page.boxes["language"].setCurrentIndex(1)
    assert (s().language, w.language, page.headline.text()) == ("de", "de", "Einstellungen")
    page.boxes["language"].setCurrentIndex(0)
    assert s().language is None


def test_no_video_is_kept_unless_asked_for():
    assert not SettingsStore(keep=False).settings.keep_video


def test_where_data_lies_and_deleting_it_takes_two_steps(home, tmp_path):
    deleted = []
    kept = [Kept("Sessions", "12 kB", tmp_path), Kept("Videos", "", tmp_path)]
    w = home(storage=Storage(lambda language: kept, deleted.append))
    w.welcome.ways["settings"].click()

    texts = list(every_text(w.settings))
    assert f"Sessions: 12 kB  ·  {tmp_path}" in texts
    assert "Videos: nothing" in texts
    page = w.settings
    page.delete_buttons["practices"].click()
    assert page.no_button.isVisible()
    assert not page.delete_buttons["everything"].isVisible()
    press(w, K.Key_Return)  # No has the focus
    assert deleted == []
    page.delete_buttons["practices"].click()
    page.yes_button.click()
    assert deleted == ["practices"]
    w.store.change(gentle=True)
    page.delete_buttons["everything"].click()
    page.yes_button.click()
    assert deleted == ["practices", "everything"]
    assert not w.store.settings.gentle
    assert w.settings.note.text() == "Deleted"


def test_what_cannot_be_deleted_is_told(home, tmp_path):
    def refuse(what):
        raise InputError("Expected no practice to go on.")

    w = home(storage=Storage(lambda language: [Kept("Sessions", "1 B", tmp_path)], refuse))
    w.welcome.ways["settings"].click()
    w.settings.delete_buttons["practices"].click()
    w.settings.yes_button.click()
    assert w.settings.note.text() == "Expected no practice to go on."


def test_what_takes_a_moment_is_waited_for(home):
    done = []
    w = home(prepare=lambda: done.append(True))
    press(w, K.Key_Return, K.Key_Return)
    assert w.page is w.wait
    wait(lambda: w.choice is not None)
    assert done == [True]
    assert not w.isVisible()


def test_what_cannot_be_made_ready_is_told_and_one_can_go_back(home):
    def fail():
        raise InputError("Expected the model but the disk is full.")

    w = home(prepare=fail)
    press(w, K.Key_Return, K.Key_Return)
    wait(lambda: "disk is full" in w.wait.accessibleDescription())
    assert w.choice is None
    press(w, K.Key_Escape)
    assert w.page is w.before


def test_the_studio_is_a_choice_without_a_form(home):
    assert "studio" not in home().welcome.ways
    w = home(studio=True)
    w.welcome.ways["studio"].click()
    assert w.choice == Choice("", "en")


def test_choosing_opens_the_window_and_gives_nothing_if_it_is_closed(application):
    from PySide6.QtCore import QTimer

    def close():
        for window in application.topLevelWidgets():
            if isinstance(window, HomeWindow) and window.isVisible():
                window.close()
                return
        QTimer.singleShot(20, close)

    QTimer.singleShot(20, close)
    assert choose_practice(SettingsStore(keep=False), "de") is None
