"""Ray, joined or started: the one place that knows how."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Final

from llm_tt.errors import RayError

AUTO: Final = "auto"

_QUIET: Final = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}


@dataclass(frozen=True, slots=True)
class RayWorkers:
    """Where the workers are, and what each gets."""

    address: str = AUTO
    """Of a cluster; "auto" takes the one that this machine belongs to, or starts Ray here alone."""
    workers: int | None = None
    """How many models are open at once; None: as many as the cluster has room for."""
    cpus: float = 1.0
    """Cores of each."""
    gpus: float = 0.0
    """GPUs of each; below 1 several share one, above 1 the model's layers are spread over them."""


def connected(where: RayWorkers) -> ModuleType:
    """Ray, connected to a cluster or started here; it reports nothing to anybody.

    Raises:
        RayError: it is not installed, or the cluster does not answer.
    """
    for variable, value in _QUIET.items():
        os.environ.setdefault(variable, value)
    try:
        ray = import_module("ray")
    except ImportError:
        raise RayError(
            asked="Measure prompts on Ray.",
            found="Ray is not installed.",
            remedy="Install it beside llm_tt: pip install 'llm-tt[ray]'.",
        ) from None
    if ray.is_initialized():
        return ray
    quiet = {"logging_level": logging.ERROR, "log_to_driver": False}
    try:
        if where.address != AUTO:
            ray.init(where.address, **quiet)
        else:
            _join_or_start(ray, quiet)
    except (ConnectionError, ValueError, RuntimeError) as problem:
        raise RayError(
            asked=f"Connect to the Ray cluster {where.address!r}.",
            found=_first_line(problem),
            remedy="Start it with `ray start --head`, or say auto to work on this machine.",
        ) from None
    return ray


def _join_or_start(ray: ModuleType, quiet: Mapping[str, object]) -> None:
    try:
        ray.init(AUTO, **quiet)
    except ConnectionError:  # there is none
        ray.init(include_dashboard=False, **quiet)


def _first_line(problem: Exception) -> str:
    """As a sentence."""
    line = (str(problem).strip().splitlines() or [type(problem).__name__])[0]
    return f"{line.rstrip('.')}."
