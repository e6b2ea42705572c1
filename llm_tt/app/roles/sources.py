"""Where the prompts of the page Roles come from: tasks of the small world, a file, or runs that are there."""

import hashlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import streamlit as st

from llm_tt.app.choice import choose_one
from llm_tt.app.control_rows import controls
from llm_tt.app.link import note, read_once
from llm_tt.app.notices import show_error
from llm_tt.attribution.method_list import DRAWING_ROUTES, METHOD_LABELS, WITHOUT_TARGET, Method
from llm_tt.batch.entries import BadEntry, Entry, read_entries
from llm_tt.batch.task_entries import entries_of_tasks
from llm_tt.errors import PromptError
from llm_tt.settings import AppSettings
from llm_tt.smallworld.generation import task_names, task_title

Origin = Literal["tasks", "file", "runs"]

ORIGINS: Final[dict[Origin, str]] = {"tasks": "Tasks", "file": "Your prompts", "runs": "Runs"}
ABOUT_ORIGINS: Final = {
    "tasks": "Prompts with known answers, written by the small world's own generators.",
    "file": "A text file with one prompt a line, or .jsonl, .csv or .json with answers, foils and groups.",
    "runs": "Rows that llm-tt batch wrote, of as many prompts as you like.",
}
FIRST_TASKS: Final = ("indirect_object", "induction")
"""What a newcomer sees: two, so that they can be compared."""
N_PROMPTS: Final = (10, 20, 40, 60, 100, 200)
FIRST_NUMBER: Final = "40"
METHODS: Final = tuple(sorted(DRAWING_ROUTES, key=WITHOUT_TARGET.count))
"""Those that explain a token come first."""
MOST_ENTRIES: Final = 500
"""Of a file, that are measured while somebody waits."""

_FILE: Final = "roles_file"
_RUNS: Final = "roles_runs"


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prompts that are to be measured: part of a key."""

    name: str
    entries: tuple[Entry | BadEntry, ...]
    methods: tuple[Method, ...]
    n_left_out: int = 0
    """Entries of a file that are beyond what is measured here."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Runs that are there: the bytes of a file, or a place on this machine."""

    name: str
    content: bytes | None = None
    place: Path | None = None

    @property
    def key(self) -> str:
        """The same for the same rows: a folder that is still being filled is another one later."""
        if self.content is not None:
            return hashlib.sha256(self.content).hexdigest()
        assert self.place is not None
        files = sorted(self.place.glob("*.parquet")) if self.place.is_dir() else [self.place]
        seen = [(str(file), file.stat().st_mtime_ns) for file in files if file.exists()]
        return repr((str(self.place), seen))


Source = Prompts | Finished


def ask_source(settings: AppSettings) -> Source | None:
    """A row of controls; None while nothing was given."""
    left, rest = controls("source", [2.3, 5.5], stacked=True, vertical_alignment="top")
    with left:
        origin = choose_one(
            "Prompts from", ORIGINS, key="prompts-from", explained=ABOUT_ORIGINS, in_link=True
        )
    with rest:
        match origin:
            case "tasks":
                return _ask_tasks(settings)
            case "file":
                return _ask_file(settings)
            case "runs":
                return _ask_runs(settings)


def _ask_tasks(settings: AppSettings) -> Prompts | None:
    columns = controls("tasks", [2.9, 1.1, 1.5])
    with columns[0]:
        tasks = _ask_names()
    with columns[1]:
        n_prompts = _ask_number()
    with columns[2]:
        methods = _ask_methods()
    if not tasks:
        st.caption("Choose at least one task.")
        return None
    most, n_all = settings.limits.prompts, len(tasks) * n_prompts
    if n_all > most:
        st.caption(
            f"These are {n_all:,} prompts, and this dashboard measures at most {most:,} together. "
            "Choose fewer of each, or fewer tasks."
        )
        return None
    return Prompts(", ".join(tasks), tuple(entries_of_tasks(tasks, n_prompts)), methods)


def _ask_names() -> list[str]:
    key = "tasks"
    if key not in st.session_state:
        named = (st.query_params.get(key) or ",".join(FIRST_TASKS)).split(",")
        st.session_state[key] = [name for name in named if name in task_names()] or list(FIRST_TASKS)
    chosen: list[str] = st.multiselect(
        "Tasks",
        task_names(),
        st.session_state[key],
        key=key,
        persist_state="session",
        format_func=task_title,
    )
    note(key, None if tuple(chosen) == FIRST_TASKS else ",".join(chosen))
    return chosen


def _ask_number() -> int:
    names = {str(n): str(n) for n in N_PROMPTS}
    return int(
        choose_one(
            "Prompts of each", names, key="prompts-each", first=FIRST_NUMBER, in_menu=True, in_link=True
        )
    )


def _ask_methods() -> tuple[Method, ...]:
    key = "measured-by"
    if key not in st.session_state:
        named = (st.query_params.get(key) or METHODS[0]).split(",")
        st.session_state[key] = [name for name in METHODS if name in named] or [METHODS[0]]
    chosen = st.multiselect(
        "Methods",
        METHODS,
        st.session_state[key],
        key=key,
        persist_state="session",
        format_func=METHOD_LABELS.__getitem__,
        help="With several, the page also says how far they agree.",
    )
    note(key, None if list(chosen) == [METHODS[0]] else ",".join(chosen))
    return tuple(chosen) or (METHODS[0],)


def _ask_file(settings: AppSettings) -> Prompts | None:
    columns = st.columns([4, 1.5], gap="small")
    with columns[0]:
        file = st.file_uploader(
            "A file of prompts",
            type=["txt", "jsonl", "csv", "json"],
            key="roles-upload",
            max_upload_size=settings.limits.upload_megabytes,
            help='Lines of .jsonl look like {"prompt": "...", "answer": " ...", "foil": " ...", '
            '"corrupted": "...", "group": "..."}; all but the prompt may be left out.',
        )
    with columns[1]:
        methods = _ask_methods()
    if file is not None:
        try:
            entries = read_entries(file.name, file.getvalue())
            first = tuple(islice(entries, min(MOST_ENTRIES, settings.limits.prompts)))
            st.session_state[_FILE] = (file.name, first, sum(1 for _ in entries))  # the rest is only counted
        except PromptError as error:
            show_error(error)
            return None
    if _FILE not in st.session_state:
        st.caption("With answers, the page says what speaks for them; with groups, how these differ.")
        return None
    name, entries, n_left_out = st.session_state[_FILE]
    return Prompts(name, entries, methods, n_left_out)


def _ask_runs(settings: AppSettings) -> Finished | None:
    columns = st.columns([3, 2.5], gap="small")
    with columns[0]:
        file = st.file_uploader(
            "A run in one file, or a part of one",
            type=["parquet"],
            key="runs-upload",
            max_upload_size=settings.limits.upload_megabytes,
        )
    place = None
    if settings.access.local_folders:
        read_once("runs-folder")
        with columns[1]:
            place = st.text_input(
                "Or a folder of this machine",
                st.session_state["runs-folder"],
                key="runs-folder",
                placeholder="runs.parquet, as llm-tt batch made it",
                persist_state="session",
            )
        note("runs-folder", place or None)
    if file is not None:
        st.session_state[_RUNS] = Finished(file.name, content=file.getvalue())
    elif place:
        return Finished(place, place=Path(place).expanduser())
    kept: Finished | None = st.session_state.get(_RUNS)
    return kept
