"""What can be done while setting up: another camera, another way, and what is shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from posecoach.app.practice.drawing import Canvas
from posecoach.app.practice.driving import Driver
from posecoach.app.practice.set_up import Listing, SetUpPage, SetUpWishes
from posecoach.capture.camera import CameraInfo
from posecoach.coach.ways import Way
from posecoach.live import LiveResult
from posecoach.overlay.setup import draw_set_up
from posecoach.text import N_


class SetUpDesk:
    """Stands between the set-up's page and the driver.

    Parameters
    ----------
    page : SetUpPage
    driver : Driver
    wishes : SetUpWishes or None
        None: there is no set-up.
    enter : callable
        Called when another camera is being opened.
    """

    def __init__(
        self,
        page: SetUpPage,
        driver: Driver,
        wishes: SetUpWishes | None,
        enter: Callable[[], None],
    ) -> None:
        self._page, self._driver, self._wishes, self._enter = page, driver, wishes, enter
        self._camera = wishes.camera if wishes else ""
        self._listing = Listing(wishes.cameras) if wishes else None
        page.started.connect(self.begin)
        page.camera_chosen.connect(self.choose_camera)
        page.way_chosen.connect(self.choose_way)

    @property
    def has_cameras(self) -> bool:
        """Whether another camera can be chosen."""
        return self._wishes is not None and self._wishes.open_camera is not None

    def begin(self) -> None:
        """End the set-up and practise, whatever it thinks."""
        self._driver.coach.begin()

    def choose_camera(self, camera: CameraInfo) -> None:
        """Go on before another camera, and remember it."""
        wishes = self._wishes
        if wishes is None or wishes.open_camera is None:
            return
        self._camera = camera.name
        wishes.remember(camera=camera.name)
        open_camera = wishes.open_camera
        self._driver.switch(lambda: open_camera(camera))
        self._enter()

    def choose_way(self, way: str) -> None:
        """Practise in another way, and remember it."""
        self._driver.set_way(Way(way))
        if self._wishes is not None:
            self._wishes.remember(way=Way(way))

    def look_for_cameras(self) -> None:
        """Offer the cameras there are now."""
        if self._wishes is not None:
            self.close()
            self._listing = Listing(self._wishes.cameras)
            self._page.show_waiting(N_("Choose a camera below"))

    def tick(self) -> None:
        """Offer the cameras once they are known."""
        cameras = self._listing.take() if self._listing is not None else None
        if cameras is not None:
            self._page.fill_cameras(cameras, self._camera)

    def show(self, result: LiveResult, canvas: Canvas) -> None:
        """Show what the set-up says."""
        found = result.state.set_up
        if found is not None:
            self._page.show_found(found)
            picture = canvas.scale(result.frame, self._page.view)
            mirrored = canvas.renderer.mirrored
            self._page.show_picture(draw_set_up(picture, result.state, mirrored=mirrored))

    def close(self) -> None:
        """Wait a moment for what still runs."""
        if self._listing is not None:
            self._listing.stop()
