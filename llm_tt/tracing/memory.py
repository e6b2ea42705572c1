"""How much memory a run needs, known before it starts."""

import psutil
import torch

from llm_tt.errors import MemoryLimitError
from llm_tt.model.dimensions import ModelDimensions
from llm_tt.model.language_model import LanguageModel

SHARE_OF_FREE_MEMORY = 0.8  # what a run may take when no limit is given


def trace_bytes(dimensions: ModelDimensions, n_positions: int, bytes_per_number: int = 4) -> int:
    """Size of the trace that stays behind."""
    d = dimensions
    n_streams = (d.n_layers + 1) + 2 * d.n_layers + (0 if d.parallel_blocks else d.n_layers)
    per_position = (
        n_streams * d.d_model + d.n_layers * (d.n_kv_heads * d.d_head + d.d_mlp + 2) + d.d_vocab + 1
    )
    patterns = d.n_layers * d.n_heads * n_positions
    return (per_position + patterns) * n_positions * bytes_per_number


def run_bytes(dimensions: ModelDimensions, n_positions: int, bytes_per_number: int = 4) -> int:
    """Peak of a traced run: the trace, and what one block or the unembedding holds on top of it.

    A benchmark holds this against what the operating system counts.
    """
    d = dimensions
    logits = d.d_vocab * n_positions * bytes_per_number
    scores = 3 * d.n_heads * n_positions  # scores, mask and softmax, side by side
    block = (scores + 8 * d.d_model + 3 * (d.d_mlp or d.d_experts)) * n_positions * bytes_per_number
    # The logits come last, when no block is at work any more; a half-precision copy of them is being upcast.
    return trace_bytes(d, n_positions, bytes_per_number) + max(block - logits, logits // 2)


def check_memory(
    model: LanguageModel, n_positions: int, limit: int | None = None, *, n_prompts: int = 1
) -> None:
    """Refuse a run that does not fit `limit` bytes, or most of the memory that is free when None."""
    needed = n_prompts * run_bytes(model.dimensions, n_positions, model.compute_dtype.itemsize)
    what = "a prompt" if n_prompts == 1 else f"{n_prompts} prompts"
    check_room(model, f"Trace {what} of {n_positions:,} tokens.", needed, limit)


def check_room(model: LanguageModel, asked: str, needed: int, limit: int | None = None) -> None:
    """Refuse what needs more bytes than `limit`, or than most of what is free on the model's device."""
    allowed = limit if limit is not None else int(SHARE_OF_FREE_MEMORY * _free_bytes(model.device))
    if needed > allowed:
        raise MemoryLimitError(
            asked=asked,
            found=f"That needs about {_readable(needed)} of memory, and {_readable(allowed)} are allowed.",
            remedy="Shorten the prompt, or raise the memory limit in the settings.",
        )


def _free_bytes(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)


def _readable(n_bytes: int) -> str:
    return f"{n_bytes / 2**30:.1f} GiB" if n_bytes >= 2**30 else f"{n_bytes / 2**20:.1f} MiB"
