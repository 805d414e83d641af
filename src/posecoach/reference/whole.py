"""Making a sequence of recordings that are one repetition each, from first frame to last.

Takes that were cut elsewhere, such as those exported from posecoach, are not cut again.
"""

from __future__ import annotations

from collections.abc import Sequence as Seq

from posecoach.errors import SequenceError
from posecoach.motion import Motion
from posecoach.reference.gaps import bridge_gaps, check_gaps, check_seen
from posecoach.reference.record import find_phases, tell_symmetry, trace_course
from posecoach.reference.sequence import Sequence, Take, take_of


def make_whole(id: str, motions: Seq[Motion], **fields: object) -> Sequence:
    """Make a sequence from recordings of exactly one repetition each.

    Short gaps are bridged and marked, as in `posecoach.reference.record.make_sequence`; phases
    and symmetry are suggested.

    Parameters
    ----------
    id : str
    motions : sequence of Motion
    **fields
        Further fields of `Sequence`.

    Raises
    ------
    SequenceError
        There is none, one is too short, or the body was out of sight for too long in it.
    """
    takes = tuple(_make_take(motion) for motion in motions)
    if not takes:
        raise SequenceError("Expected at least one recording but got none.")
    first = takes[0].motion
    if "phases" not in fields:
        phases = find_phases(trace_course(first), 0.0, first.duration_s)
        fields["phases"] = phases
    fields.setdefault("symmetry", tell_symmetry(takes))
    return Sequence(id, takes, **fields)  # type: ignore[arg-type]


def _make_take(motion: Motion) -> Take:
    found = motion.found
    if not found.any():
        raise SequenceError("Expected a body in the recording but found none; choose another.")
    motion = motion.cut(float(motion.time_s[found][0]), float(motion.time_s[found][-1]))
    check_seen(motion)
    check_gaps(motion)
    bridged, marks = bridge_gaps(motion)
    zero = float(bridged.time_s[0])
    take = take_of(bridged)
    spans = tuple((round(a - zero, 3), round(b - zero, 3)) for a, b in marks)
    return Take(take.motion, take.calibration, spans)
