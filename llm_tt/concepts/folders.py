"""Where things are kept between sessions: what can be computed again, and what cannot."""

import os
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path

CACHE_VARIABLE: Final = "LLM_TT_CACHE"
"""Environment variable that names another folder for what can be computed again, such as indexes."""

DATA_VARIABLE: Final = "LLM_TT_DATA"
"""Environment variable that names another folder for what a person wrote."""


def cache_folder() -> Path:
    """For what can be computed again; it may be emptied at any time. Not made here."""
    return _named_by(CACHE_VARIABLE) or user_cache_path("llm_tt", appauthor=False)


def data_folder() -> Path:
    """For what a person made, which must outlive any emptied cache. Not made here."""
    return _named_by(DATA_VARIABLE) or user_data_path("llm_tt", appauthor=False)


def _named_by(variable: str) -> Path | None:
    named = os.environ.get(variable, "").strip()
    return Path(named).expanduser().absolute() if named else None
