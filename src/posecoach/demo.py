"""``make demo``: a sample video of a practitioner is watched, compared and coached.

With a screen it opens the practice window; without one it writes the annotated video and says
what was seen.
"""

from __future__ import annotations

import sys
from pathlib import Path

from posecoach.capture.sample import SAMPLE, find_sample
from posecoach.errors import InputError, PosecoachError
from posecoach.text import N_, choose_language, translate

__all__ = ["SAMPLE", "find_sample", "main"]

FORM = "two-hands-hold-up-the-heavens"
OUT = Path("demo-out")


def main() -> int:
    """Run the demo; return the exit status."""
    language = choose_language()
    try:
        sample = find_sample()
        from posecoach.app.kit.qt import has_screen

        status = _show(sample, language) if has_screen() else _write(sample, language)
    except PosecoachError as error:
        print(f"posecoach: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    print(
        "\n"
        + translate(N_("With your own camera, two to four metres away:"), language)
        + f"\n\n    .venv/bin/posecoach practice {FORM} --camera 0\n\n"
        + translate(N_("What works on this computer, and what does not:"), language)
        + "\n\n    .venv/bin/posecoach doctor\n"
    )
    return status


def _show(sample: Path, language: str) -> int:
    from posecoach.commands.window import practise_in_window
    from posecoach.reference.library import get_shipped_folder, open_form

    print(translate(N_("The practice window opens; it ends with Esc."), language), flush=True)
    return practise_in_window(open_form(get_shipped_folder() / FORM), sample, None, language)


def _write(sample: Path, language: str) -> int:
    from posecoach.commands.analyze import Task, run_task, summarise, write_text
    from posecoach.pose.bundle import ensure_model
    from posecoach.reference.library import get_shipped_folder

    model = ensure_model(None, print)
    try:
        OUT.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(
            f"Expected to make the folder {OUT} here but {error.strerror}; "
            "run the demo where files may be written."
        ) from error
    video, document = OUT / "practice.mp4", OUT / "practice.json"
    print(
        translate(
            N_("No screen here: the annotated video is written (about half a minute) ..."), language
        ),
        flush=True,
    )
    form = str(get_shipped_folder() / FORM)
    result = run_task(Task(sample, form, str(model), language, video), _tell_progress)
    write_text(document, result.model_dump_json() + "\n")
    print("\n" + "\n".join(summarise(result, language)))
    print("\n" + translate(N_("Annotated video:"), language) + f" {video}")
    print(translate(N_("All measures:"), language) + f" {document}")
    return 0 if result.judged else 1


def _tell_progress(done: int, total: int | None) -> None:
    """Say how far it is, every fifth of the way; a log is no terminal."""
    if total and done % max(1, total // 5) == 0:
        print(f"  {round(100 * done / total)} %", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
