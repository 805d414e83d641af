"""Capture: frames from cameras and videos, and landmark recordings that stand in for both."""

import os

# OpenCV reads this once, when it first opens a video; the decoder's remarks on damaged files are
# told in one line of our own. POSECOACH_VERBOSE shows them.
if not os.environ.get("POSECOACH_VERBOSE"):
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
