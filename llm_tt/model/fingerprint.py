"""Which weights and which vocabulary a model has, in 32 letters."""

from collections.abc import Iterable
from hashlib import blake2b

import torch
from torch import Tensor


def fingerprint_of(weights: Iterable[tuple[str, Tensor]], vocabulary: Iterable[tuple[str, int]]) -> str:
    """Equal for two openings of one model, another one as soon as a number or a token differs."""
    digest = blake2b(digest_size=16)
    for name, weight in sorted(weights, key=lambda pair: pair[0]):
        digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}\n".encode())
        digest.update(weight.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    for token, token_id in sorted(vocabulary, key=lambda pair: pair[1]):
        digest.update(f"{token_id} {token}\n".encode(errors="surrogatepass"))
    return digest.hexdigest()
