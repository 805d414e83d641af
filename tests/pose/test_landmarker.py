import numpy as np
import pytest

from conftest import ROOT
from posecoach.body import INDEX
from posecoach.capture.base import Frame
from posecoach.capture.video import VideoFile
from posecoach.errors import ModelError, UsageError
from posecoach.pose.landmarker import MediaPipeEstimator

CLIP = ROOT / "samples" / "heavens-clean-dirk-small.mp4"


@pytest.fixture(scope="module")
def frames():
    with VideoFile(CLIP) as video:
        return [f for f, _ in zip(video, range(12), strict=False)]


@pytest.fixture
def estimator(model):
    with MediaPipeEstimator(model) as estimator:
        yield estimator


def test_a_body_is_found_with_left_on_its_own_left(estimator, frames):
    got = [estimator.estimate(f) for f in frames][-1]
    assert got.found
    assert got.time_s == frames[-1].time_s
    assert (got.width, got.height) == (frames[0].image.shape[1], frames[0].image.shape[0])
    assert got.image.shape == got.world.shape == (33, 3)
    assert got.visibility.shape == got.presence.shape == (33,)
    for joint in ("shoulder", "elbow", "wrist", "hip", "ankle"):
        left, right = (got.image[INDEX[f"{side}_{joint}"]] for side in ("left", "right"))
        # Facing the camera, the person's left is at greater x.
        assert left[0] > right[0]
    nose, hip = got.image[INDEX["nose"]], got.image[INDEX["left_hip"]]
    assert nose[1] < hip[1]
    assert np.abs(got.world[[23, 24]].mean(axis=0)).max() < 0.02
    assert ((got.visibility >= 0) & (got.visibility <= 1)).all()


def test_nobody_in_an_empty_picture(estimator):
    got = estimator.estimate(Frame(np.full((240, 320, 3), 90, np.uint8), 0.0, 0))
    assert not got.found
    assert np.isnan(got.image).all()
    assert (got.visibility == 0).all()


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (900, 2, 3), (1080, 1920, 3)])
def test_any_size_of_picture(estimator, shape):
    assert not estimator.estimate(Frame(np.zeros(shape, np.uint8), 0.0, 0)).found


def test_the_size_may_change_on_the_way(estimator, frames):
    estimator.estimate(frames[0])
    small = np.ascontiguousarray(frames[1].image[::2, ::2])
    got = estimator.estimate(Frame(small, frames[1].time_s, 1))
    assert (got.width, got.height) == (small.shape[1], small.shape[0])


def test_views_are_read_as_what_they_show(model, frames):
    """MediaPipe silently misreads pictures that do not lie in one piece."""

    def see(images):
        with MediaPipeEstimator(model) as estimator:
            pairs = zip(images, frames, strict=True)
            return [estimator.estimate(Frame(i, f.time_s, f.index)) for i, f in pairs][-1]

    flipped = [f.image[:, ::-1] for f in frames]
    assert not flipped[0].flags.c_contiguous
    view, copy = see(flipped), see([np.ascontiguousarray(i) for i in flipped])
    np.testing.assert_array_equal(view.image, copy.image)
    assert view.found


def test_the_same_frames_give_the_same_points(model, frames):
    def see():
        with MediaPipeEstimator(model) as estimator:
            return np.stack([estimator.estimate(f).image for f in frames])

    np.testing.assert_array_equal(see(), see())


def test_times_that_stand_still_or_run_back_are_survived(estimator, frames):
    for frame, time_s in zip(frames, (0.0, 0.0, 0.0004, 5.0, 4.0, 0.0), strict=False):
        got = estimator.estimate(Frame(frame.image, time_s, frame.index))
        assert got.time_s == time_s


def test_after_closing_it_says_so(model, frames):
    estimator = MediaPipeEstimator(model)
    estimator.close()
    estimator.close()
    with pytest.raises(UsageError, match="closed"):
        estimator.estimate(frames[0])


@pytest.mark.parametrize(
    "content", [b"", b"not a model", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "empty zip"]
)
def test_a_file_that_is_no_model(tmp_path, content):
    path = tmp_path / "mine.task"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"mine\.task") as told:
        MediaPipeEstimator(path)
    assert "\n" not in str(told.value)


def test_a_model_that_is_not_there(tmp_path):
    with pytest.raises(ModelError, match=r"gone\.task"):
        MediaPipeEstimator(tmp_path / "gone.task")


def test_missing_system_libraries_are_named(monkeypatch, model):
    def fail(self, model):
        raise OSError("libGLESv2.so.2: cannot open shared object file")

    monkeypatch.setattr(MediaPipeEstimator, "_open", fail)
    with pytest.raises(ModelError, match=r"libGLESv2.*apt-get install libegl1 libgles2"):
        MediaPipeEstimator(model)


def test_nothing_is_said_on_a_correct_start(model, frames, capfd):
    with MediaPipeEstimator(model) as estimator:
        for frame in frames:
            estimator.estimate(frame)
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")
