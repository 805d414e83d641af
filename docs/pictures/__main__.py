"""Make pictures of every screen, from the real windows and the samples through the real model.

    python docs/pictures FOLDER [--only home,set-up,practice,trouble,summary,studio,walk]
                                [--language de] [--width 1366]
    python docs/pictures --docs

The first writes all of them, in both languages and two sizes, into a folder; the second makes
the few that stand in the README and on the teacher's page. Without a screen Qt draws in memory
(``QT_QPA_PLATFORM=offscreen``). ``make pictures`` does the first with a screen of its own where
Xvfb is installed.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from posecoach.app.kit.qt import make_application
from scenes import LANGUAGES, SIZES, Album

ROOMS = ("home", "set-up", "practice", "trouble", "summary", "studio", "walk")


def main() -> None:
    """Make what is asked for."""
    parser = argparse.ArgumentParser(description="Make pictures of every screen.")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", default=",".join(ROOMS), help="comma-separated: %(default)s")
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--width", type=int, choices=[w for w, _ in SIZES])
    parser.add_argument("--docs", action="store_true", help="the ones that stand in docs/")
    given = parser.parse_args()
    make_application()
    if given.docs:
        import readme
        import teacher

        readme.write_pictures()
        teacher.write_pictures()
        return
    if given.folder is None:
        parser.error("a folder for the pictures, or --docs")
    album = Album(
        given.folder,
        (given.language,) if given.language else LANGUAGES,
        tuple(s for s in SIZES if given.width in (None, s[0])),
    )
    import home
    import practice
    import summary
    import teacher
    import walk

    shooters = {
        "home": home.shoot_home,
        "set-up": practice.shoot_set_up,
        "practice": practice.shoot_practice,
        "trouble": practice.shoot_troubles,
        "summary": summary.shoot_summaries,
        "studio": teacher.shoot_studio,
        "walk": walk.shoot_walk,
    }
    for room in given.only.split(","):
        shooters[room](album)


if __name__ == "__main__":
    main()
