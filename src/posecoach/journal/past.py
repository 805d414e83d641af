"""From kept sessions to how the next one is guided."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from posecoach.coach.cues import name_direction
from posecoach.coach.faults import find_faults
from posecoach.coach.guidance import Guidance, Stage
from posecoach.coach.plan import Past, Plan, Retention, evaluate_retention, plan_next
from posecoach.errors import UsageError
from posecoach.journal.errors import JournalError
from posecoach.journal.place import get_journal_path
from posecoach.journal.records import KeptSession
from posecoach.journal.store import Journal

_MOST = 20  # sessions that are looked back on


def make_past(session: KeptSession) -> Past:
    """Return a session as the plan needs it."""
    guidance = session.info.guidance or Guidance()
    faults, judged, tempo = [], Counter[str](), []
    for r in session.repetitions:
        found = find_faults(guidance.fit(r.measures), guidance.own_comfort)
        faults.append(frozenset(f"{m}.{name_direction(m, d)}" for m, d in found.items()))
        judged.update(m for m, j in r.measures.items() if j.judged)
        ratio = r.measures.get("tempo_ratio")
        if ratio is not None and ratio.judged and ratio.value is not None:
            tempo.append(ratio.value)
    n = len(session.repetitions)
    return Past(
        guidance.stage,
        tuple(faults),
        frozenset(m for m, k in judged.items() if 2 * k >= n),
        frozenset(f"{k.cue.measure}.{k.cue.direction}" for k in session.info.cues),
        tuple(tempo),
    )


def read_past(journal: Journal, form: str) -> tuple[Past, ...]:
    """Return the last sessions of a form, the oldest first.

    Raises
    ------
    JournalError
        The journal cannot be read.
    """
    ids = [i.id for i in journal.list_sessions() if i.form == form and i.repetitions][:_MOST]
    return tuple(make_past(journal.read_session(id)) for id in reversed(ids))


def plan_session(form: str, path: Path | None = None) -> Plan:
    """Return how to guide the next session of a form; as the first one if nothing can be read.

    Parameters
    ----------
    form : str
        Its id.
    path : Path, optional
        Of the journal; by default the user's own. Nothing is made if there is none.
    """
    where = path or get_journal_path()
    try:
        if not where.is_file():
            return plan_next(())
        with Journal.open(where) as journal:
            return plan_next(read_past(journal, form))
    except (JournalError, OSError):  # the keeper says so when it writes
        return plan_next(())


def read_retention(form: str, path: Path | None = None) -> Retention | None:
    """Return what the last session shows, if it was a pass without feedback; else None.

    Parameters
    ----------
    form : str
        Its id.
    path : Path, optional
        Of the journal; by default the user's own.
    """
    where = path or get_journal_path()
    try:
        if not where.is_file():
            return None
        with Journal.open(where) as journal:
            *before, last = read_past(journal, form) or (None,)
    except (JournalError, OSError):
        return None
    if last is None or last.stage != Stage.NONE:
        return None
    return evaluate_retention([p for p in before if p is not None], last)


def choose_guidance(
    form: str,
    stage: str = "auto",
    strictness: float = 1.0,
    gentle: bool = False,
    path: Path | None = None,
    *,
    smallest: float | None = None,
) -> Guidance:
    """Return the guidance of the next session: as chosen, or as planned where ``"auto"`` is.

    An unknown stage, from a newer version's settings say, counts as ``"auto"``.

    Parameters
    ----------
    form : str
        Its id.
    stage : str
    strictness : float
    gentle : bool
    path : Path, optional
        Of the journal; by default the user's own.
    smallest : float, optional
        Smallest share of the teacher's range of movement that is comfortable, 0 to 1.
    """
    plan = plan_session(form, path)
    comfort = plan.comfort
    if smallest is not None:
        comfort = replace(comfort, amplitude=(smallest, comfort.amplitude[1]))
    try:
        wanted = plan.stage if stage == "auto" else Stage(stage)
    except ValueError:
        wanted = plan.stage
    try:
        return Guidance(wanted, strictness, comfort, gentle)
    except UsageError:
        return Guidance(wanted, 1.0, comfort, gentle)
