"""Where this program keeps things on a person's machine."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """For what can be made again; the variable LLM_TT_CACHE names another one."""
    return Path(os.environ.get("LLM_TT_CACHE") or platformdirs.user_cache_path("llm_tt"))


def data_folder() -> Path:
    """For what a person made; the variable LLM_TT_DATA names another one."""
    return Path(os.environ.get("LLM_TT_DATA") or platformdirs.user_data_path("llm_tt"))
