"""The first window: what to practise today, and everything around a practice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QStackedWidget

from posecoach.app.home.before import BeforePage
from posecoach.app.home.care import CarePage
from posecoach.app.home.choice import Choice, Entry
from posecoach.app.home.forms import FormsPage
from posecoach.app.home.history import HistoryPage, Read, read_sessions
from posecoach.app.home.offers import Offer, find_offers, find_seated
from posecoach.app.home.preferences import NAMES, PreferencesPage, Storage
from posecoach.app.home.showing import ShowPage, load_demonstration
from posecoach.app.home.waiting import WaitPage
from posecoach.app.home.welcome import WelcomePage
from posecoach.app.kit.background import Work
from posecoach.app.kit.look import StyledWindow, next_language
from posecoach.app.kit.pages import Page
from posecoach.app.kit.qt import closing_on_interrupt, discard, make_application
from posecoach.journal.glance import Practised, read_practised
from posecoach.settings import SettingsStore
from posecoach.text import N_, check_language, translate

Prepare = Callable[[], object]

_SOON_MS = 50  # after the first page was painted


def find_camera_names() -> list[str]:
    """Return the names of the cameras."""
    from posecoach.capture.camera import list_cameras

    return [camera.name for camera in list_cameras()]


class HomeWindow(StyledWindow):
    """Choosing what to practise, and how.

    Parameters
    ----------
    store : SettingsStore, optional
        By default one that forgets everything.
    language : str
    entry : Entry, optional
        A form named beforehand; going back closes the window then.
    offers : sequence of Offer, optional
        By default the forms at hand.
    practised : callable
        Returns what was practised, the newest first, and what is wrong with the journal.
    sessions : callable
        Returns the kept sessions for the history.
    cameras : callable
        Returns the names of the cameras.
    storage : Storage, optional
        What is kept and how it is deleted.
    prepare : callable, optional
        What takes a moment before a practice; it runs beside the window, which closes when it is
        done.
    studio : bool
        Whether there is a studio to go to.

    Attributes
    ----------
    choice : Choice or None
        Set once a practice, or the studio, is wanted.
    pages : QStackedWidget
    """

    def __init__(
        self,
        store: SettingsStore | None = None,
        language: str = "en",
        *,
        entry: Entry | None = None,
        offers: Sequence[Offer] | None = None,
        practised: Callable[[], tuple[tuple[Practised, ...], str | None]] = read_practised,
        sessions: Read = read_sessions,
        cameras: Callable[[], Sequence[str]] = find_camera_names,
        storage: Storage | None = None,
        prepare: Prepare | None = None,
        studio: bool = False,
    ) -> None:
        super().__init__()
        self.language = check_language(language)
        self.store = SettingsStore(keep=False) if store is None else store
        self.choice: Choice | None = None
        self._entry, self._prepare, self._read_practised = entry, prepare, practised
        self._find_offers = find_offers if offers is None else lambda: list(offers)
        self._offers: list[Offer] = []
        self._wanted = ""
        self._works: list[Work] = []
        self._unpainted = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._find_stage)
        self._way: list[Page] = []
        places = ["forms", "history", "settings", "care"] + (["studio"] if studio else [])
        self.welcome = WelcomePage(places)
        self.forms, self.care, self.before = FormsPage(), CarePage(), BeforePage()
        self.history = HistoryPage(sessions)
        self.settings = PreferencesPage(self.store, cameras, storage)
        self.wait, self.show_page = WaitPage(), ShowPage()
        self._build()
        if entry is None:
            self._go_home()
        else:
            self._ask_before(entry.form)

    def _build(self) -> None:
        self.fit_screen()
        self.setMinimumSize(560, 420)
        self.setWindowTitle("posecoach")
        self.pages = QStackedWidget()
        for page in self._all_pages():
            page.set_language(self.language)
            page.back.connect(self._go_back)
            self.pages.addWidget(page)
        self.setCentralWidget(self.pages)
        self.welcome.practise.connect(self._ask_before)
        self.welcome.place.connect(self._go_to)
        self.welcome.switched.connect(self.switch_language)
        self.forms.forward.connect(self._take_form)
        self.care.forward.connect(self._agree)
        self.before.forward.connect(self._begin)
        self.before.show_button.clicked.connect(self._show_form)
        self.settings.language_chosen.connect(self._speak)

    def _all_pages(self) -> tuple[Page, ...]:
        return (
            self.welcome,
            self.forms,
            self.care,
            self.before,
            self.history,
            self.settings,
            self.wait,
            self.show_page,
        )

    @property
    def page(self) -> Page:
        """The page on show."""
        page = self.pages.currentWidget()
        assert isinstance(page, Page)
        return page

    # Where one can go.

    def _turn_to(self, page: Page) -> None:
        self.pages.setCurrentWidget(page)
        page.enter()

    def _go_home(self) -> None:
        settings = self.store.settings
        self._way.clear()
        self._offers = self._find_offers()
        practised, problem = self._read_practised()
        self.welcome.show_forms(
            self._offers,
            practised,
            seated=settings.seated,
            problem=problem or self.store.take_problem() or "",
        )
        self._set_welcome_words()
        self._turn_to(self.welcome)
        self._unpainted = True
        self.update()

    def _set_welcome_words(self) -> None:
        self.welcome.set_language(self.language)
        self.welcome.language_button.set_words(
            NAMES[next_language(self.language)],
            translate(N_("Change the language"), self.language),
        )

    def _go_to(self, place: str) -> None:
        if place == "studio":
            self._finish(Choice("", self.language))
            return
        self._way.append(self.page)
        if place == "forms":
            today = self.welcome.today
            self.forms.show_offers(self._offers, today.id if today else None)
            self.forms.set_language(self.language)
            self._turn_to(self.forms)
        elif place == "care":
            self.care.set_first(False)
            self._turn_to(self.care)
        else:
            self._turn_to(self.history if place == "history" else self.settings)

    def _go_back(self) -> None:
        if self.page in (self.wait, self.show_page):
            self._drop_works()
        if not self._way:
            if self.page is not self.welcome or self._entry is not None:
                self._leave()
            else:
                self.close()
            return
        page = self._way.pop()
        if page is self.welcome:
            self._go_home()
        else:
            self._turn_to(page)

    def _leave(self) -> None:
        if self._entry is None:
            self._go_home()
        else:
            self.close()

    def _take_form(self) -> None:
        if self.forms.chosen is not None:
            self._ask_before(self.forms.chosen)

    def _ask_before(self, form: str) -> None:
        """Ask what belongs to a practice: first, and once, whether the page of care was read."""
        self._wanted = form
        if self._entry is None or self._way:
            self._way.append(self.page)
        if self.store.settings.care_read is None:
            self.care.set_first(True)
            self._turn_to(self.care)
        else:
            self._open_before()

    def _agree(self) -> None:
        self.store.change(care_read=datetime.now(UTC).date())
        self._open_before()

    def _open_before(self) -> None:
        s = self.store.settings
        title = self._entry.title if self._entry else self._title_of(self._wanted)
        self.before.prepare(title, ask=s.ask_feeling, gentle=s.gentle, seated=s.seated)
        self._turn_to(self.before)

    def _title_of(self, form: str) -> str:
        return next((o.title(self.language) for o in self._offers if o.id == form), form)

    def _begin(self) -> None:
        gentle, seated = self.before.gentle, self.before.seated
        whole = {} if not seated else {"upper_body": False}
        self.store.change(gentle=gentle, seated=seated, **whole)
        form = self._chosen_form(seated)
        choice = Choice(form, self.language, gentle, seated, self.before.scale.value)
        if self._prepare is None:
            self._finish(choice)
            return
        self._way.append(self.page)
        self.wait.show_error(None)
        self._turn_to(self.wait)
        work = self._start(self._prepare)
        work.done.connect(lambda _: self._finish(choice))
        work.failed.connect(self.wait.show_error)

    def _show_form(self) -> None:
        """Let the teacher go through the form, before one does it oneself."""
        form = self._chosen_form(self.before.seated)
        self.show_page.prepare(self._entry.title if self._entry else self._title_of(form))
        self._way.append(self.page)
        self._turn_to(self.show_page)
        work = self._start(lambda: load_demonstration(form))
        work.done.connect(self.show_page.show_form)
        work.failed.connect(self.show_page.show_error)

    def _chosen_form(self, seated: bool) -> str:
        return find_seated(self._offers, self._wanted) if seated else self._wanted

    def _finish(self, choice: Choice) -> None:
        self.choice = choice
        self.close()

    # What takes a moment.

    def _start(self, run: Callable[[], object]) -> Work:
        work = Work(run, self)
        self._works.append(work)
        work.start()
        return work

    def _drop_works(self) -> None:
        for work in self._works:
            work.drop()
        self._works.clear()

    def _find_stage(self) -> None:
        """Look up how one is guided next; that needs more of the house than the first page."""
        today = self.welcome.today
        if today is None:
            return
        chosen = self.store.settings.guidance

        def look() -> object:
            from posecoach.journal.past import choose_guidance

            return choose_guidance(today.id, chosen).stage

        def show(stage: object) -> None:
            from posecoach.coach.guidance import Stage
            from posecoach.coach.plan_words import stage_text, stage_title

            found = Stage(str(stage))
            if self.welcome.today is today:
                self.welcome.show_stage(
                    stage_title(found, self.language), stage_text(found, self.language)
                )

        self._start(look).done.connect(show)

    # Languages.

    def switch_language(self) -> None:
        """Go on to the next language, and remember it."""
        language = next_language(self.language)
        self.store.change(language=language)
        self._speak(language)

    def _speak(self, language: str) -> None:
        self.language = check_language(language)
        if self._wanted and self._entry is None:
            self.before.retitle(self._title_of(self._wanted))
            self.show_page.retitle(self._title_of(self._chosen_form(self.before.seated)))
        for page in self._all_pages():
            page.set_language(self.language)
        self._set_welcome_words()
        if self.page is self.welcome:
            self._find_stage()

    # Events.

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Switch the language on L."""
        if event.text().lower() == "l":
            self.switch_language()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint; what the first page does not need at once begins only then."""
        super().paintEvent(event)
        if self._unpainted:
            self._unpainted = False
            self._soon.start()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Leave no work behind."""
        self._soon.stop()
        self._drop_works()
        super().closeEvent(event)


def choose_practice(
    store: SettingsStore,
    language: str,
    *,
    entry: Entry | None = None,
    storage: Storage | None = None,
    prepare: Prepare | None = None,
    studio: bool = False,
) -> Choice | None:
    """Open the first window; return what was chosen, None if it was closed.

    The parameters are those of `HomeWindow`.

    Raises
    ------
    InputError
        No window can be opened.
    """
    application = make_application()
    window = HomeWindow(
        store, language, entry=entry, storage=storage, prepare=prepare, studio=studio
    )
    window.showMaximized()
    with closing_on_interrupt(window):
        application.exec()
    choice = window.choice
    discard(window)
    return choice
