"""After practice: what was done, what was said, what was not seen, one thing to take along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posecoach.analysis import Analysis, RepetitionResult
from posecoach.app.look import BigButton, clear_layout, make_card, make_label
from posecoach.app.pages import MEDICAL
from posecoach.coach.words import cue_text, measure_title, reason_text, status_text
from posecoach.reference.sequence import Sequence
from posecoach.text import N_, translate

_SHOWN = 5  # lines in a list; what is beyond is counted
_OFTEN = 0.15  # share of the frames from which an obstacle is told


@dataclass(frozen=True)
class Summary:
    """The words of the page.

    Attributes
    ----------
    headline, facts : str
    along : str or None
        The one thing to take along.
    praised : bool
        Whether that is to go on as it is.
    cues : tuple of str
        What was said, the most frequent first.
    unseen : tuple of str
        What could not be judged, and why.
    remarks : tuple of str
        Whatever else has to be told, such as a video that could not be written.
    """

    headline: str
    facts: str
    along: str | None
    praised: bool
    cues: tuple[str, ...]
    unseen: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def make_summary(
    analysis: Analysis | None,
    sequence: Sequence,
    language: str,
    *,
    practised_s: float = 0.0,
    obstacles: Mapping[str, int] | None = None,
    remarks: tuple[str, ...] = (),
) -> Summary:
    """Return what to tell about a practice.

    Parameters
    ----------
    analysis : Analysis or None
        None if nothing was watched.
    sequence : Sequence
    language : str
    practised_s : float
        Seconds without the rests.
    obstacles : mapping of str to int, optional
        Frames in which nothing could be judged, by reason.
    remarks : tuple of str
    """

    def say(text: str) -> str:
        return translate(text, language)

    repetitions = analysis.repetitions if analysis is not None else []
    # What was held back on the way is told now.
    told = [*analysis.cues, *analysis.held_back] if analysis is not None else []
    counts = Counter((c.measure, c.direction) for c in told)
    ordered = [
        (cue_text(measure, direction, language, own=sequence.cues), n)
        for (measure, direction), n in counts.most_common()
    ]
    along: str | None = ordered[0][0] if ordered else None
    praised = not ordered and bool(repetitions)
    if praised:
        along = say(N_("Go on just like this"))
    facts = [sequence.title(language)]
    if repetitions:
        word = N_("repetition") if len(repetitions) == 1 else N_("repetitions")
        facts.append(f"{len(repetitions)} {say(word)}")
    facts.append(_tell_time(practised_s, language))
    done = bool(repetitions) or bool(ordered)
    return Summary(
        headline=status_text("done", language) if done else say(N_("Until next time")),
        facts="  ·  ".join(facts),
        along=along,
        praised=praised,
        cues=_shorten([f"{n} ×  {text}" for text, n in ordered], language),
        unseen=_shorten(_tell_unseen(analysis, repetitions, obstacles or {}, language), language),
        remarks=remarks,
    )


def _tell_time(seconds: float, language: str) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return translate(N_("less than a minute"), language)
    word = N_("minute") if minutes == 1 else N_("minutes")
    return f"{minutes} {translate(word, language)}"


def _tell_unseen(
    analysis: Analysis | None,
    repetitions: list[RepetitionResult],
    obstacles: Mapping[str, int],
    language: str,
) -> list[str]:
    lines = []
    partly = translate(N_("Part of the time"), language)
    frames = len(analysis.place.time_s) if analysis is not None else 0
    for reason, n in sorted(obstacles.items(), key=lambda x: -x[1])[:2]:
        if n > _OFTEN * max(frames, 1):
            lines.append(f"{partly}: {reason_text(reason, language)}")
    if not repetitions:
        lines.insert(0, translate(N_("No whole repetition was seen"), language))
    by_reason: dict[str, list[str]] = {}
    for measure in repetitions[0].measures if repetitions else ():
        reasons = [r.measures[measure].reason for r in repetitions if measure in r.measures]
        missing = [x for x in reasons if x is not None]
        if 2 * len(missing) > len(reasons):
            reason = Counter(missing).most_common(1)[0][0]
            by_reason.setdefault(reason, []).append(measure)
    for reason, measures in by_reason.items():
        lines.append(f"{_name_all(measures, language)}: {reason_text(reason, language)}")
    return lines


def _name_all(measures: list[str], language: str) -> str:
    joints = [m for m in measures if m.startswith("joint_angle.")]
    names = [measure_title(m, language) for m in measures if m not in joints]
    if len(joints) > 1:
        names.append(translate(N_("Joint angles"), language))
    else:
        names += [measure_title(m, language) for m in joints]
    return ", ".join(names)


def _shorten(lines: list[str], language: str) -> tuple[str, ...]:
    if len(lines) <= _SHOWN:
        return tuple(lines)
    rest = len(lines) - _SHOWN + 1
    more = translate(N_("and more"), language)
    return (*lines[: _SHOWN - 1], f"{more}: {rest}")


class SummaryPage(QWidget):
    """The page.

    Attributes
    ----------
    again, closed : signal
        A button was pressed.
    """

    again = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.again_button = BigButton()
        self.close_button = BigButton(main=True)
        self.again_button.clicked.connect(self.again)
        self.close_button.clicked.connect(self.closed)
        self._note = make_label(role="caption")
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.setSpacing(18)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._note, 1)
        row.addWidget(self.again_button)
        row.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(56, 32, 44, 28)
        whole.setSpacing(16)
        whole.addWidget(scroll, 1)
        whole.addLayout(row)

    def show_summary(self, summary: Summary, language: str, *, can_repeat: bool) -> None:
        """Fill the page."""
        clear_layout(self._column)
        self._column.addWidget(make_label(summary.headline, "headline"))
        self._column.addWidget(make_label(summary.facts, "lead"))
        self._column.addStretch(1)
        if summary.along is not None:
            card, inside = make_card("good" if summary.praised else "change")
            inside.addWidget(make_label(translate(N_("To take along"), language), "caption"))
            inside.addWidget(make_label(summary.along, "title"))
            self._column.addWidget(card)
        self._column.addWidget(self._make_lists(summary, language))
        for remark in summary.remarks:
            self._column.addWidget(make_label(remark, "caption"))
        self._column.addStretch(2)
        self._note.setText(translate(MEDICAL, language))
        self.again_button.setVisible(can_repeat)
        self.again_button.set_words(
            translate(N_("Again"), language), translate(N_("Practise the form again"), language)
        )
        self.close_button.set_words(
            translate(N_("Close"), language), translate(N_("Close the window"), language)
        )
        parts = (summary.headline, summary.facts, summary.along or "", *summary.cues)
        self.setAccessibleName(summary.headline)
        self.setAccessibleDescription(
            ". ".join(p for p in (*parts, *summary.unseen, *summary.remarks) if p)
        )

    def _make_lists(self, summary: Summary, language: str) -> QWidget:
        lists = QWidget()
        both = QHBoxLayout(lists)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(18)
        for title, lines in (
            (N_("What the coach said"), summary.cues),
            (N_("Not seen, so not judged"), summary.unseen),
        ):
            if lines:
                card, inside = make_card()
                inside.addWidget(make_label(translate(title, language), "caption"))
                for line in lines:
                    inside.addWidget(make_label(line, "line"))
                inside.addStretch(1)
                both.addWidget(card, 1)
        return lists
