"""Rows of runs whose numbers are known, because they were put there."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from llm_tt.batch.schema import SCHEMA
from llm_tt.summaries.runs import Runs, runs_of_table

LAYERS, HEADS = 2, 3
PARTS = [f"L{layer}{name}" for layer in range(LAYERS) for name in ("H0", "H1", "H2", ".mlp")]
"""In the order in which they are laid out."""


def planted_rows(  # noqa: PLR0913 (what can be planted)
    contributions: np.ndarray,
    *,
    method: str = "relp",
    groups: Sequence[str | None] | None = None,
    attention: Mapping[str, np.ndarray] | None = None,
    chance: float | np.ndarray = 0.1,
    first_entry: int = 1,
    neurons: Sequence[Mapping[str, float]] = (),
    edges: Sequence[Sequence[tuple[str, str, float]]] = (),
) -> list[dict[str, object]]:
    """One row a prompt and part. `contributions` is [prompt part]; attention by relation is [prompt head].

    Chance is the same for all, or [prompt]. NaN in attention: the prompt has no such pair. Neurons: by name,
    their contribution, a mapping a prompt.
    Edges: head, relation and contribution, a list a prompt.
    """
    rows: list[dict[str, object]] = []
    for prompt, values in enumerate(contributions):
        size = np.abs(values).sum()
        told = {
            "entry": first_entry + prompt,
            "group": None if groups is None else groups[prompt],
            "prompt": f"prompt {first_entry + prompt}",
            "n_tokens": 9,
            "method": method,
            "position": 8,
            "target": " yes",
            "contrast": " no",
            "is_right": prompt % 2 == 0,
        }
        for part, (name, value) in enumerate(zip(PARTS, values, strict=True)):
            layer, column = divmod(part, HEADS + 1)
            is_head = column < HEADS
            row = (
                told
                | _numbers(value, size)
                | {
                    "kind": "head" if is_head else "mlp",
                    "component": name,
                    "layer": layer,
                    "head": column if is_head else None,
                    "rank": 1 + int((np.abs(values) > abs(value)).sum()),
                }
            )
            for relation, given in (attention or {}).items():
                seen = given[prompt, layer * HEADS + column] if is_head else np.nan
                if np.isfinite(seen):
                    row |= {f"attends_{relation}": float(seen), f"chance_{relation}": _of(chance, prompt)}
            rows.append(row)
        for name, value in (neurons[prompt] if prompt < len(neurons) else {}).items():
            layer, neuron = (int(number) for number in name[1:].split("N"))
            kind = {"kind": "neuron", "component": name, "layer": layer, "neuron": neuron, "rank": 1}
            rows.append(told | _numbers(value, size) | kind)
        for place, (head, relation, value) in enumerate(edges[prompt] if prompt < len(edges) else ()):
            kind = {
                "kind": "edge",
                "component": f"{head}@{place}-8",
                "layer": int(head[1]),
                "rank": place + 1,
            }
            more = {"head": int(head[3]), "key": place, "query": 8, "relation": relation}
            rows.append(told | _numbers(value, size) | kind | more)
    return rows


def table_of(rows: list[dict[str, object]]) -> pa.Table:
    """As it is written."""
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def planted(contributions: np.ndarray, **more: object) -> Runs:
    """The same, opened."""
    return runs_of_table(table_of(planted_rows(contributions, **more)), "planted")  # type: ignore[arg-type]


def random_contributions(n_prompts: int, seed: int = 0) -> np.ndarray:
    """Some parts matter more than others, and prompts differ."""
    generator = np.random.default_rng(seed)
    strength = generator.exponential(size=len(PARTS))
    return generator.normal(loc=strength, size=(n_prompts, len(PARTS)))


def _of(chance: float | np.ndarray, prompt: int) -> float:
    return float(chance[prompt]) if isinstance(chance, np.ndarray) else chance


def _numbers(value: float, size: float) -> dict[str, object]:
    return {"contribution": float(value), "share": float(abs(value) / size), "sign": int(np.sign(value))}
