"""``python -m posecoach.pose [VARIANT]``: make sure that the pose model is there."""

from __future__ import annotations

import sys

from posecoach.errors import PosecoachError
from posecoach.pose.bundle import ensure_model


def main() -> int:
    """Fetch and build the model unless it is cached; return the exit status."""
    try:
        ensure_model(sys.argv[1] if len(sys.argv) > 1 else None, progress=print)
    except PosecoachError as error:
        print(f"posecoach: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
