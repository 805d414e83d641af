"""The eight brocades (Baduanjin), opening, closing and standing, and some of them seated.

The courses follow the published standard description of Health Qigong Baduanjin (Chinese Health
Qigong Association). Where a camera in front could not follow, or where a back that hurts is better
spared, they keep to the form's smaller shape: each such place says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from people.movement import HANG, LAP, Form, Key, Number


def _both(*keys: Key) -> dict[str, tuple[Key, ...]]:
    return {"left": keys, "right": keys}


def _halves(first: tuple[Key, ...], second: tuple[Key, ...]) -> tuple[Key, ...]:
    """Join two courses of half a form each into one."""
    return (
        *((0.5 * u, p) for u, p in first[:-1]),
        *((0.5 + 0.5 * u, p) for u, p in second),
    )


def _alternate(lead: tuple[Key, ...], other: tuple[Key, ...]) -> dict[str, tuple[Key, ...]]:
    return {"left": _halves(lead, other), "right": _halves(other, lead)}


def _there_and_back(*keys: Number) -> tuple[Number, ...]:
    """Return a track of half a form and, for the other half, the same to the other side."""
    return (
        *((0.5 * u, v) for u, v in keys[:-1]),
        *((0.5 + 0.5 * u, -v) for u, v in keys),
    )


def _twice(*keys: Number) -> tuple[Number, ...]:
    """Return a track of half a form and the same again."""
    return (*((0.5 * u, v) for u, v in keys[:-1]), *((0.5 + 0.5 * u, v) for u, v in keys))


_BELLY = (-0.22, -0.52, 0.42)
_WAIST = (0.04, -0.50, 0.04)

_FIRST_THREE = (
    Form(
        "two-hands-hold-up-the-heavens",
        10.0,
        **_both(
            (0.00, HANG),
            (0.11, (-0.20, -0.78, 0.36)),
            (0.26, (-0.22, -0.16, 0.46)),
            (0.34, (-0.20, 0.16, 0.46)),
            (0.46, (-0.16, 0.93, 0.14)),
            (0.56, (-0.16, 0.94, 0.12)),
            (0.68, (0.62, 0.72, 0.14)),
            (0.78, (0.97, 0.02, 0.18)),
            (0.89, (0.66, -0.70, 0.16)),
            (1.00, HANG),
        ),
        sink=((0.0, 0.0), (0.15, 0.012), (0.46, 0.0), (0.56, 0.0), (0.85, 0.015), (1.0, 0.0)),
    ),
    Form(
        "drawing-the-bow",
        12.0,
        **_alternate(
            (
                (0.00, HANG),
                (0.22, (-0.26, -0.12, 0.50)),
                (0.32, (-0.26, -0.06, 0.52)),
                (0.58, (0.96, 0.04, 0.16)),
                (0.72, (0.97, 0.05, 0.15)),
                (0.87, (0.66, -0.70, 0.18)),
                (1.00, HANG),
            ),
            (
                (0.00, HANG),
                (0.22, (-0.26, -0.12, 0.46)),
                (0.32, (-0.26, -0.06, 0.46)),
                (0.58, (0.22, -0.06, 0.36)),
                (0.72, (0.23, -0.06, 0.35)),
                (0.87, (0.46, -0.78, 0.22)),
                (1.00, HANG),
            ),
        ),
        sink=(
            (0.0, 0.0),
            (0.11, 0.01),
            (0.29, 0.045),
            (0.36, 0.045),
            (0.5, 0.0),
            (0.61, 0.01),
            (0.79, 0.045),
            (0.86, 0.045),
            (1.0, 0.0),
        ),
        turn=(
            (0.0, 0.0),
            (0.16, 0.0),
            (0.29, 50.0),
            (0.36, 50.0),
            (0.5, 0.0),
            (0.66, 0.0),
            (0.79, -50.0),
            (0.86, -50.0),
            (1.0, 0.0),
        ),
        feet=0.17,
    ),
    Form(
        "separating-heaven-and-earth",
        11.0,
        **_alternate(
            (
                (0.00, HANG),
                (0.22, _BELLY),
                (0.38, (-0.16, 0.12, 0.48)),
                (0.56, (0.10, 0.95, 0.14)),
                (0.68, (0.10, 0.96, 0.12)),
                (0.84, (-0.05, 0.02, 0.55)),
                (0.92, (0.02, -0.60, 0.40)),
                (1.00, HANG),
            ),
            (
                (0.00, HANG),
                (0.22, _BELLY),
                (0.38, (-0.05, -0.55, 0.40)),
                (0.56, (0.26, -0.90, 0.12)),
                (0.68, (0.26, -0.91, 0.12)),
                (0.84, (0.18, -0.88, 0.20)),
                (1.00, HANG),
            ),
        ),
        sink=(
            (0.0, 0.0),
            (0.11, 0.012),
            (0.3, 0.0),
            (0.5, 0.01),
            (0.61, 0.012),
            (0.8, 0.0),
            (1.0, 0.0),
        ),
    ),
)

_OTHERS = (
    Form(
        "opening",
        11.0,
        **_both(
            (0.00, HANG),
            (0.28, (0.74, -0.62, 0.06)),
            (0.42, (0.52, -0.62, 0.42)),
            (0.56, (-0.20, -0.55, 0.45)),
            (0.76, (-0.20, -0.56, 0.45)),
            (1.00, HANG),
        ),
        sink=((0.0, 0.0), (0.28, 0.0), (0.56, 0.03), (0.76, 0.03), (1.0, 0.0)),
    ),
    Form(
        # The head turns; the chest stays, so that the back is not twisted. The arms open further
        # than published and return before the hips, which tells going from coming.
        "looking-back",
        14.0,
        **_both(
            (0.00, HANG),
            (0.17, (0.74, -0.64, -0.02)),
            (0.28, (0.78, -0.58, -0.06)),
            (0.40, (0.28, -0.74, 0.34)),
            (0.50, HANG),
            (0.67, (0.74, -0.64, -0.02)),
            (0.78, (0.78, -0.58, -0.06)),
            (0.90, (0.28, -0.74, 0.34)),
            (1.00, HANG),
        ),
        sink=_twice((0.0, 0.0), (0.1, 0.012), (0.34, 0.0), (0.56, 0.0), (0.84, 0.018), (1.0, 0.0)),
        turn=_there_and_back(
            (0.0, 0.0), (0.12, 0.0), (0.4, 68.0), (0.58, 68.0), (0.84, 0.0), (1.0, 0.0)
        ),
    ),
    Form(
        # Hands stay on the thighs; the trunk goes down to 45 degrees, not to the knee.
        "swaying-head-and-tail",
        18.0,
        **_both(
            (0.00, HANG),
            (0.05, (0.30, -0.84, 0.22)),
            (0.12, (0.28, -0.78, 0.40)),
            (0.88, (0.28, -0.78, 0.40)),
            (0.95, (0.30, -0.84, 0.22)),
            (1.00, HANG),
        ),
        sink=(
            (0.0, 0.0),
            (0.12, 0.07),
            (0.40, 0.066),
            (0.53, 0.025),
            (0.64, 0.066),
            (0.88, 0.07),
            (1.0, 0.0),
        ),
        feet=0.17,
        trunk={
            "grip": ((0.0, 0.0), (0.04, 0.0), (0.12, 1.0), (0.88, 1.0), (0.96, 0.0), (1.0, 0.0)),
            "lean": _there_and_back(
                (0.0, 0.0),
                (0.22, 0.0),
                (0.40, -24.0),
                (0.56, -6.0),
                (0.72, 18.0),
                (0.92, 0.0),
                (1.0, 0.0),
            ),
            "hinge": _twice(
                (0.0, 0.0), (0.22, 8.0), (0.40, 26.0), (0.56, 38.0), (0.72, 24.0), (1.0, 0.0)
            ),
            "bend": _twice(
                (0.0, 0.0), (0.22, 0.0), (0.40, 10.0), (0.56, 14.0), (0.72, 8.0), (1.0, 0.0)
            ),
            "twist": _there_and_back(
                (0.0, 0.0), (0.22, 0.0), (0.40, -14.0), (0.72, 14.0), (0.92, 0.0), (1.0, 0.0)
            ),
            "shift": _there_and_back(
                (0.0, 0.0), (0.22, 0.0), (0.40, 0.035), (0.72, -0.035), (0.92, 0.0), (1.0, 0.0)
            ),
            "nod": _twice((0.0, 0.0), (0.40, -6.0), (0.56, 0.0), (0.84, -14.0), (1.0, 0.0)),
        },
    ),
    Form(
        # Knees soft, hands to the shins: with a back that hurts one goes no further. A trunk seen
        # end-on would also be lost to the camera.
        "two-hands-hold-the-feet",
        18.0,
        **_both(
            (0.00, HANG),
            (0.09, (0.06, -0.10, 0.96)),
            (0.18, (0.00, 0.95, 0.14)),
            (0.22, (0.00, 0.95, 0.13)),
            (0.28, (-0.08, 0.36, 0.56)),
            (0.33, (-0.14, -0.16, 0.42)),
            (0.37, (-0.02, -0.30, 0.20)),
            (0.42, (0.06, -0.48, -0.20)),
            (0.47, (0.08, -0.82, -0.10)),
            (0.60, (0.04, -0.44, 0.87)),
            (0.65, (0.04, -0.42, 0.88)),
            (0.73, (0.04, 0.42, 0.86)),
            (0.80, (0.00, 0.95, 0.14)),
            (0.85, (0.00, 0.95, 0.13)),
            (0.93, (0.94, 0.05, 0.16)),
            (1.00, HANG),
        ),
        sink=((0.0, 0.0), (0.42, 0.0), (0.6, 0.03), (0.66, 0.03), (0.8, 0.0), (1.0, 0.0)),
        trunk={
            "hinge": (
                (0.0, 0.0),
                (0.43, 0.0),
                (0.60, 46.0),
                (0.65, 46.0),
                (0.80, 0.0),
                (1.0, 0.0),
            ),
            "bend": (
                (0.0, 0.0),
                (0.41, 0.0),
                (0.60, 18.0),
                (0.65, 17.0),
                (0.78, 0.0),
                (1.0, 0.0),
            ),
            "nod": ((0.0, 0.0), (0.60, 0.0), (0.66, -22.0), (0.78, 0.0), (1.0, 0.0)),
        },
    ),
    Form(
        "punching-with-angry-gaze",
        14.0,
        left=(
            (0.00, HANG),
            (0.11, _WAIST),
            (0.17, _WAIST),
            (0.30, (0.16, -0.06, 0.96)),
            (0.36, (0.17, -0.04, 0.96)),
            (0.48, _WAIST),
            (0.90, _WAIST),
            (1.00, HANG),
        ),
        right=(
            (0.00, HANG),
            (0.11, _WAIST),
            (0.53, _WAIST),
            (0.66, (0.16, -0.06, 0.96)),
            (0.72, (0.17, -0.04, 0.96)),
            (0.84, _WAIST),
            (0.90, _WAIST),
            (1.00, HANG),
        ),
        sink=((0.0, 0.0), (0.13, 0.065), (0.86, 0.065), (1.0, 0.0)),
        feet=0.17,
        trunk={
            "twist": (
                (0.0, 0.0),
                (0.17, 0.0),
                (0.30, -12.0),
                (0.36, -12.0),
                (0.48, 0.0),
                (0.53, 0.0),
                (0.66, 12.0),
                (0.72, 12.0),
                (0.84, 0.0),
                (1.0, 0.0),
            )
        },
        elbows_back=1.4,
    ),
    Form(
        # Published with hanging arms. A camera in front does not see heels, so the arms go with
        # them: up at the sides, down before the body, which tells rising from sinking.
        "raising-the-heels",
        8.0,
        **_both(
            (0.00, HANG),
            (0.34, (0.80, -0.46, 0.16)),
            (0.48, (0.81, -0.42, 0.18)),
            (0.64, (0.26, -0.40, 0.56)),
            (0.82, (0.08, -0.76, 0.40)),
            (1.00, HANG),
        ),
        sink=((0.0, 0.0), (0.74, 0.0), (0.86, 0.014), (1.0, 0.0)),
        trunk={
            "heels": ((0.0, 0.0), (0.04, 0.0), (0.34, 0.034), (0.5, 0.034), (0.74, 0.0), (1, 0))
        },
    ),
    Form(
        "closing",
        13.0,
        **_both(
            (0.00, HANG),
            (0.24, (0.74, -0.62, 0.06)),
            (0.36, (0.50, -0.64, 0.36)),
            (0.50, (-0.26, -0.60, 0.32)),
            (0.78, (-0.26, -0.60, 0.32)),
            (1.00, HANG),
        ),
        trunk={"nod": ((0.0, 0.0), (0.36, 0.0), (0.55, 6.0), (0.78, 6.0), (1.0, 0.0))},
    ),
    Form(
        # Holding the tree: arms round, hands at the height of the chest.
        "standing",
        20.0,
        **_both(
            (0.00, HANG),
            (0.10, (0.04, -0.62, 0.50)),
            (0.22, (0.02, -0.24, 0.64)),
            (0.80, (0.02, -0.25, 0.64)),
            (0.90, (0.04, -0.64, 0.46)),
            (1.00, HANG),
        ),
        sink=((0.0, 0.0), (0.22, 0.026), (0.8, 0.026), (1.0, 0.0)),
        elbows_out=2.4,
    ),
)


def _seat(form: Form, seconds: float) -> Form:
    """Return a form as it is done on a stool: hands rest on the thighs, legs stay."""

    def move(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple((u, LAP if p == HANG else p) for u, p in keys)

    return replace(
        form,
        id=f"seated-{form.id}",
        seconds=seconds,
        left=move(form.left),
        right=move(form.right),
        sink=((0.0, 0.0), (1.0, 0.0)),
        feet=0.0,
        seated=True,
    )


_STANDING: Mapping[str, Form] = {f.id: f for f in (*_FIRST_THREE, *_OTHERS)}

FORMS: Mapping[str, Form] = {
    **_STANDING,
    **{
        f.id: f
        for f in (
            _seat(_STANDING["two-hands-hold-up-the-heavens"], 12.0),
            _seat(_STANDING["drawing-the-bow"], 14.0),
            _seat(_STANDING["separating-heaven-and-earth"], 13.0),
            _seat(_STANDING["looking-back"], 14.0),
        )
    },
}
