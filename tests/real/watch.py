"""``watch.py MODEL VIDEO STEP OUT``: what the model sees in every STEP-th frame of a video."""

import sys

from posecoach.capture.replay import save_motion
from posecoach.capture.video import VideoFile
from posecoach.motion import Motion
from posecoach.pose.person import PersonEstimator

if __name__ == "__main__":
    model, video, step, out = sys.argv[1:]
    with VideoFile(video) as source, PersonEstimator(model) as estimator:
        seen = [estimator.estimate(f) for f in source if f.index % int(step) == 0]
        save_motion(Motion.from_observations(seen, source.name), out)
