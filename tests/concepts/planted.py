"""Heads whose reading is known because it was put there."""

import torch

import llm_tt
from tests.families.registry import FAMILIES, build

FROM, TO = 65, 90
"""The token that a planted head reads, and the one that it writes or looks for."""


def with_planted_head(byte_tokenizer, circuit: str, layer: int = 1, head: int = 2) -> llm_tt.LanguageModel:
    """A GPT-2 in which one head's circuit joins FROM with TO, far more strongly than anything else."""
    plain = build(FAMILIES[0])
    block, d_head = plain.transformer.h[layer], 8
    embedding = plain.transformer.wte.weight

    def end(token_id: int) -> torch.Tensor:
        centred = embedding[token_id] - embedding[token_id].mean()
        return centred / block.ln_1.weight / centred.norm()

    own = slice(head * d_head, (head + 1) * d_head)
    with torch.no_grad():
        queries, keys, values = (block.attn.c_attn.weight[:, start : start + 32] for start in (0, 32, 64))
        biases = block.attn.c_attn.bias
        if circuit == "OV":
            values[:, own] = 0
            values[:, own.start] = 30 * end(FROM)
            block.attn.c_proj.weight[own] = 0
            gamma = plain.transformer.ln_f.weight
            block.attn.c_proj.weight[own.start] = embedding[TO] * gamma
        else:
            for weight, token_id, start in ((queries, FROM, 0), (keys, TO, 32)):
                weight[:, own] = 0
                weight[:, own.start] = 30 * end(token_id)
                biases[start + own.start : start + own.stop] = 0
    return llm_tt.load_model(plain, byte_tokenizer)
