"""Draw the clips of this folder again, and where everybody's trunk is in them.

    python tests/pose/crowds/make_clips.py [NAME ...] [--out FOLDER]

Needs the dependency group ``samples`` (PyAV, for H.264).
"""

from __future__ import annotations

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path

import av

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "samples"))

from people.crowds import make_scene  # noqa: E402

SIZE, FPS = (480, 360), 15
SPANS: dict[str, tuple[float, int]] = {
    "through-front": (3.0, 40),
    "stops-in-front": (3.0, 60),
    "looked-on": (0.0, 75),
    "group": (0.0, 15),
}
"""From which second on, and how many of every other frame at `FPS`."""


def make_clip(name: str, folder: Path) -> None:
    """Draw one clip and write its truth beside it."""
    scene, _ = make_scene(name, SIZE)
    start, count = SPANS[name]
    trunks = []
    with av.open(str(folder / f"{name}.mp4"), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS, 2))
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"crf": "30", "preset": "slower"}
        stream.codec_context.thread_count = 1
        for k in range(count):
            time_s = start + 2 * k / FPS
            picture = scene.draw(time_s)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")):
                container.mux(packet)
            trunks.append(
                [
                    None if p is None else [round(float(v)) for v in p.ravel()]
                    for p in scene.trunks(time_s)
                ]
            )
        for packet in stream.encode():
            container.mux(packet)
    told = json.dumps({"trunks": trunks}, separators=(",", ":"))
    (folder / f"{name}.json").write_text(told, encoding="utf-8")


def main() -> None:
    """Draw what was asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*SPANS, []], metavar="NAME")
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    for name in options.names or SPANS:
        make_clip(name, options.out)
        print(name, flush=True)


if __name__ == "__main__":
    main()
