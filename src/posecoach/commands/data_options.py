"""Options of ``posecoach history`` and ``posecoach data``; the work is in `commands.data`.

Nothing heavy is imported before a command is run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

data = typer.Typer(help="What posecoach keeps on this machine: list, delete.", no_args_is_help=True)

_Language = Annotated[
    str | None, typer.Option("--language", "-l", help="de or en; by default the system's.")
]


def _say(text: str) -> None:
    print(text, flush=True)


def history(
    language: _Language = None,
    json: Annotated[
        Path | None, typer.Option("--json", help="Write all that is kept as JSON.")
    ] = None,
) -> None:
    """List the practices kept, the newest first."""
    from posecoach.commands.data import list_history, make_history_document
    from posecoach.text import choose_language

    tongue = choose_language(language)
    if json is not None:
        from posecoach.commands.analyze import check_output, write_text
        from posecoach.journal.place import get_journal_path

        check_output(json, [get_journal_path()])
        write_text(json, make_history_document())
        return
    for line in list_history(tongue):
        _say(line)


@data.command("list")
def list_data(language: _Language = None) -> None:
    """List everything posecoach keeps on this machine, with its size and place."""
    from posecoach.commands.data import find_parts, list_stored
    from posecoach.text import choose_language

    for line in list_stored(find_parts(), choose_language(language)):
        _say(line)


@data.command("delete")
def delete_data(
    sessions: Annotated[bool, typer.Option("--sessions", help="The practices kept.")] = False,
    videos: Annotated[bool, typer.Option("--videos", help="Videos of practices.")] = False,
    forms: Annotated[bool, typer.Option("--forms", help="Your own forms.")] = False,
    model: Annotated[bool, typer.Option("--model", help="The pose model.")] = False,
    settings: Annotated[bool, typer.Option("--settings", help="What was chosen.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All of it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    language: _Language = None,
) -> None:
    """Delete what posecoach keeps on this machine, after asking."""
    from posecoach.commands.data import PARTS, choose_parts, delete_stored
    from posecoach.text import choose_language

    wanted = {
        "sessions": sessions,
        "videos": videos,
        "forms": forms,
        "model": model,
        "settings": settings,
    }
    names = [name for name in PARTS if everything or wanted.get(name)]
    done = delete_stored(
        choose_parts(names), choose_language(language), ask=None if yes else input, say=_say
    )
    raise typer.Exit(0 if done else 1)
