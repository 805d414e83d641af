"""The pages after a practice: how the back feels now, how it went, and the moments of the cues."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posecoach.app.kit.feeling import FeelingScale
from posecoach.app.kit.look import BigButton, clear_layout, make_card, make_label
from posecoach.app.kit.pages import BACK, FORWARD, MEDICAL, Page, make_scroll
from posecoach.app.summary.bands import Band
from posecoach.app.summary.charts import BandView, TempoChart
from posecoach.app.summary.moments import Moment, MomentView
from posecoach.app.summary.words import Summary, make_summary
from posecoach.coach.words import cue_text
from posecoach.reference.sequence import Sequence as Form
from posecoach.text import N_, translate

__all__ = ["Summary", "SummaryPage", "make_summary", "tell_moments"]

_WHOLE = N_("Next time: head, raised hands and feet in the picture, once through to the end.")
_LATE_MS = 1000  # a key pressed for the practice itself may come so late


def tell_moments(moments: Sequence[Moment], sequence: Form, language: str) -> list[str]:
    """Return what was said at some moments, in a language."""
    return [
        cue_text(m.cue.measure, m.cue.direction, language, own=sequence.cues_in(m.cue.phase))
        for m in moments
    ]


class AfterPage(Page):
    """How the back feels now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scale = FeelingScale()
        self.middle.addStretch(1)
        self.middle.addWidget(self.scale)
        self.middle.addStretch(2)
        self.back_button.hide()
        self.scale.changed.connect(self.set_words)

    def set_words(self) -> None:
        """Set the words."""
        self.scale.set_language(self.language)
        self.headline.setText(self.say(N_("And how does the back feel now?")))
        self.lead.setText(self.say(N_("Well practised. Take a breath before you go on.")))
        silent = self.scale.value is None
        self.main_button.set_words(
            self.say(N_("Skip") if silent else N_("Go on")), self.say(N_("Go on to how it was"))
        )
        self.note.setText(self.say(MEDICAL))
        self.setAccessibleDescription(self.lead.text())


class MomentPage(Page):
    """The moments at which cues came, one after the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments: Sequence[Moment] = ()
        self._words: Sequence[str] = ()
        self._at, self._mirrored = 0, True
        self.view = MomentView()
        self.middle.addWidget(self.view, 1)
        self.forward.connect(self._next)

    def show_moments(
        self, moments: Sequence[Moment], words: Sequence[str], *, mirrored: bool
    ) -> None:
        """Have these moments, each with its cue's words in the language on show."""
        self._moments, self._words, self._mirrored = moments, words, mirrored
        self._at = min(self._at, max(len(moments) - 1, 0))
        self.set_language(self.language)

    def start(self) -> None:
        """Play from the first one."""
        self._at = 0
        self._play()

    def enter(self) -> None:
        """Be shown; with one moment there is but the way back."""
        (self.main_button if len(self._moments) > 1 else self.back_button).setFocus()

    def stop(self) -> None:
        """Play nothing."""
        self.view.stop()

    def _next(self) -> None:
        self._at = (self._at + 1) % max(len(self._moments), 1)
        self._play()

    def _play(self) -> None:
        if self._moments:
            self.view.play(self._moments[self._at], mirrored=self._mirrored)
        self.set_language(self.language)

    def set_words(self) -> None:
        """Set the words."""
        self.headline.setText(self._words[self._at] if self._moments else "")
        self.note.setText(self.say(N_("Slowly, again and again. The pale figure is the teacher.")))
        self.main_button.set_words(
            self.say(N_("The next moment")), self.say(N_("The moment of another hint"))
        )
        self.main_button.setVisible(len(self._moments) > 1)
        self.view.setAccessibleName(self.headline.text())


