"""MediaPipe's PoseLandmarker as a pose estimator."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from posecoach._closing import Closing
from posecoach.body import N_POINTS
from posecoach.capture.base import Frame
from posecoach.errors import ModelError, UsageError
from posecoach.motion import Observation
from posecoach.pose.quiet import quiet_stderr


class PoseEstimator(Protocol):
    """Anything that finds a body in a frame."""

    def estimate(self, frame: Frame) -> Observation:
        """Return what was found; times of the frames must grow."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class _Landmarker(Closing):
    """A PoseLandmarker, opened and closed, with its errors in our words."""

    def __init__(self, model: str | Path) -> None:
        self._closed = True
        try:
            with quiet_stderr():
                self._open(model)
        except OSError as error:
            raise ModelError(
                f"Expected the pose model to start but a system library is missing ({error}); "
                "on Debian or Ubuntu: sudo apt-get install libegl1 libgles2"
            ) from error
        except (RuntimeError, ValueError) as error:
            first = (str(error).strip() or type(error).__name__).splitlines()[0][:160]
            raise ModelError(
                f"Expected a pose landmarker bundle but {model} is none ({first}); "
                "leave --model out or choose another file."
            ) from error
        self._closed = False

    def _open(self, model: str | Path) -> None:
        raise NotImplementedError

    def _create(self, model: str | Path, mode: str, poses: int) -> None:
        import mediapipe as mp
        from mediapipe.tasks.python import BaseOptions, vision

        self._mp: Any = mp
        self._landmarker: Any = vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(model)),
                running_mode=vision.RunningMode[mode],
                num_poses=poses,
            )
        )

    def _wrap(self, frame: Frame) -> Any:
        if self._closed:
            raise UsageError("Expected an open pose estimator but it has been closed.")
        # A contiguous copy in the right colour order: MediaPipe silently misreads views.
        rgb = cv2.cvtColor(frame.image, cv2.COLOR_BGR2RGB)
        return self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb)

    def close(self) -> None:
        """Free the model; may be called twice."""
        if not self._closed:
            self._closed = True
            self._landmarker.close()


class MediaPipeEstimator(_Landmarker):
    """The PoseLandmarker in video mode: one person, smoothed by the model's own filter.

    Whom it follows is luck, and then sticks: `posecoach.pose.person.PersonEstimator` minds that.

    Parameters
    ----------
    model : path
        A ``.task`` bundle, see `posecoach.pose.bundle.ensure_model`.

    Raises
    ------
    ModelError
        The bundle is unusable, or system libraries it needs are missing.
    """

    def __init__(self, model: str | Path) -> None:
        self._last_ms = -1
        self._met = False  # whether a body has been found: the model's last warning comes then
        super().__init__(model)

    def _open(self, model: str | Path) -> None:
        self._create(model, "VIDEO", 1)

    def estimate(self, frame: Frame) -> Observation:
        """Return the body in a frame.

        Parameters
        ----------
        frame : Frame
            Its time must lie after the last one's.

        Returns
        -------
        Observation
            Of nobody if none was found.

        Raises
        ------
        UsageError
            The estimator has been closed.
        """
        image = self._wrap(frame)
        stamp = max(round(frame.time_s * 1000), self._last_ms + 1)
        self._last_ms = stamp
        if self._met:
            result = self._landmarker.detect_for_video(image, stamp)
        else:
            with quiet_stderr():
                result = self._landmarker.detect_for_video(image, stamp)
            self._met = bool(result.pose_landmarks)
        found = _read(result, frame)
        return found[0] if found else Observation.nobody(frame.time_s, *_size(frame))


class PeopleFinder(_Landmarker):
    """The PoseLandmarker on single pictures: several people, nothing kept between pictures.

    Parameters
    ----------
    model : path
        As for `MediaPipeEstimator`, with the same errors.
    """

    _MOST = 4

    def __init__(self, model: str | Path) -> None:
        self._met = False
        super().__init__(model)

    def _open(self, model: str | Path) -> None:
        self._create(model, "IMAGE", self._MOST)

    def find(self, frame: Frame) -> list[Observation]:
        """Return the bodies found in a picture, at most four; their order means nothing."""
        image = self._wrap(frame)
        if self._met:
            return _read(self._landmarker.detect(image), frame)
        with quiet_stderr():
            found = _read(self._landmarker.detect(image), frame)
        self._met = bool(found)
        return found


def _size(frame: Frame) -> tuple[int, int]:
    height, width = frame.image.shape[:2]
    return width, height


def _read(result: Any, frame: Frame) -> list[Observation]:
    out = []
    for picture, space in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True):
        points = np.array([(p.x, p.y, p.z) for p in picture], dtype=float)
        world = np.array([(p.x, p.y, p.z) for p in space], dtype=float)
        visibility = np.array([p.visibility for p in picture], dtype=float)
        presence = np.array([p.presence for p in picture], dtype=float)
        assert points.shape == (N_POINTS, 3)
        out.append(Observation(frame.time_s, points, world, visibility, presence, *_size(frame)))
    return out
