"""Undo and redo: the drafts one has been through.

Drafts never change, so a step back is the draft before. Small changes of one thing, such as the
letters of a name or the moves of one drag, are one step.
"""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.reference.draft import Draft

MOST_STEPS = 500


@dataclass(frozen=True, eq=False)
class Step:
    """A draft and what led to it.

    Attributes
    ----------
    draft : Draft
    what : str
        What was done, for people.
    key : str
        Steps with the same key, one after the other, are one; empty for a step of its own.
    """

    draft: Draft
    what: str = ""
    key: str = ""


class History:
    """The drafts of one form, from the one that was opened to the last.

    Parameters
    ----------
    draft : Draft
        As it was opened.
    saved : bool
        Whether that is what is on the disk.
    """

    def __init__(self, draft: Draft, *, saved: bool = True) -> None:
        self._steps = [Step(draft)]
        self._at = 0
        self._saved: Draft | None = draft if saved else None

    @property
    def draft(self) -> Draft:
        """The draft as it is now."""
        return self._steps[self._at].draft

    @property
    def changed(self) -> bool:
        """Whether there is anything to save."""
        return self.draft is not self._saved

    @property
    def undo_what(self) -> str | None:
        """What would be undone; None if nothing."""
        return self._steps[self._at].what if self._at else None

    @property
    def redo_what(self) -> str | None:
        """What would be done again; None if nothing."""
        following = self._steps[self._at + 1 : self._at + 2]
        return following[0].what if following else None

    def do(self, draft: Draft, what: str, key: str = "") -> bool:
        """Go on to a draft; return whether it is another one.

        Parameters
        ----------
        draft : Draft
        what : str
            What was done, for people.
        key : str
            Of what small changes are put together by.
        """
        if draft is self.draft:
            return False
        now = self._steps[self._at]
        del self._steps[self._at + 1 :]
        step = Step(draft, what, key)
        # What was saved stays a step of its own: one can come back to it.
        if key and key == now.key and now.draft is not self._saved:
            self._steps[self._at] = step
        else:
            self._steps.append(step)
            self._at += 1
        if len(self._steps) > MOST_STEPS:
            del self._steps[0]
            self._at -= 1
        return True

    def undo(self) -> bool:
        """Go one step back; return whether there was one."""
        if not self._at:
            return False
        self._at -= 1
        return True

    def redo(self) -> bool:
        """Go one step forward again; return whether there was one."""
        if self._at + 1 >= len(self._steps):
            return False
        self._at += 1
        return True

    def end_step(self) -> None:
        """Let the next change be a step of its own."""
        now = self._steps[self._at]
        self._steps[self._at] = Step(now.draft, now.what)

    def mark_saved(self, draft: Draft) -> None:
        """Note which draft is on the disk."""
        self._saved = draft
