"""The forms to choose from: what stands in their texts, without opening what was recorded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from posecoach.errors import make_one_line
from posecoach.reference.library import find_forms, get_own_folder, get_shipped_folder
from posecoach.reference.names import TOML_NAME, find_title
from posecoach.text import N_, translate

OWN, SEATED = "own", "seated"
_MOST = 1_000_000  # bytes of a text
_SETS: Mapping[str, str] = {
    "baduanjin": N_("The eight brocades"),
    "": N_("More forms"),
    SEATED: N_("Seated"),
    OWN: N_("Your own forms"),
}
# Whom the library's own forms name as their teacher, in words that can be translated.
_FIGURES: Mapping[str, str] = {
    "Animierte Figur (animated figure)": N_("shown by an animated figure")
}


@dataclass(frozen=True)
class Offer:
    """A form in the list.

    Attributes
    ----------
    id : str
    titles : mapping of language to str
    group : str
        ``"own"``, ``"seated"``, or the name of the set; empty if it belongs to none.
    seconds : float
        Length as its phases say it; 0 if they do not.
    teacher : str
    problem : str
        Why it cannot be opened; empty if all is well as far as can be told.
    """

    id: str
    titles: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    seconds: float = 0.0
    teacher: str = ""
    problem: str = ""

    def title(self, language: str) -> str:
        """Return its title, or its id."""
        return find_title(self.titles, language) or self.id

    def details(self, language: str) -> str:
        """Return in a line how long it is and whose it is."""
        if self.problem:
            broken = translate(N_("cannot be opened"), language)
            return f"{broken}: {self.problem}"
        shown = _FIGURES.get(self.teacher)
        teacher = translate(shown, language) if shown else cut(self.teacher, 60)
        parts = [tell_length(self.seconds, language) if self.seconds else "", teacher]
        return "  ·  ".join(p for p in parts if p)


def group_title(group: str, language: str) -> str:
    """Return a group's name."""
    known = _SETS.get(group)
    return translate(known, language) if known else group.replace("-", " ").capitalize()


def cut(text: str, most: int = 70) -> str:
    """Return a text as one line of at most so many characters."""
    return make_one_line(text, most)


def tell_length(seconds: float, language: str) -> str:
    """Return how long a form is once through."""
    short = seconds < 90
    word = N_("seconds once through") if short else N_("minutes once through")
    return f"{round(seconds if short else seconds / 60)} {translate(word, language)}"


def find_offers() -> list[Offer]:
    """Return the forms at hand group by group: brocades, other sets, seated ones, one's own.

    Within a group the library's order holds; those that cannot be opened come last.
    """
    own = get_own_folder()
    apart = own.exists() and not _same(own, get_shipped_folder())
    offers = [
        _read(id, folder, apart and folder.parent == own) for id, folder in find_forms().items()
    ]
    groups = list(dict.fromkeys(o.group for o in offers))
    rank = {g: (g == OWN, g == SEATED, g == "", g != "baduanjin", k) for k, g in enumerate(groups)}
    return sorted(offers, key=lambda o: (bool(o.problem), rank[o.group]))


def find_seated(offers: Sequence[Offer], id: str) -> str:
    """Return the form to practise on a chair in the place of another; itself if there is none."""
    wanted = f"seated-{id}"
    return wanted if any(o.id == wanted and not o.problem for o in offers) else id


def _read(id: str, folder: Path, own: bool) -> Offer:
    group = OWN if own else ""
    path = folder / TOML_NAME
    try:
        if path.stat().st_size > _MOST:
            return Offer(id, group=group, problem=f"{TOML_NAME}: > {_MOST // 1_000_000} MB")
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return Offer(id, group=group, problem=cut(str(error) or type(error).__name__, 90))
    if not own:
        group = SEATED if raw.get("posture") == SEATED else _text(raw.get("set"))
    titles, phases = raw.get("title"), raw.get("phases")
    ends = (
        [p.get("end_s") for p in phases if isinstance(p, dict)] if isinstance(phases, list) else []
    )
    named = titles if isinstance(titles, dict) else {}
    return Offer(
        id,
        {str(k): cut(v, 90) for k, v in named.items() if isinstance(v, str) and v.strip()},
        group,
        float(max((e for e in ends if isinstance(e, int | float) and 0 < e < 1e5), default=0.0)),
        _text(raw.get("teacher")) or _text(raw.get("origin")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _same(a: Path, b: Path) -> bool:
    return a.exists() and b.exists() and a.samefile(b)
