"""The camera of a practice: found again by its name, whatever its number."""

import pytest

from posecoach.capture.camera import CameraInfo
from posecoach.commands import cameras
from posecoach.commands.cameras import CameraChoice
from posecoach.settings import SettingsStore

LID, STICK, TWIN = CameraInfo(0, "In the lid"), CameraInfo(2, "On a stick"), CameraInfo(4, "Twin")


@pytest.fixture
def there(monkeypatch):
    """Return the list of the cameras that are plugged in; opening one gives what was asked for."""
    found = [LID, STICK]
    monkeypatch.setattr(cameras, "list_cameras", lambda: list(found))
    monkeypatch.setattr(cameras, "open_source", lambda spec, camera: camera)
    return found


def test_the_camera_of_the_last_time_is_found_by_its_name(there):
    store = SettingsStore(keep=False)
    choice = CameraChoice(store)
    assert choice.open() is None  # the first there is
    wishes = choice.wishes()
    assert wishes.camera == "In the lid"
    wishes.remember(camera="On a stick")
    assert CameraChoice(store).open() == 2
    there[1] = CameraInfo(1, "On a stick")
    again = CameraChoice(store)
    assert again.open() == 1
    assert again.wishes().camera == "On a stick"
    del there[1]
    assert CameraChoice(store).open() is None  # away: no reason to stop
    assert CameraChoice(store, "0").open() == "0"


def test_one_chosen_on_the_page_stays_the_same_one_when_it_comes_back(there):
    choice = CameraChoice(SettingsStore(keep=False), "0")
    assert choice.wishes().open_camera(STICK) == 2
    there[1] = CameraInfo(5, "On a stick")
    assert choice.open() == 5
    there[1:] = [CameraInfo(2, "Another one")]  # with the number it had
    assert choice.open() == "On a stick"
    there[:] = [CameraInfo(3, "Twin"), TWIN]
    assert choice.wishes().open_camera(TWIN) == 4  # of two of a name the one that was meant
