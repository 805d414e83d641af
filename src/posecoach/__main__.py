"""``python -m posecoach`` is the command ``posecoach``."""

from posecoach.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
