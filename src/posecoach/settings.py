"""What a person has chosen once and finds again: a small TOML file that people may edit.

The file is in the user's configuration folder. Comments and keys that are not known here (of a
later version, say) stay when something is changed. A broken file never stops the app: it is put
aside, one line says so, and what could be read of it is used.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
import tomlkit
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from tomlkit.exceptions import TOMLKitError

from posecoach.errors import UsageError

CONFIG_ENV = "POSECOACH_CONFIG"
SETTINGS_NAME = "settings.toml"
DAMAGED = "-damaged-"
STRICT, LENIENT = 0.75, 2.0
_HEADER = "Settings of posecoach. What is left out is as it comes."
_MOST_BYTES = 100_000


def _refuse_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number")
    return value


class Settings(BaseModel):
    """Everything that is remembered from one practice to the next.

    Attributes
    ----------
    language : str or None
        ``"de"`` or ``"en"``; None is the system's.
    camera : str or None
        Name of the camera used last.
    mirrored : bool
        Show the picture as a mirror does.
    ghost, inset : bool
        Show the teacher's figure on one's own, or small in a corner.
    voice : bool
        Say the cues aloud.
    breath_tone : bool
        A soft tone that goes with the breath.
    full_screen : bool
    strictness : float
        Factor on all tolerances, 0.75 (strict) to 2.0 (lenient).
    smallest : float
        Smallest share of the teacher's range of movement that is left alone, 0 to 1; 0 is any.
    gentle : bool
        Smaller, slower, fewer repetitions.
    seated : bool
        Practising on a chair.
    upper_body : bool
        Only hips and above are in the picture.
    guidance : str
        ``"auto"``, or the name of a stage of guidance.
    care_read : date or None
        When the page on what this is and is not was last agreed to.
    ask_feeling : bool
        Ask before and after how the back feels.
    keep_video : bool
        Write each practice before the camera as a video, with what was shown on it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    language: Literal["de", "en"] | None = None
    camera: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    mirrored: bool = True
    ghost: bool = True
    inset: bool = False
    voice: bool = True
    breath_tone: bool = False
    full_screen: bool = True
    strictness: Annotated[
        float, Field(ge=STRICT, le=LENIENT, strict=False), BeforeValidator(_refuse_flag)
    ] = 1.0
    smallest: Annotated[
        float, Field(ge=0.0, le=1.0, strict=False), BeforeValidator(_refuse_flag)
    ] = 0.0
    gentle: bool = False
    seated: bool = False
    upper_body: bool = False
    guidance: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,30}$")] = "auto"
    care_read: date | None = None
    ask_feeling: bool = True
    keep_video: bool = False


def get_settings_path() -> Path:
    """Return the settings' file."""
    own = os.environ.get(CONFIG_ENV)
    base = Path(own) if own else Path(platformdirs.user_config_dir("posecoach"))
    return base / SETTINGS_NAME


def find_settings_files() -> list[Path]:
    """Return the settings' file, damaged ones put aside, and what a killed write has left."""
    path = get_settings_path()
    found = [path] if os.path.lexists(path) else []
    with suppress(OSError):
        for pattern in (f"{path.stem}{DAMAGED}*{path.suffix}", f".{path.name}-*"):
            found += sorted(path.parent.glob(pattern))
    return found


