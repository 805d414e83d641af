from dataclasses import replace
from itertools import product

import cv2
import numpy as np
import pytest

from posecoach.body import INDEX, NOSE, SHOULDERS
from posecoach.coach.guidance import Guidance
from posecoach.coach.state import Arms, Status
from posecoach.coach.words import cue_text
from posecoach.errors import UsageError
from posecoach.measure.judgement import Judgement
from posecoach.overlay import Renderer, panels, shape
from posecoach.overlay.shape import breath_fullness
from posecoach.overlay.style import CHANGE, GOOD, OWN, WHITE, put_text

SIZES = [(320, 240), (640, 480), (641, 479), (960, 540), (1280, 720), (1920, 1080), (480, 640)]
GREY = 128


def grey(width=640, height=480):
    return np.full((height, width, 3), GREY, np.uint8)


def where(image, colour, within=25, left=0):
    """Return (x, y) of the pixels of about a colour; ``left`` is where the part begins."""
    off = np.abs(image.astype(int) - colour).max(axis=-1)
    y, x = np.nonzero(off <= within)
    return np.stack([x + left, y], axis=-1)


def pixel_of(state, point, width, height, mirrored):
    x, y = state.observation.plane()[point] * height
    return np.array([width - 1 - x if mirrored else x, y])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_picture_given_stays_as_it_is_at_every_size(sequence, states, picture, width, height):
    given = picture(width, height)
    before = given.copy()
    for mirrored, ghost in product((True, False), repeat=2):
        renderer = Renderer(sequence, "de", mirrored=mirrored, ghost=ghost)
        for state in states[:: len(states) // 12]:
            drawn = renderer.draw(given, state)
            assert drawn.shape == given.shape
            assert drawn.dtype == np.uint8
            assert not np.shares_memory(drawn, given)
    assert (given == before).all()


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("seen", [True, False])
def test_every_status_is_drawn(sequence, moving, nobody, picture, status, seen):
    state = moving() if seen else nobody()
    for reason in (None, "too_small", "cut_off", "hidden", "place_unknown", "incomplete"):
        drawn = Renderer(sequence).draw(picture(), replace(state, status=status, reason=reason))
        assert (drawn != cv2.flip(picture(), 1)).any()


def odd_points(points):
    """Return points with gaps, without end, and far outside."""
    yield np.full_like(points, np.nan)
    for value in (np.nan, np.inf, -np.inf, 1e12, -1e12, 300.0, -7.0):
        some = points.copy()
        some[::2] = value
        yield some
        one = points.copy()
        one[INDEX["left_wrist"]] = value
        yield one
    yield points * 1e6
    yield points * 1e-9
    yield points + 50.0


@pytest.mark.parametrize("measure", ["lateral_lean", "arm_height_difference", "shoulder_tilt"])
def test_points_anywhere_or_nowhere_do_no_harm(sequence, moving, cue, picture, measure):
    leaning = {"lateral_lean": Judgement(12.0, 0.0, 12.0, 12.0, 1.0, 4.0, "deg", True, None)}
    state = moving(cue=cue(measure, "left"), judgements=leaning)
    renderer = Renderer(sequence)
    for image in odd_points(state.observation.image):
        drawn = renderer.draw(
            picture(320, 240), replace(state, observation=replace(state.observation, image=image))
        )
        assert drawn.shape == (240, 320, 3)
    for ghost in odd_points(state.ghost):
        renderer.draw(picture(320, 240), replace(state, ghost=ghost))
    arms = Arms(np.array([np.nan, np.inf]), np.array([-4.0, 999.0]))
    renderer.draw(picture(320, 240), replace(state, arms=arms, tempo=1e9))


def test_a_language_not_spoken_is_refused(sequence):
    with pytest.raises(UsageError, match="de, en"):
        Renderer(sequence, "fr")


def test_the_mirror_turns_the_picture_and_not_the_writing(sequence, nobody, picture):
    empty = nobody()
    shown = {m: Renderer(sequence, mirrored=m).draw(picture(), empty) for m in (True, False)}
    middle = slice(140, 280)
    assert (shown[True][middle] == cv2.flip(picture(), 1)[middle]).all()
    assert (shown[False][middle] == picture()[middle]).all()
    plain = {m: Renderer(sequence, mirrored=m).draw(grey(), empty) for m in (True, False)}
    assert (plain[True] == plain[False]).all()
    letters = where(plain[True][300:], WHITE, 5)
    assert len(letters) > 2000


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("mirrored", [True, False])
def test_the_ring_is_on_the_side_meant(sequence, moving, cue, side, mirrored):
    state = moving(4.0, cue=cue(f"joint_angle.{side}_elbow", "more", "x"))
    drawn = Renderer(sequence, mirrored=mirrored, ghost=False).draw(grey(), state)
    ring = where(drawn[:, 20:], CHANGE, left=20)  # the banner's edge is of the same colour
    at = pixel_of(state, INDEX[f"{side}_elbow"], 640, 480, mirrored)
    assert ring.mean(axis=0) == pytest.approx(at, abs=3.0)
    on_the_left = at[0] < 320
    assert on_the_left == ((side == "left") == mirrored)
    distance = np.linalg.norm(ring - at, axis=1)
    assert distance.min() > 0.03 * 480
    assert distance.max() < 0.06 * 480


@pytest.mark.parametrize("measure", ["arm_height_difference", "shoulder_tilt", "pelvis_tilt"])
def test_what_should_rise_has_an_arrow_above_it(sequence, moving, cue, measure):
    # The deviation: left hand too high, but left shoulder or hip too low.
    state = moving(1.0, cue=cue(measure, "left", "x"))
    drawn = Renderer(sequence, ghost=False).draw(grey(), state)
    marks = where(drawn[:, 20:], CHANGE, left=20)
    point = {"arm": "right_wrist", "sho": "left_shoulder", "pel": "left_hip"}[measure[:3]]
    x, y = pixel_of(state, INDEX[point], 640, 480, True)
    arrow = marks[marks[:, 1] < y - 0.06 * 480]
    assert len(arrow) > 200
    assert abs(arrow[:, 0].mean() - x) < 25
    rows = arrow[:, 1]
    wide = [np.ptp(arrow[rows == r, 0]) for r in (rows.min() + 2, rows.min() + 20)]
    assert wide[0] < wide[1]  # it points upwards


@pytest.mark.parametrize("direction", ["left", "right"])
@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("facing", [1, -1])
def test_the_arrow_of_a_lean_points_where_to_go(sequence, moving, cue, direction, mirrored, facing):
    state = moving(cue=cue("lateral_lean", direction, "x"), judgements={}, calibration=None)
    o = state.observation
    if facing < 0:
        image = o.image.copy()
        image[:, 0] = 1.0 - image[:, 0]
        o = replace(o, image=image)
        state = replace(state, observation=o)
    drawn = Renderer(sequence, ghost=False, mirrored=mirrored).draw(grey(), state)
    arrow = where(drawn[:300, 20:], CHANGE, left=20)
    head = pixel_of(state, NOSE, 640, 480, mirrored)
    left, right = (pixel_of(state, p, 640, 480, mirrored)[0] for p in SHOULDERS)
    to = "right" if direction == "left" else "left"
    wanted = np.sign(right - left) if to == "right" else np.sign(left - right)
    assert np.sign(arrow[:, 0].mean() - head[0]) == wanted
    columns = arrow[:, 0] * wanted
    tip = columns.max() - 3
    assert np.ptp(arrow[columns == tip, 1]) < np.ptp(arrow[columns == tip - 15, 1])


def test_no_ring_while_praised(sequence, moving, cue):
    state = moving(cue=cue("joint_angle.left_elbow", "more"), praise=True)
    drawn = Renderer(sequence, ghost=False).draw(grey(), state)
    assert len(where(drawn, CHANGE)) == 0
    assert len(where(drawn[400:, :6], GOOD)) > 50


def bars(image):
    """Return how much of each bar at the left is filled."""
    blue = where(image[140:245, :84], OWN, 4)
    half = 45
    return [int(np.count_nonzero((blue[:, 0] < half) == first)) for first in (True, False)]


def test_the_left_arms_bar_is_left_in_the_mirror(sequence, moving):
    arms = Arms(np.array([150.0, 20.0]), np.array([150.0, 150.0]))
    state = moving(arms=arms)
    first, second = bars(Renderer(sequence).draw(grey(), state))
    assert first > 3 * second > 0
    first, second = bars(Renderer(sequence, mirrored=False).draw(grey(), state))
    assert second > 3 * first > 0
    letters = [
        where(Renderer(sequence, mirrored=m).draw(grey(), state)[245:275, :84], WHITE)
        for m in (True, False)
    ]
    assert [len(x[x[:, 0] < 45]) for x in letters] == [
        len(x[x[:, 0] >= 45]) for x in reversed(letters)
    ]


def test_the_gauge_tells_slow_from_fast_and_is_framed_when_asked(sequence, moving, cue):
    def gauge(state):
        return Renderer(sequence).draw(grey(), state)[:90, 420:]

    slow, fast = (where(gauge(moving(tempo=t)), CHANGE) for t in (0.6, 1.5))
    even = where(gauge(moving(tempo=1.0)), CHANGE)
    assert len(even) == 0
    assert slow[:, 0].mean() + 60 < fast[:, 0].mean()
    asked = where(gauge(moving(tempo=1.0, cue=cue("tempo_ratio", "fast"))), CHANGE)
    assert len(asked) > 300
    none = where(gauge(moving(tempo=None, cue=cue("tempo_ratio", "fast"))), CHANGE)
    assert len(none) == 0


RING = (slice(5, 130), slice(5, 130))  # the slow shape, at 640 by 480


def test_the_ring_fills_and_the_breath_comes_and_goes(sequence, moving):
    def measure(place):
        drawn = Renderer(sequence).draw(grey(), moving(place))[RING]
        return len(where(drawn, OWN, 4)), len(where(drawn, GOOD, 10))

    filled, breath = zip(*(measure(p) for p in (0.8, 2.0, 4.0, 5.7, 7.0, 8.8)), strict=True)
    assert list(filled) == sorted(filled)
    assert filled[-1] > 4 * filled[0]
    assert breath[0] < breath[1] < breath[2]
    assert breath[3] > breath[4] > breath[5]


def test_the_shape_waits_for_the_person_and_not_for_the_clock(sequence, moving):
    state = moving(3.0)
    now = Renderer(sequence).draw(grey(), state)[RING]
    later = Renderer(sequence).draw(grey(), replace(state, time_s=state.time_s + 60.0))[RING]
    assert (now == later).all()


def test_a_hold_keeps_the_breath_as_it_was(sequence):
    full = [breath_fullness(sequence.phases, p) for p in (0.0, 2.25, 4.5, 5.0, 5.5, 7.75, 10.0)]
    assert full == pytest.approx([0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0], abs=0.01)
    assert breath_fullness((), 3.0) == 0.0


def test_the_phase_one_is_in_stands_out(sequence, moving):
    for place, phase in ((1.0, 0), (4.8, 1), (7.0, 2)):
        ring = Renderer(sequence).draw(grey(), moving(place))[RING]
        x, y = (where(ring, (212, 208, 205), 4) - 62.0).T
        turn = np.degrees(np.arctan2(x, -y)) % 360.0 / 36.0  # seconds of ten
        start, end = sequence.phases[phase].start_s, sequence.phases[phase].end_s
        low, high = np.quantile(turn, [0.05, 0.95])  # soft edges elsewhere are like it
        assert max(start, place) - 0.15 <= low < high <= end + 0.15


@pytest.mark.parametrize(
    ("width", "height"), [(640, 480), (1280, 720), (1920, 1080), (480, 640), (1080, 1920)]
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_cue_is_readable_from_three_metres(sequence, moving, cue, width, height, language):
    """Capitals of a cue are at least 11 % of the picture's height, measured on the picture."""
    text = cue_text("lateral_lean", "left", language)
    assert 3 <= len(text.split()) <= 5
    renderer = Renderer(sequence, language, ghost=False)
    state = moving(cue=cue("joint_angle.left_knee", "more", text[0] * 3))  # its capital letter
    drawn = renderer.draw(grey(width, height), state)
    rows = where(drawn[round(0.7 * height) :, width // 3 :], WHITE, 5)[:, 1]
    assert np.ptp(rows) + 1 >= 0.11 * height
    whole = renderer.draw(grey(width, height), moving(cue=cue("tempo_ratio", "fast", text)))
    letters = where(whole[height // 2 :], WHITE, 5)
    assert letters[:, 0].min() > 0.01 * width
    assert letters[:, 0].max() < 0.99 * width


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_number_stands_on_the_picture(sequence, states, nobody, language, monkeypatch):
    written = []

    def put(image, text, *how):
        written.append(text)
        put_text(image, text, *how)

    for module in (panels, shape):
        monkeypatch.setattr(module, "put_text", put)
    renderer = Renderer(sequence, language)
    renderer.inset = True
    for state in [*states[::10], *(s for s in states if s.new_cue or s.finished), nobody()]:
        renderer.draw(grey(652, 490), state)  # a size that is not drawn before
    assert len(set(written)) > 8
    assert [text for text in written if any(c.isdigit() or c == "%" for c in text)] == []


def test_the_teacher_swaps_from_the_body_to_the_corner_and_away(sequence, moving):
    renderer, state = Renderer(sequence), moving(match=0.0)
    bare = Renderer(sequence, ghost=False).draw(grey(), state).astype(int)

    def changed():
        off = np.abs(renderer.draw(grey(), state).astype(int) - bare).max(axis=-1) > 20
        return int(off[:, 160:460].sum()), int(off[100:280, 460:].sum())

    on_body, in_corner = changed()
    assert on_body > 1000 > in_corner
    renderer.swap_teacher()
    on_body, in_corner = changed()
    assert in_corner > 1000 > on_body
    renderer.swap_teacher()
    assert changed() == (0, 0)
    renderer.swap_teacher()
    assert renderer.ghost
    assert not renderer.inset


def test_a_pass_without_feedback_shows_no_teacher_in_the_corner_either(sequence, moving):
    state = moving(guidance=Guidance("none"))
    renderer = Renderer(sequence, ghost=False)
    bare = renderer.draw(grey(), state)
    renderer.inset = True
    assert (renderer.draw(grey(), state) == bare).all()


def test_another_large_line_takes_the_place_of_the_cue(sequence, moving, cue):
    state = moving(cue=cue("tempo_ratio", "fast"))
    drawn = Renderer(sequence).draw(grey(), state, told=False)
    assert len(where(drawn[380:], WHITE, 5)) < 300  # the joints of the legs
    assert len(where(Renderer(sequence).draw(grey(), state)[380:], WHITE, 5)) > 1000


def test_repetitions_stay_countable_beside_a_cue(sequence, moving, cue):
    def dots(n, **more):
        drawn = Renderer(sequence).draw(grey(), moving(repetition=n, **more))
        mask = np.zeros(drawn.shape[:2], np.uint8)
        found = where(drawn[84:120, 400:], GOOD, 12)
        mask[found[:, 1], found[:, 0]] = 1
        return cv2.connectedComponents(mask)[0] - 1

    for n in (0, 1, 3, 8, 12):
        assert dots(n) == n
        assert dots(n, cue=cue("joint_angle.left_knee", "more")) == n
    assert dots(40) == 12


def test_a_blink_of_the_tracker_changes_nothing_around(sequence, moving, nobody):
    renderer = Renderer(sequence)
    state = moving()
    top = renderer.draw(grey(), state)[:130, :130]
    blink = renderer.draw(grey(), nobody(state.time_s + 0.2))
    assert (blink[:130, :130] == top).all()
    assert (blink[400:] == GREY).all()
    gone = renderer.draw(grey(), nobody(state.time_s + 0.6))
    assert (gone[:130, :130] != top).any()
    assert len(where(gone[300:], WHITE, 5)) > 2000
    first = Renderer(sequence).draw(grey(), nobody(state.time_s + 0.2))
    assert (first == gone).all()


def test_the_ghost_grows_quiet_as_one_comes_together(sequence, moving):
    without = Renderer(sequence, ghost=False)
    renderer = Renderer(sequence)

    def strength(match):
        state = moving(match=match)
        far = replace(state, ghost=state.ghost + np.array([0.12, 0.0]))
        drawn, bare = (r.draw(grey(), far).astype(int) for r in (renderer, without))
        return float(np.abs(drawn - bare).mean())

    apart, near, together = (strength(m) for m in (0.0, 0.5, 1.0))
    assert apart > near > together > 0
    assert together < 0.3 * apart


def test_the_same_state_gives_the_same_picture(sequence, states, picture):
    pictures = [
        [Renderer(sequence, "de").draw(picture(), s) for s in states[::40]] for _ in range(2)
    ]
    assert all((a == b).all() for a, b in zip(*pictures, strict=True))


def test_a_cue_on_show_changes_its_language_too(sequence, moving, cue):
    measure, direction = "lateral_lean", "left"
    said = [cue_text(measure, direction, tongue) for tongue in ("de", "en")]
    shown = {
        tongue: [
            Renderer(sequence, tongue).draw(grey(), moving(cue=cue(measure, direction, text=text)))
            for text in said
        ]
        for tongue in ("de", "en")
    }
    assert np.array_equal(*shown["de"])
    assert np.array_equal(*shown["en"])
    assert not np.array_equal(shown["de"][0], shown["en"][0])


def test_a_long_title_is_written_out(sequence, nobody):
    long = replace(sequence, titles={"de": "Eröffnung: ankommen, den Ball umfassen"})
    cut = replace(sequence, titles={"de": "Eröffnung: ankommen, den Ball umf…"})
    pictures = [Renderer(s, "de").draw(grey(), nobody()) for s in (long, cut)]
    assert not np.array_equal(*pictures)
