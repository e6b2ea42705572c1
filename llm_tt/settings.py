"""The files of config/ as typed, frozen settings.

A key that we do not know is an error that names the nearest one that we do, so a typing error is never
silently a default.
"""

import difflib
import math
import os
import re
import tomllib
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Final, NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from llm_tt.errors import NotAllowedError, SettingsError
from llm_tt.model.source import SourceKind, kind_of
from llm_tt.model.spec import ModelSpec
from llm_tt.reading import read_plain

T = TypeVar("T")

SETTINGS_VARIABLE: Final = "LLM_TT_SETTINGS"
"""Environment variable that names a settings file; `llm-tt app --settings` sets it."""

LARGEST_FILE: Final = 2**20
LONGEST_LINE: Final = 10_000
"""Characters: the time that TOML takes for a name with dots grows with the square of their number."""
LARGEST_NUMBER: Final = 10**9
LONGEST_QUOTE: Final = 80
"""Characters of a file that a message repeats."""

PUBLIC_ADDRESS: Final = re.compile(r"https?://[\w.-]+(:[0-9]+)?(/[\w.-]+)*")

TYPE_NAMES: Final[dict[object, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """One entry of the model menu."""

    name: str
    """What a person sees and links carry."""
    source: str = ""
    """What is opened: a built-in name, a folder, or a hub name; empty means the name itself."""
    note: str = ""
    device: str = "auto"
    dtype: str = "float32"

    @property
    def spec(self) -> ModelSpec:
        """What `load_model` opens for it."""
        return ModelSpec(self.source or self.name, device=self.device, dtype=self.dtype)


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may open beyond the models on the menu."""

    local_folders: bool
    hub_names: bool
    precision: bool
    """Whether the precision of the weights can be chosen."""
    notes_on_disk: bool
    """Whether names and notes are kept on this machine, for everybody; else with each visit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one request, and on how many there are at once."""

    prompt_tokens: int
    upload_megabytes: int
    prompts: int
    """Of one file, or measured together."""
    memory_gigabytes: float
    """For one run; 0 allows most of what is free."""
    runs_at_once: int
    """Of everybody together; further ones wait in a line, and see how many are before them."""
    visits: int
    """Open tabs of everybody together; 0 allows any number."""

    @property
    def prompt_characters(self) -> int:
        """A bound that needs no tokenizer: far more characters than so many tokens ever have."""
        return 16 * self.prompt_tokens

    @property
    def memory_bytes(self) -> int | None:
        """The limit as `capture` takes it."""
        return int(self.memory_gigabytes * 2**30) or None


@dataclass(frozen=True, slots=True)
class Caches:
    """How much stays in memory between visits."""

    models: int
    """How many opened models."""
    trace_megabytes: int
    """Traces, contributions and drawn graphs together; a trace of GPT-2 small at 128 tokens takes 75."""


@dataclass(frozen=True, slots=True)
class AppSettings:
    """One file of config/, complete."""

    default_model: str
    show_error_details: bool
    access: Access
    limits: Limits
    caches: Caches
    models: tuple[OfferedModel, ...]
    public_address: str = ""
    """What people type to come here, where a proxy stands in front: "https://models.example.org/llm-tt"."""

    def spec_of(self, source: str) -> ModelSpec:
        """The spec of a model that a person chose or typed; an error when it may not be opened here."""
        for offered in self.models:
            if source == offered.name:
                return self._as_told(offered)
        kind = kind_of(source)
        allowed = {
            SourceKind.BUILT_IN: self.access.local_folders or self.access.hub_names,
            SourceKind.FOLDER: self.access.local_folders,
            SourceKind.HUB_NAME: self.access.hub_names,
        }
        if not allowed[kind]:
            raise NotAllowedError(
                asked=f"Open the model {_quoted(repr(source))}.",
                found="This dashboard opens only the models on its list.",
                remedy=f"Choose one of: {', '.join(offered.name for offered in self.models)}.",
            )
        return ModelSpec(source)

    def _as_told(self, offered: OfferedModel) -> ModelSpec:
        """Of a folder of the server visitors hear the menu's name, whatever page, error or file says it."""
        spec = offered.spec
        if self.access.local_folders or kind_of(spec.source) is not SourceKind.FOLDER:
            return spec
        return replace(spec, source=offered.name, place=spec.source)


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt offered on the pages."""

    label: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Examples:
    """config/examples.toml."""

    examples: tuple[Example, ...]


def load_settings(path: Path | None = None) -> AppSettings:
    """Read a settings file: the one given, else the one the environment names, else config/local.toml."""
    if path is None:
        named = os.environ.get(SETTINGS_VARIABLE)
        path = Path(named) if named else bundled("config/local.toml")
    settings = _read(AppSettings, path)
    _check_values(settings, path)
    return settings


def load_examples() -> tuple[Example, ...]:
    """The example prompts."""
    return _read(Examples, bundled("config/examples.toml")).examples


def bundled(name: str) -> Path:
    """A file that lies beside the package in the repository, and inside it once installed."""
    package = Path(__file__).parent
    installed = package / "packaged" / name
    return installed if installed.exists() else package.parent / name


def _read(kind: type[T], path: Path) -> T:
    remedy = "Correct or replace the file."
    try:
        text = read_plain(path, LARGEST_FILE).decode("utf-8")
        if max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
            _refuse(path, f"it has a line of more than {LONGEST_LINE:,} characters", remedy)
        content = tomllib.loads(text)
    except OSError as problem:
        _refuse(path, f"it cannot be read: {problem.strerror}", remedy)
    except RecursionError:
        _refuse(path, "it has brackets inside of brackets without an end", remedy)
    except ValueError as problem:  # not UTF-8, not TOML
        _refuse(path, _quoted(str(problem)), remedy)
    return cast(T, _build(kind, content, path, where=""))


def _build(kind: type, content: object, path: Path, where: str) -> object:
    """Turn a TOML table into a dataclass, entry by entry; `where` is the way to it, for messages."""
    if not isinstance(content, dict):
        name = where.rstrip(".")
        each = "each of " if kind in (OfferedModel, Example) else ""
        written = f"[[{name}]]" if each else f"[{name}]"
        _refuse(path, f"{each}{name} must be a table", f"Write it as {written}.")
    types = get_type_hints(kind)
    known = [field.name for field in fields(kind)]
    for key in content:
        if key not in known:
            nearest = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {where}{nearest[0]}?" if nearest else f"Known are: {', '.join(known)}."
            _refuse(path, f"unknown key {where}{_quoted(key)}", hint)
    for field in fields(kind):
        if field.default is MISSING and field.name not in content:
            _refuse(path, f"{where}{field.name} is missing", "Add it; config/local.toml shows an example.")
    return kind(**{key: _convert(types[key], value, path, f"{where}{key}") for key, value in content.items()})


def _convert(kind: object, value: object, path: Path, where: str) -> object:
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        if not isinstance(value, list):
            _refuse(path, f"{where} must be a list of tables", f"Write each as [[{where}]].")
        return tuple(_build(item, entry, path, f"{where}.") for entry in value)
    if is_dataclass(kind):
        return _build(cast(type, kind), value, path, f"{where}.")
    accepted = (int, float) if kind is float else (kind,)
    if type(value) not in accepted:  # not isinstance: True would pass as a number
        found = _quoted(repr(value))
        _refuse(path, f"{where} must be {TYPE_NAMES[kind]}, and is {found}", "Correct the value.")
    if isinstance(value, int | float) and not abs(value) <= LARGEST_NUMBER:  # also what is no number
        kind_of_number = "finite and " if isinstance(value, float) and not math.isfinite(value) else ""
        _refuse(path, f"{where} must be {kind_of_number}at most {LARGEST_NUMBER:,}", "Correct the value.")
    return float(cast(float, value)) if kind is float else value


def _is_address(text: str) -> bool:
    try:
        return bool(PUBLIC_ADDRESS.fullmatch(text)) and urlsplit(text).port != 0
    except ValueError:  # a port beyond all ports
        return False


def _check_values(settings: AppSettings, path: Path) -> None:
    if settings.public_address and not _is_address(settings.public_address):
        _refuse(
            path,
            f"public_address is {settings.public_address!r}",
            "Write it like https://models.example.org/llm-tt, without a slash at its end.",
        )
    at_least_one = {
        "limits.prompt_tokens": settings.limits.prompt_tokens,
        "limits.upload_megabytes": settings.limits.upload_megabytes,
        "limits.prompts": settings.limits.prompts,
        "limits.runs_at_once": settings.limits.runs_at_once,
        "caches.models": settings.caches.models,
        "caches.trace_megabytes": settings.caches.trace_megabytes,
    }
    for key, value in at_least_one.items():
        if value < 1:
            _refuse(path, f"{key} must be at least 1, and is {value}", "Correct the value.")
    if settings.limits.memory_gigabytes < 0:
        _refuse(path, "limits.memory_gigabytes must not be negative", "Use 0 for most of what is free.")
    if settings.limits.visits < 0:
        _refuse(path, "limits.visits must not be negative", "Use 0 for any number.")
    names = [offered.name for offered in settings.models]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        found = f"there are two [[models]] with the name {_quoted(repr(twice))}"
        _refuse(path, found, "A person chooses by names: give each its own.")
    if settings.default_model not in names:
        nearest = difflib.get_close_matches(settings.default_model, names, n=1)
        hint = f"Did you mean {nearest[0]!r}?" if nearest else f"Listed are: {', '.join(names) or 'none'}."
        found = f"default_model {_quoted(repr(settings.default_model))} is not among [[models]]"
        _refuse(path, found, hint)
    for offered in settings.models:
        try:
            _ = offered.spec
        except ValueError as problem:
            _refuse(path, f"models.{_quoted(offered.name)}: {_quoted(str(problem))}", "Correct the value.")


def _quoted(text: str) -> str:
    """As much of what a file says as a message has room for."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def _refuse(path: Path, found: str, remedy: str) -> NoReturn:
    raise SettingsError(asked=f"Read the settings {path}.", found=f"{found}.", remedy=remedy) from None
