"""Stand-ins for what OpenCV gives for a camera."""

import itertools
import threading
import time

import cv2
import numpy as np


class FakeCapture:
    """A camera: each grab takes an item of ``script``.

    An item is the seconds until a picture comes, or None: no picture.
    """

    def __init__(self, script, size=(40, 30), opened=True, picture=None):
        self.script = iter(script)
        self.size, self.opened, self.picture = size, opened, picture
        self.asked, self.count, self.released = {}, 0, 0
        self.arrivals = []
        self.threads = set()

    def isOpened(self):  # noqa: N802
        return self.opened

    def grab(self):
        assert not self.released, "read after release"
        self.threads.add(threading.get_ident())
        wait = next(self.script, None)
        if wait is None:
            return False
        time.sleep(wait)
        self.arrivals.append(time.monotonic())
        self.count += 1
        return True

    def retrieve(self):
        if self.picture is not None:
            return self.picture()
        width, height = self.size
        return True, np.full((height, width, 3), self.count % 256, np.uint8)

    def get(self, prop):
        return 25.0 if prop == cv2.CAP_PROP_FPS else 0.0

    def set(self, prop, value):
        self.asked[prop] = value
        return False

    def release(self):
        self.released += 1


def steady(gap=0.005):
    return itertools.repeat(gap)
