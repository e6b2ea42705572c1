"""The files of config/ as typed, frozen settings.

A key that we do not know is an error that names the nearest one that we do, so a typing error is never
silently a default.
"""

import difflib
import os
import tomllib
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Final, NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints

from llm_tt.errors import NotAllowedError, SettingsError
from llm_tt.model.source import SourceKind, kind_of
from llm_tt.model.spec import ModelSpec

T = TypeVar("T")

SETTINGS_VARIABLE: Final = "LLM_TT_SETTINGS"
"""Environment variable that names a settings file; `llm-tt app --settings` sets it."""

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
    """Bounds on one request."""

    prompt_tokens: int
    upload_megabytes: int
    memory_gigabytes: float
    """For one run; 0 allows most of what is free."""

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

    def spec_of(self, source: str) -> ModelSpec:
        """The spec of a model that a person chose or typed; an error when it may not be opened here."""
        for offered in self.models:
            if source == offered.name:
                return offered.spec
        kind = kind_of(source)
        allowed = {
            SourceKind.BUILT_IN: self.access.local_folders or self.access.hub_names,
            SourceKind.FOLDER: self.access.local_folders,
            SourceKind.HUB_NAME: self.access.hub_names,
        }
        if not allowed[kind]:
            raise NotAllowedError(
                asked=f"Open the model {source!r}.",
                found="This dashboard opens only the models on its list.",
                remedy=f"Choose one of: {', '.join(offered.name for offered in self.models)}.",
            )
        return ModelSpec(source)

    def told_source(self, spec: ModelSpec) -> str:
        """Where a model came from, as visitors may hear it: of the server's folders, the menu's name."""
        if self.access.local_folders or kind_of(spec.source) is not SourceKind.FOLDER:
            return spec.source
        return next((offered.name for offered in self.models if offered.spec == spec), "a folder")


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
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:  # no such file, not UTF-8, not TOML
        raise SettingsError(
            asked=f"Read the settings {path}.", found=f"{problem}.", remedy="Correct or replace the file."
        ) from None
    return cast(T, _build(kind, content, path, where=""))


def _build(kind: type, content: object, path: Path, where: str) -> object:
    """Turn a TOML table into a dataclass, entry by entry; `where` is the way to it, for messages."""
    if not isinstance(content, dict):
        _refuse(path, f"{where.rstrip('.')} must be a table", f"Write it as [{where.rstrip('.')}].")
    types = get_type_hints(kind)
    known = [field.name for field in fields(kind)]
    for key in content:
        if key not in known:
            nearest = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {where}{nearest[0]}?" if nearest else f"Known are: {', '.join(known)}."
            _refuse(path, f"unknown key {where}{key}", hint)
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
        _refuse(path, f"{where} must be {TYPE_NAMES[kind]}, and is {value!r}", "Correct the value.")
    return float(cast(float, value)) if kind is float else value


def _check_values(settings: AppSettings, path: Path) -> None:
    at_least_one = {
        "limits.prompt_tokens": settings.limits.prompt_tokens,
        "limits.upload_megabytes": settings.limits.upload_megabytes,
        "caches.models": settings.caches.models,
        "caches.trace_megabytes": settings.caches.trace_megabytes,
    }
    for key, value in at_least_one.items():
        if value < 1:
            _refuse(path, f"{key} must be at least 1, and is {value}", "Correct the value.")
    if settings.limits.memory_gigabytes < 0:
        _refuse(path, "limits.memory_gigabytes must not be negative", "Use 0 for most of what is free.")
    names = [offered.name for offered in settings.models]
    if settings.default_model not in names:
        nearest = difflib.get_close_matches(settings.default_model, names, n=1)
        hint = f"Did you mean {nearest[0]!r}?" if nearest else f"Listed are: {', '.join(names) or 'none'}."
        _refuse(path, f"default_model {settings.default_model!r} is not among [[models]]", hint)
    for offered in settings.models:
        try:
            _ = offered.spec
        except ValueError as problem:
            _refuse(path, f"models.{offered.name}: {problem}", "Correct the value.")


def _refuse(path: Path, found: str, remedy: str) -> NoReturn:
    raise SettingsError(asked=f"Read the settings {path}.", found=f"{found}.", remedy=remedy)
