"""A form as courses of hands and trunk, and what a performer makes of it.

A course is key positions of each wrist from its own shoulder in arm lengths (x outwards, y up,
z to the front, in the chest's axes) and of the trunk at shares of the form, joined smoothly. The
forms themselves are in `people.forms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Array = NDArray[np.float64]

HANG = (0.16, -0.96, 0.10)
LAP = (0.03, -0.72, 0.40)
Key = tuple[float, tuple[float, float, float]]
Number = tuple[float, float]


@dataclass(frozen=True)
class Form:
    """A form.

    Attributes
    ----------
    id : str
    seconds : float
        Length of one repetition at tempo 1.
    left, right : tuple of (share, position)
    sink, turn : tuple of (share, value)
        Pelvis lowering in shares of the body's height; head turn in degrees.
    feet : float
        Half the distance of the feet in shares of the body's height; 0 = shoulder width.
    trunk : mapping of str to tuple of (share, value)
        Of `TRACKS`: ``lean`` (line from hips to shoulders, degrees, + = left), ``hinge`` (bend at
        the hips) and ``bend`` (of the spine, both degrees, + = to the front), ``twist`` (chest
        about the spine, degrees, + = left), ``nod`` (head, degrees, + = down), ``shift`` (pelvis
        to the left) and ``heels`` (off the floor, both in shares of the body's height), ``grip``
        (1 = the hands are on the knees wherever these are).
    elbows_back, elbows_out : float
        How far the elbows point to the back and to the sides; 1 = as far as down.
    seated : bool
        On a stool.
    """

    id: str
    seconds: float
    left: tuple[Key, ...]
    right: tuple[Key, ...]
    sink: tuple[Number, ...] = ((0.0, 0.0), (1.0, 0.0))
    turn: tuple[Number, ...] = ((0.0, 0.0), (1.0, 0.0))
    feet: float = 0.0
    trunk: Mapping[str, tuple[Number, ...]] = field(default_factory=dict)
    elbows_back: float = 0.25
    elbows_out: float = 0.75
    seated: bool = False

    @property
    def alternating(self) -> bool:
        """Whether the sides take turns."""
        return self.left != self.right


TRACKS = ("lean", "hinge", "bend", "twist", "nod", "shift", "heels", "grip")


@dataclass(frozen=True, eq=False)
class Course:
    """A form as one performer does it: smooth functions of its share, 0 to 1."""

    form: Form
    left: PchipInterpolator
    right: PchipInterpolator
    sink: PchipInterpolator
    turn: PchipInterpolator
    trunk: Mapping[str, PchipInterpolator]

    def at(self, track: str, share: float) -> float:
        """Return a track of the trunk at a share of the form; 0 where the form has none."""
        return float(self.trunk[track](share)) if track in self.trunk else 0.0


def personalise(form: Form, seed: int, amount: float = 1.0) -> Course:
    """Return the form with a performer's own small differences.

    Parameters
    ----------
    seed : int
        Of the performer.
    amount : float
        0 = the form itself; 1 = usual differences (2 % of the arm, 1 % of the time).
    """
    rng = np.random.default_rng(seed)
    alternating = form.alternating
    swing, offset = 0.012 * amount * rng.normal(size=2), rng.uniform(0, 2 * np.pi, 2)
    own: dict[tuple[float, float, float], Array] = {}

    def warp(u: Array) -> Array:
        """Both sides share what a person does sooner or later, in both halves of a form."""
        v = u * (2.0 if alternating else 1.0)
        wave = sum(
            swing[k] * (np.sin(2 * np.pi * (k + 1) * v + offset[k]) - np.sin(offset[k]))
            for k in range(2)
        )
        return np.asarray(u + wave / (2.0 if alternating else 1.0))

    def smooth(keys: tuple[Key, ...]) -> PchipInterpolator:
        u = np.array([k[0] for k in keys])
        p = np.array([k[1] for k in keys])
        for i, (_, place) in enumerate(keys):
            # The same place on either side, and in either half, is changed alike.
            if place not in (HANG, LAP):
                p[i] += own.setdefault(place, rng.normal(0, 0.02 * amount, 3))
        return PchipInterpolator(warp(u), p, axis=0)

    def plain(keys: tuple[Number, ...], factor: float) -> PchipInterpolator:
        return PchipInterpolator([k[0] for k in keys], [factor * k[1] for k in keys])

    hands = smooth(form.left), smooth(form.right)
    sink = plain(form.sink, 1.0 + 0.1 * amount * float(rng.normal()))
    turn = plain(form.turn, 1.0 + 0.1 * amount * float(rng.normal()))
    trunk = {}
    for track, keys in form.trunk.items():
        # The trunk goes with the hands: it is sooner or later where they are.
        factor = 1.0 if track == "grip" else 1.0 + 0.1 * amount * float(rng.normal())
        u = warp(np.array([k[0] for k in keys]))
        trunk[track] = PchipInterpolator(u, [factor * k[1] for k in keys])
    return Course(form, *hands, sink, turn, trunk)


def change_height(hand: Array, lower_deg: float, factor: float = 1.0) -> Array:
    """Return a hand position with its arm's elevation made smaller.

    Parameters
    ----------
    hand : (3,) array
        From the shoulder, arm lengths.
    lower_deg : float
        Taken off where the arm is well raised, growing in from 50 to 100 degrees.
    factor : float
        Elevation above hanging is scaled by this.
    """
    reach = float(np.linalg.norm(hand))
    if reach < 1e-6 or (lower_deg == 0 and factor == 1):
        return hand
    elevation = float(np.degrees(np.arccos(np.clip(-hand[1] / reach, -1, 1))))
    grown = np.clip((elevation - 50.0) / 50.0, 0.0, 1.0)
    grown = grown * grown * (3 - 2 * grown)
    new = factor * elevation - lower_deg * float(grown)
    flat = np.array([hand[0], 0.0, hand[2]])
    # Straight overhead the arm comes down sideways and to the front.
    flat = flat + max(0.0, 0.35 - float(np.linalg.norm(flat))) * np.array([0.8, 0.0, 0.6])
    flat /= np.linalg.norm(flat)
    a = np.radians(new)
    return np.asarray(reach * (np.sin(a) * flat - np.cos(a) * np.array([0.0, 1.0, 0.0])))