class SettingsStore:
    """The settings as they are now, and the file they are kept in.

    It never raises because of the file: what went wrong is one line in `take_problem`.

    Parameters
    ----------
    path : Path, optional
        By default the user's own file.
    keep : bool
        False forgets everything at the end, as tests and one-off windows want it.

    Attributes
    ----------
    settings : Settings
    """

    def __init__(self, path: Path | None = None, *, keep: bool = True) -> None:
        self._path = (path or get_settings_path()) if keep else None
        self._problem: str | None = None
        self.settings = Settings()
        if self._path is not None:
            self.settings = self._load(self._path)

    def change(self, **fields: object) -> Settings:
        """Set some fields, write them down, and return all settings.

        Only these fields are written: what another window has changed meanwhile stays.

        Raises
        ------
        UsageError
            There is no such field, or the value is none for it.
        """
        unknown = [name for name in fields if name not in Settings.model_fields]
        if unknown:
            raise UsageError(f"Expected a setting but got {', '.join(unknown)}.")
        for name, value in fields.items():
            if isinstance(value, str):  # a device's name may hold what no file can
                fields[name] = value.encode("utf-8", "replace").decode()
        try:
            changed = Settings.model_validate({**self.settings.model_dump(), **fields})
        except ValidationError as error:
            raise UsageError(f"Expected settings to fit but {_tell(error)}.") from error
        if changed == self.settings:
            return changed
        self.settings = changed
        if self._path is not None:
            self._write(self._path, {name: getattr(changed, name) for name in fields})
        return changed

    def forget(self) -> None:
        """Go on with the usual settings, after the file was deleted."""
        self.settings = Settings()

    def take_problem(self) -> str | None:
        """Return what went wrong with the file since the last call, one line."""
        problem, self._problem = self._problem, None
        return problem

    def _load(self, path: Path) -> Settings:
        try:
            document = _read(path)
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            self._problem = (
                f"Expected to read the settings in {path} but {error.strerror or error}; "
                "going on with the usual ones."
            )
            return Settings()
        except ValueError as error:
            self._put_aside(path, " ".join(str(error).split())[:120])
            return Settings()
        values = {k: v for k, v in document.unwrap().items() if k in Settings.model_fields}
        try:
            return Settings.model_validate(values)
        except ValidationError as error:
            wrong = {str(e["loc"][0]) for e in error.errors() if e["loc"]}
            if self._put_aside(path, _tell(error)):
                for name in wrong:
                    del document[name]
                self._save(path, document)
            return Settings.model_validate({k: v for k, v in values.items() if k not in wrong})

    def _write(self, path: Path, fields: Mapping[str, object]) -> None:
        try:
            document = _read(path)
        except (OSError, ValueError):
            if path.exists():
                self._put_aside(path, "it was damaged meanwhile")
            document = tomlkit.document()
            document.add(tomlkit.comment(_HEADER))
            fields = {
                name: value
                for name, value in self.settings.model_dump().items()
                if value != Settings.model_fields[name].default or name in fields
            }
        for name, value in fields.items():
            if value is not None:
                document[name] = value
            elif name in document:
                del document[name]
        self._save(path, document)

    def _save(self, path: Path, document: tomlkit.TOMLDocument) -> None:
        """Replace the file by a new one, complete; a link to it stays one."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = path.resolve()
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as f:
                    f.write(tomlkit.dumps(document))
                    f.flush()
                    os.fsync(f.fileno())
                Path(name).replace(target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            self._problem = self._problem or (
                f"Expected to keep the settings in {path} but {why}; "
                f"allow writing there or set {CONFIG_ENV} to another folder."
            )

    def _put_aside(self, path: Path, why: str) -> bool:
        """Give the file another name in its folder; return whether that could be done."""
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        aside = path.with_name(f"{path.stem}{DAMAGED}{now}{path.suffix}")
        told = f"Expected settings in {path} but {why}"
        try:
            path.rename(aside)
        except OSError as error:
            self._problem = f"{told}; mend or remove it ({error.strerror or error})."
            return False
        self._problem = f"{told}; going on with what is usual, the file is now {aside}."
        return True


def _read(path: Path) -> tomlkit.TOMLDocument:
    with path.open("rb") as f:
        data = f.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("it is far too large")
    try:
        return tomlkit.parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("it is no text") from None
    except (TOMLKitError, RecursionError) as error:
        raise ValueError(f"it is no TOML ({error})") from None


def _tell(error: ValidationError) -> str:
    """Return what does not fit, on one line."""
    parts = []
    for e in error.errors():
        given = repr(e["input"])
        given = given if len(given) <= 40 else f"{given[:39]}…"
        parts.append(f"{'.'.join(str(x) for x in e['loc'])} = {given} ({_lower(e)})")
    return "; ".join(dict.fromkeys(parts))


def _lower(error: Any) -> str:
    text = str(error["msg"])
    return text[:1].lower() + text[1:]
