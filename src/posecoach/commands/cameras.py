"""Which camera and which way of practising: the ones named, or the ones used last."""

from __future__ import annotations

from posecoach.app.practice.set_up import SetUpWishes
from posecoach.capture.base import FrameSource
from posecoach.capture.camera import CameraInfo, find_camera, list_cameras
from posecoach.capture.sources import open_source
from posecoach.coach.ways import Way
from posecoach.errors import CameraError
from posecoach.settings import Settings, SettingsStore


class CameraChoice:
    """The camera of a practice, remembered from one run to the next by its name.

    Parameters
    ----------
    store : SettingsStore
    wanted : str or int, optional
        Number or name; by default the one used last, or the first there is.
    """

    def __init__(self, store: SettingsStore, wanted: str | int | None = None) -> None:
        self._store, self._wanted = store, wanted
        self._chosen: CameraInfo | None = None

    def open(self) -> FrameSource:
        """Open it.

        Raises
        ------
        CameraError
            It cannot be opened.
        """
        return open_source(None, camera=self._find())

    def wishes(self) -> SetUpWishes:
        """Return what the set-up needs to know."""
        return SetUpWishes(
            list_cameras, self._open_other, self._name(), find_way(self._store.settings), self._keep
        )

    def _find(self) -> str | int | None:
        """Return the camera wanted; one remembered that is away is no reason to stop."""
        if self._chosen is not None:
            # Plugged in again it may have another number, and another one its number.
            named = [c.index for c in list_cameras() if c.name == self._chosen.name]
            if self._chosen.index in named:
                return self._chosen.index
            return named[0] if named else self._chosen.name
        if self._wanted is not None:
            return self._wanted
        name = self._store.settings.camera
        return next((c.index for c in list_cameras() if name and c.name == name), None)

    def _name(self) -> str:
        try:
            return find_camera(self._find(), list_cameras()).name
        except CameraError:
            return ""

    def _open_other(self, camera: CameraInfo) -> FrameSource:
        self._chosen = camera
        return self.open()

    def _keep(self, camera: str | None = None, way: Way | None = None) -> None:
        if camera:
            self._store.change(camera=camera[:200])
        if way is not None:
            self._store.change(seated=way == Way.SEATED, upper_body=way == Way.UPPER_BODY)


def find_way(settings: Settings) -> Way:
    """Return the way of practising that is in the settings."""
    if settings.upper_body:
        return Way.UPPER_BODY
    return Way.SEATED if settings.seated else Way.WHOLE
