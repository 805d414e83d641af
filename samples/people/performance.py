"""One person going through a form: when they are where in it, and what is planted on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from people.body import Body, Pose, Stance, pose_body
from people.forms import FORMS
from people.movement import Course, change_height, personalise
from people.variation import Variation, find_freedom, vary

Array = NDArray[np.float64]

MEASURES = ("lateral_lean", "shoulder_tilt", "pelvis_tilt", "left_elevation", "right_elevation")
_CLOCK_HZ = 240.0


@dataclass(frozen=True)
class Plan:
    """What a person does in a clip.

    Attributes
    ----------
    form : str
    seed : int
        Of the performer's own way; 0 = exactly the form.
    repetitions : int
    stand_s : tuple of float
        Quiet standing before, between and after.
    tempo : float
        1 = the form's own length; 1.5 = half as fast again.
    amplitude : float
        Scales how high the arms come.
    sides : tuple of float
        Scales it further for the left arm and for the right one.
    variation : float
        How far repetitions differ from the form (`people.variation`); 0 = all are the same.
    faults : mapping of str to float or list
        ``lean`` (degrees, + = left), ``forward_lean`` (degrees of bend at the hips),
        ``shoulder_tilt`` (degrees, + = left lower), ``left_late`` /
        ``right_late`` (ms), ``left_low`` / ``right_low`` (degrees), ``hurried`` ([from, to,
        factor], shares of the form), ``pause`` ([at share, seconds]).
    """

    form: str
    seed: int
    repetitions: int = 2
    stand_s: tuple[float, float, float] = (2.0, 0.7, 1.5)
    tempo: float = 1.0
    amplitude: float = 1.0
    faults: Mapping[str, object] | None = None
    sides: tuple[float, float] = (1.0, 1.0)
    variation: float = 0.0

    def fault(self, name: str) -> float:
        """Return a planted amount, 0 if there is none."""
        return float((self.faults or {}).get(name, 0.0))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Span:
    """One repetition: when it starts and ends, in seconds of the clip."""

    start_s: float
    end_s: float


class Performance:
    """A plan carried out by a body.

    Parameters
    ----------
    body : Body
    plan : Plan
    """

    def __init__(self, body: Body, plan: Plan) -> None:
        self.body = body
        self.plan = plan
        self.course: Course = personalise(
            FORMS[plan.form], plan.seed, 0.0 if plan.seed == 0 else 1.0
        )
        self.seconds = FORMS[plan.form].seconds
        before, between, after = plan.stand_s
        self.repetitions: list[Span] = []
        self._varied = [vary(plan.seed, k, plan.variation) for k in range(plan.repetitions)]
        self._clocks: list[Array] = []
        t = before
        for varied in self._varied:
            clock = self._run_clock(varied)
            self._clocks.append(np.append(clock, 1.0))
            self.repetitions.append(Span(t, t + len(clock) / _CLOCK_HZ))
            t = self.repetitions[-1].end_s + between
        self.duration_s = t - between + after
        rng = np.random.default_rng(1000 + plan.seed)
        # Nobody stands like a statue: slow sway of a few millimetres.
        self._sway = rng.uniform(0, 2 * np.pi, 6), rng.uniform(0.11, 0.37, 6)

    def _free(self, share: float) -> float:
        return find_freedom(share, self.course.form.alternating)

    def _run_clock(self, varied: Variation) -> Array:
        """Return the share of the form at each tick of one repetition."""
        rate = self.plan.tempo / self.seconds / _CLOCK_HZ
        faults = self.plan.faults or {}
        hurried = list(faults.get("hurried", (0, 0, 1)))  # type: ignore[call-overload]
        pause_at, pause_s = list(faults.get("pause", (2.0, 0.0)))  # type: ignore[call-overload]
        shares, u, waited = [], 0.0, 0.0
        while u < 1.0:
            shares.append(u)
            speed = 1.0
            if hurried[0] <= u < hurried[1]:
                edge = min(u - hurried[0], hurried[1] - u) / 0.03
                speed = 1.0 + (hurried[2] - 1.0) * min(1.0, edge + 0.05)
            if u >= pause_at and waited < pause_s:
                waited += 1 / _CLOCK_HZ
                speed = 0.0
            if varied.pace != 1.0:
                speed *= 1.0 + (varied.pace - 1.0) * self._free(u)
            u += rate * speed
        return np.array(shares)

    def share(self, time_s: float) -> tuple[int | None, float]:
        """Return the repetition (None while standing) and the share of the form, 0 to 1."""
        for k, span in enumerate(self.repetitions):
            if span.start_s <= time_s <= span.end_s:
                tick = (time_s - span.start_s) * _CLOCK_HZ
                clock = self._clocks[k]
                return k, float(np.interp(tick, np.arange(len(clock)), clock))
        return None, 0.0 if time_s < self.repetitions[0].start_s else 1.0

    def _hand(self, side: str, time_s: float) -> Array:
        late = self.plan.fault(f"{side}_late") / 1000.0
        k, u = self.share(time_s - late)
        hand = np.array(getattr(self.course, side)(u))
        amplitude = self.plan.amplitude * self.plan.sides[0 if side == "left" else 1]
        if k is not None:
            amplitude *= 1.0 + (getattr(self._varied[k], side) - 1.0) * self._free(u)
        return change_height(hand, self.plan.fault(f"{side}_low"), amplitude)

    def pose_at(self, time_s: float) -> Pose:
        """Return the body's pose at a time of the clip."""
        repetition, u = self.share(time_s)
        h = self.body.height
        phase, rate = self._sway
        sway = 0.004 * np.sin(2 * np.pi * rate * time_s + phase)
        form, course = FORMS[self.plan.form], self.course
        inside, varied = 0.0, 0.0
        if repetition is not None:
            edge = np.clip(min(u, 1 - u) / 0.12, 0.0, 1.0)
            inside = float(edge * edge * (3 - 2 * edge))
            varied = self._varied[repetition].lean_deg * self._free(u)
        feet, shift = form.feet * h, course.at("shift", u) * h
        hinge = course.at("hinge", u) + inside * self.plan.fault("forward_lean")
        # Whoever bends at the hips takes them back, so that the feet carry the weight.
        back = 0.0 if form.seated else 0.09 * h * float(np.sin(np.radians(hinge)))
        stance = Stance(
            sink_m=float(course.sink(u)) * h + self._drop(feet, shift, back),
            sway_m=(float(sway[0] + sway[1]) + shift, float(sway[2]) - back),
            turn_deg=float(course.turn(u)),
            feet_m=feet,
            hinge_deg=hinge,
            bend_deg=course.at("bend", u),
            twist_deg=course.at("twist", u),
            nod_deg=course.at("nod", u),
            heels_m=max(0.0, course.at("heels", u)) * h,
            elbows_back=form.elbows_back,
            elbows_out=form.elbows_out,
        )
        if form.seated:
            stance = replace(stance, sink_m=self._hip_m - self.seat_m, front_m=self._thigh_m)
        hands = (self._hand("left", time_s), self._hand("right", time_s))
        lean = inside * self.plan.fault("lean") + 60.0 * float(sway[3]) * 0.5
        lean += course.at("lean", u) + varied
        tilt = inside * self.plan.fault("shoulder_tilt")
        pose = self._solve(stance, hands, lean, tilt)
        grip = float(np.clip(course.at("grip", u), 0.0, 1.0))
        if grip > 0:
            pose = self._solve(stance, self._hold_knees(pose, hands, grip), lean, tilt)
        return pose

    def _hold_knees(
        self, pose: Pose, hands: tuple[Array, Array], share: float
    ) -> tuple[Array, Array]:
        """Return the hands as far on the way to the thighs, above the knees, as the share says."""
        b = self.body
        whole = b.length("armL", "forearmL") + b.length("forearmL", "handL")
        out = []
        for hand, letter, sign in zip(hands, "LR", (1.0, -1.0), strict=True):
            hip, knee = pose.position[f"thigh{letter}"], pose.position[f"shin{letter}"]
            # Wrists are above the thigh, a hand's breadth before the knee.
            place = 0.35 * hip + 0.65 * knee + np.array([0.0, 0.05, 0.055]) * b.height
            way = pose.rotation["chest"].T @ (place - pose.position[f"arm{letter}"]) / whole
            way[0] *= sign
            out.append((1 - share) * hand + share * way)
        return out[0], out[1]

    @property
    def _hip_m(self) -> float:
        """Height of the hip joints over the floor when standing."""
        return float(self.body.joints["thighL"][1] - self.body.vertices[:, 1].min())

    @property
    def _thigh_m(self) -> float:
        return 0.97 * self.body.length("thighL", "shinL")

    @property
    def seat_m(self) -> float:
        """Height of the hip joints over the floor when seated: that of the knees, nearly."""
        b = self.body
        knee = float(b.joints["shinL"][1] - b.vertices[:, 1].min())
        return knee + 0.012 * b.height

    @property
    def stool_m(self) -> float:
        """Height of the stool on which a seated body sits."""
        return self.seat_m - 0.05 * self.body.height

    def _drop(self, feet_m: float, shift_m: float = 0.0, back_m: float = 0.0) -> float:
        """How far the pelvis must come down for both feet to stay on the floor."""
        b = self.body
        if feet_m <= 0 and shift_m == 0 and back_m == 0:
            return 0.0
        leg = 0.999 * (b.length("thighL", "shinL") + b.length("shinL", "footL"))
        hip = float(b.joints["thighL"][0])
        out = (feet_m if feet_m > 0 else float(b.joints["footL"][0])) - hip + abs(shift_m)
        rest = float(b.joints["thighL"][1] - b.joints["footL"][1])
        return max(0.0, rest - float(np.sqrt(leg**2 - out**2 - back_m**2)))

    def _solve(
        self, stance: Stance, hands: tuple[Array, Array], lean_deg: float, tilt_deg: float
    ) -> Pose:
        """Pose so that the hip-to-shoulder line leans and the shoulder line tilts exactly so.

        A leaning chest takes the shoulder line with it; `tilt_deg` comes on top of that.
        """
        pose = pose_body(self.body, stance, hands)
        turn = 0.0
        for _ in range(4):
            m = measure_pose(pose)
            turn += lean_deg - m["lateral_lean"]
            pose = pose_body(self.body, replace(stance, lean_deg=turn, tilt_deg=tilt_deg), hands)
        return pose


def measure_pose(pose: Pose) -> dict[str, float]:
    """Return the true measures of a pose, in the frontal plane of the person; degrees.

    Signs as everywhere in posecoach: lean + = left, tilts + = left lower, forward lean (in the
    plane from back to front) + = forward. Elevation is the angle
    of shoulder-to-wrist above the hanging arm, in space.
    """
    p = pose.position
    hips = 0.5 * (p["thighL"] + p["thighR"])
    shoulders = 0.5 * (p["armL"] + p["armR"])
    up = shoulders - hips

    def tilt(left: Array, right: Array) -> float:
        d = right - left
        return float(np.degrees(np.arctan2(d[1], -d[0])))

    out = {
        "lateral_lean": float(np.degrees(np.arctan2(up[0], up[1]))),
        "shoulder_tilt": tilt(p["armL"], p["armR"]),
        "pelvis_tilt": tilt(p["thighL"], p["thighR"]),
        "forward_lean": float(np.degrees(np.arctan2(up[2], up[1]))),
    }
    for side, letter in (("left", "L"), ("right", "R")):
        arm = p[f"hand{letter}"] - p[f"arm{letter}"]
        cosine = -arm[1] / np.linalg.norm(arm)
        out[f"{side}_elevation"] = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    return out
