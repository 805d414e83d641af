"""Scenes with several people: the practitioner, and others who stand, walk through or hide them."""

from __future__ import annotations

from people.body import load_body
from people.camera import fit_camera
from people.performance import Performance, Plan
from people.render import Look
from people.scene import Player, Scene, Spot, Way, stand, walk

FORM = "two-hands-hold-up-the-heavens"
LOOKS = (
    Look(top=(180, 90, 40), trousers=(60, 60, 60)),
    Look(top=(60, 60, 200), trousers=(120, 90, 60)),
    Look(top=(80, 160, 80), trousers=(40, 40, 90)),
)


def _stop_in_front(time_s: float) -> Spot | None:
    if not 4.0 <= time_s <= 9.0:
        return None
    x = -1.4 + min(time_s - 4.0, 1.4) if time_s < 7.0 else time_s - 7.0
    return x, 1.1, 90.0


def _join(time_s: float) -> Spot | None:
    if time_s < 4.0:
        return None
    return max(0.95, 2.4 - (time_s - 4.0)), 0.35, -90.0 if time_s < 5.45 else 0.0


def _walk_in(time_s: float) -> Spot | None:
    if time_s < 1.5:
        return None
    return min(0.0, -2.4 + (time_s - 1.5)), 0.0, 90.0 if time_s < 3.9 else 0.0


def _here(_: float) -> Spot | None:
    return 0.0, 0.0, 0.0


_Other = tuple[str, int, Way, bool]  # body, look, way, and whether they do the form as well

SCENES: dict[str, tuple[Way, float, tuple[_Other, ...]]] = {
    "alone": (_here, 2.0, ()),
    "behind": (_here, 2.0, (("ben", 1, stand(0.75, -0.9), False),)),
    "beside": (_here, 2.0, (("dirk", 1, stand(1.15, -0.1), True),)),
    "group": (
        _here,
        2.0,
        (("ben", 1, stand(1.1, -1.2), True), ("dirk", 2, stand(-1.1, -1.2), True)),
    ),
    "through-behind": (_here, 2.0, (("ben", 1, walk((-2.2, -0.9), (2.2, -0.9), 4.0, 8.5), False),)),
    "through-front": (_here, 2.0, (("dirk", 1, walk((-1.6, 1.2), (1.6, 1.2), 4.0, 7.2), False),)),
    "same-clothes": (_here, 2.0, (("emma", 0, walk((-1.8, 0.3), (1.8, 0.3), 4.0, 8.0), False),)),
    "joins": (_here, 2.0, (("ben", 1, _join, False),)),
    "stops-in-front": (_here, 2.0, (("dirk", 1, _stop_in_front, False),)),
    "looked-on": (_walk_in, 6.0, (("ben", 1, stand(1.3, -0.9, -30.0), False),)),
}
"""By name: the practitioner's way, seconds before the form, and the others."""


def make_scene(
    name: str, size: tuple[int, int] = (640, 480), **camera: float
) -> tuple[Scene, float]:
    """Return a scene by name, and its seconds; the practitioner is its first player."""
    way, before_s, others = SCENES[name]
    body = load_body("emma")
    performance = Performance(body, Plan(FORM, 3, 1, (before_s, 0.7, 1.0)))
    players = [Player(performance, LOOKS[0], way)]
    for other, look, their_way, practises in others:
        theirs = Performance(load_body(other), Plan(FORM, 4, 1))
        players.append(Player(theirs, LOOKS[look], their_way, still=not practises))
    scene = Scene(players, fit_camera(size, body.height, **camera), 3)
    return scene, performance.duration_s
