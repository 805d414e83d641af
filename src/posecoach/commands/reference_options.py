"""Options of ``posecoach references``; the work is in `commands.references` and its neighbours.

Nothing heavy is imported before a command is run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

references = typer.Typer(
    help="The forms at hand: list, show, check, pack, unpack, export, import.", no_args_is_help=True
)

_Language = Annotated[
    str | None, typer.Option("--language", "-l", help="de or en; by default the system's.")
]


def _say(text: str) -> None:
    print(text, flush=True)


@references.command("list")
def list_references(language: _Language = None) -> None:
    """List the forms at hand."""
    from posecoach.commands.references import list_forms
    from posecoach.text import choose_language

    for line in list_forms(choose_language(language)):
        _say(line)


@references.command("show")
def show_reference(
    form: Annotated[str, typer.Argument(help="Form or folder.")], language: _Language = None
) -> None:
    """Show what is in a form."""
    from posecoach.commands.references import show_form
    from posecoach.text import choose_language

    for line in show_form(form, choose_language(language)):
        _say(line)


@references.command("check")
def check_references(
    forms: Annotated[
        list[str] | None, typer.Argument(help="Forms or folders; by default all.")
    ] = None,
    language: _Language = None,
) -> None:
    """Check forms: everything that is wrong or doubtful, with what to do."""
    from posecoach.commands.references import check_forms
    from posecoach.text import choose_language

    status = 0
    for line, sound in check_forms(forms or [], choose_language(language)):
        _say(line)
        status = status if sound else 1
    raise typer.Exit(status)


@references.command("pack")
def pack_reference(
    form: Annotated[str, typer.Argument(help="Form or folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="File (.posecoach), or a folder for it.")
    ] = None,
    without_consent: Annotated[
        bool, typer.Option("--without-consent", help="Although consent or licence is empty.")
    ] = False,
) -> None:
    """Make one file of a form, to send it."""
    from posecoach.commands.packing import pack_form

    for line in pack_form(form, out, without_consent=without_consent):
        _say(line)


@references.command("unpack")
def unpack_reference(
    file: Annotated[Path, typer.Argument(help="A .posecoach file somebody sent.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of forms; by default your own.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="In the place of a form of the same name.")
    ] = False,
) -> None:
    """Put a form somebody sent among your own."""
    from posecoach.commands.packing import unpack_form

    for line in unpack_form(file, out, replace=replace):
        _say(line)


@references.command("export")
def export_reference(
    form: Annotated[str, typer.Argument(help="Form or folder.")],
    to: Annotated[
        Path,
        typer.Option("--to", help="File: .pose, .nc (movement), .trc, .mot (OpenSim) or .csv."),
    ],
    take: Annotated[int, typer.Option("--take", help="Which take, counted from 1.")] = 1,
    rate: Annotated[
        float | None, typer.Option("--rate", help="Frames a second, evenly (.pose, .trc, .mot).")
    ] = None,
) -> None:
    """Write a take for another program."""
    from posecoach.commands.exchange import export_form

    for line in export_form(form, to, take=take, rate_hz=rate):
        _say(line)


@references.command("import")
def import_reference(
    files: Annotated[
        list[Path],
        typer.Argument(help="Recordings: .pose, .nc, .trc, .csv, .tsv, .txt or .npz."),
    ],
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of forms; by default your own.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Each file is one repetition; nothing is cut off.")
    ] = False,
    title: Annotated[str | None, typer.Option("--title", help="As people read it.")] = None,
    teacher: Annotated[str | None, typer.Option("--teacher", help="Who teaches it.")] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", help="Under which it may be passed on.")
    ] = None,
    consent: Annotated[str | None, typer.Option("--consent", help="Who agreed to what.")] = None,
    skeleton: Annotated[
        str | None,
        typer.Option("--skeleton", help="For files that do not say: a name, or joints by commas."),
    ] = None,
    rate: Annotated[
        float | None, typer.Option("--rate", help="Frames a second, for files without times.")
    ] = None,
    up: Annotated[
        str | None, typer.Option("--up", help="The axis that points up: y, -y, z or -z.")
    ] = None,
    mirrored: Annotated[
        bool, typer.Option("--mirrored", help="The tracker saw a mirrored picture.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Import again; titles, marks and words are kept.")
    ] = False,
    language: _Language = None,
) -> None:
    """Make a form of recordings of another program."""
    from posecoach.commands.exchange import Import, import_form
    from posecoach.text import choose_language

    told = {"teacher": teacher, "licence": licence, "consent": consent}
    how = Import(
        skeleton,
        rate,
        up,
        mirrored,
        whole,
        {key: text for key, text in told.items() if text},
        title,
        choose_language(language),
    )
    for line in import_form(files, name, out, how, may_replace=replace):
        _say(line)