class OverviewPage(QWidget):
    """How it went, on one page.

    Attributes
    ----------
    again_button, close_button, moment_button : BigButton
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.again_button, self.moment_button = BigButton(), BigButton()
        self.close_button = BigButton(main=True)
        self._note = make_label(role="caption")
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._note, 1)
        row.addWidget(self.moment_button)
        row.addWidget(self.again_button)
        row.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(56, 24, 44, 22)
        whole.setSpacing(14)
        whole.addWidget(make_scroll(inside), 1)
        whole.addLayout(row)

    def show_summary(
        self, s: Summary, language: str, *, can_repeat: bool, moments: int, home: bool
    ) -> None:
        """Fill the page."""

        def say(text: str) -> str:
            return translate(text, language)

        clear_layout(self._column)
        self._column.addWidget(make_label(s.headline, "title"))
        facts = make_label(s.facts, "caption")
        facts.setContentsMargins(0, 0, 0, 4)
        self._column.addWidget(facts)
        self._column.addWidget(self._make_words(s, language))
        self._column.addWidget(self._make_charts(s, language), 1)
        if s.unseen and not s.repetitions:
            self._column.addWidget(make_label("; ".join(s.unseen), "line"))
            self._column.addWidget(make_label(say(_WHOLE), "line"))
        elif s.unseen:
            title = say(N_("Not judged, and why"))
            self._column.addWidget(make_label(f"{title} – {'; '.join(s.unseen)}", "small"))
        for remark in s.remarks:
            self._column.addWidget(make_label(remark, "caption"))
        self._column.addStretch(0 if s.tempo or s.symmetry or s.trunk else 1)
        self._note.setText(say(MEDICAL))
        self.moment_button.setVisible(moments > 0)
        self.moment_button.set_words(
            say(N_("See the moment") if moments == 1 else N_("See the moments")),
            say(N_("Look at when the hint came. Key: M")),
        )
        self.again_button.setVisible(can_repeat)
        self.again_button.set_words(say(N_("Again")), say(N_("Practise the form again")))
        if home:
            self.close_button.set_words(say(N_("Done")), say(N_("Back to the first page")))
        else:
            self.close_button.set_words(say(N_("Close")), say(N_("Close the window")))

    def _make_words(self, s: Summary, language: str) -> QWidget:
        """Return the one thing kept and the one to try."""
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        if s.kept is not None:
            caption = N_("Came right again") if s.returned else N_("Kept well")
            row.addWidget(_make_word("good", translate(caption, language), s.kept, ""), 1)
        if s.along is not None:
            caption = N_("To take along") if s.praised else N_("To try next time")
            said = "; ".join(s.cues[1:])
            if said:
                also = translate(N_("Also"), language)
                said = f"{also}: {said}"
            role = "good" if s.praised else "change"
            row.addWidget(_make_word(role, translate(caption, language), s.along, said), 1)
        if not row.count():
            both.hide()  # shown without a parent it would be a window of its own
        return both

    def _make_charts(self, s: Summary, language: str) -> QWidget:
        """Return tempo, left and right, and the trunk."""
        row_of = QWidget()
        row = QHBoxLayout(row_of)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        if s.tempo is not None:
            card, inside = make_card()
            inside.setContentsMargins(28, 14, 28, 18)
            inside.addWidget(_make_caption(translate(N_("Tempo"), language), s.tempo.words))
            chart = TempoChart()
            chart.show_curve(
                s.tempo,
                translate(N_("faster"), language),
                translate(N_("slower"), language),
                translate(N_("the teacher's tempo"), language),
            )
            inside.addWidget(chart, 1)
            row.addWidget(card, 1)
        for title, bands in ((N_("Left and right"), s.symmetry), (N_("Trunk"), s.trunk)):
            if bands:
                row.addWidget(_make_bands(translate(title, language), bands), 1)
        if not row.count():
            row_of.hide()  # shown without a parent it would be a window of its own
        return row_of


def _make_word(role: str, caption: str, word: str, said: str) -> QFrame:
    card, inside = make_card(role)
    inside.addWidget(make_label(caption, "caption"))
    inside.setContentsMargins(28, 14, 28, 14)
    inside.addWidget(make_label(word, "word"))
    if said:
        inside.addWidget(make_label(said, "small"))
    inside.addStretch(1)
    return card


def _make_caption(title: str, words: str) -> QLabel:
    return make_label(f"{title}: {words}" if words else title, "text")


def _make_bands(title: str, bands: Sequence[Band]) -> QFrame:
    card, inside = make_card()
    inside.setContentsMargins(28, 14, 28, 14)
    inside.setSpacing(4)
    inside.addWidget(_make_caption(title, ""))
    for band in bands:
        inside.addStretch(1)
        sure = f" ({band.sure})" if band.sure else ""
        inside.addWidget(make_label(f"{band.title}: {band.words}{sure}", "small"))
        inside.addWidget(BandView(band))
    inside.addStretch(1)
    return card


class SummaryPage(QWidget):
    """Everything after a practice.

    Attributes
    ----------
    again, closed : signal
        A button was pressed.
    felt : signal of int
        How the back feels now, 0 to 10.
    """

    again = Signal()
    closed = Signal()
    felt = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.after, self.overview, self.moment = AfterPage(), OverviewPage(), MomentPage()
        self.again_button = self.overview.again_button
        self.close_button = self.overview.close_button
        self.moment_button = self.overview.moment_button
        self.pages = QStackedWidget()
        for page in (self.after, self.overview, self.moment):
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(self.overview)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self._since = QElapsedTimer()
        self._since.start()
        self.again_button.clicked.connect(self.again)
        self.close_button.clicked.connect(self.closed)
        self.moment_button.clicked.connect(self._open_moments)
        self.after.forward.connect(self._answer)
        self.moment.back.connect(self._close_moments)

    def show_summary(
        self,
        summary: Summary,
        language: str,
        *,
        can_repeat: bool,
        moments: Sequence[Moment] = (),
        moment_words: Sequence[str] = (),
        mirrored: bool = True,
        home: bool = False,
    ) -> None:
        """Fill the pages.

        Parameters
        ----------
        summary : Summary
        language : str
        can_repeat : bool
            Whether the same can be practised again at once.
        moments : sequence of Moment
        moment_words : sequence of str
            What was said at each.
        mirrored : bool
            Show them as in a mirror.
        home : bool
            Whether there is a first page to go back to.
        """
        self.after.set_language(language)
        self.moment.language = language
        self.moment.show_moments(moments, moment_words, mirrored=mirrored)
        self.overview.show_summary(
            summary, language, can_repeat=can_repeat, moments=len(moments), home=home
        )
        if not self.isVisible():  # otherwise only the language has changed
            self._since.restart()
        self.setAccessibleName(summary.headline)
        self.setAccessibleDescription(". ".join(summary.sentences))

    def ask_feeling(self) -> None:
        """Ask first how the back feels now."""
        self.after.scale.choose(None)
        self.pages.setCurrentWidget(self.after)

    @property
    def asking(self) -> bool:
        """Whether that question is on show."""
        return self.pages.currentWidget() is self.after

    def rest(self) -> None:
        """Be left: nothing plays on."""
        self.moment.stop()
        self.pages.setCurrentWidget(self.overview)

    def _answer(self) -> None:
        if self.after.scale.value is not None:
            self.felt.emit(self.after.scale.value)
        self.pages.setCurrentWidget(self.overview)
        self._since.restart()
        self.setFocus()

    def _open_moments(self) -> None:
        self.pages.setCurrentWidget(self.moment)
        self.moment.start()
        self.moment.enter()

    def _close_moments(self) -> None:
        self.moment.stop()
        self.pages.setCurrentWidget(self.overview)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Answer by digits, go on by Return or page down, see the moments by M."""
        key = Qt.Key(event.key())
        page = self.pages.currentWidget()
        late = event.isAutoRepeat() or self._since.elapsed() < _LATE_MS
        if page is self.after and self.after.scale.take_key(event):
            return
        if page is self.moment and key in (*BACK, *FORWARD):
            self._close_moments()
        elif key in FORWARD:
            if not late:
                main = self.after.main_button if page is self.after else self.close_button
                main.click()
        elif page is self.after and key in BACK:
            self._answer()
        elif page is self.overview and key == Qt.Key.Key_M and self.moment_button.isVisible():
            self._open_moments()
        else:
            super().keyPressEvent(event)
