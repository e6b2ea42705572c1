"""A short name for what a model is: equal weights and equal tokens have equal fingerprints, others have not.

What is computed from weights alone is kept under it. Tensors are hashed in pieces and in threads (`hashlib`
lets other threads run meanwhile); nothing is copied that lies in memory in one piece on a CPU.
"""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Final

import torch
from torch import Tensor

DIGEST_BYTES: Final = 16
PIECE_NUMBERS: Final = 1 << 22
"""Numbers hashed at once: small enough that all threads have work to the end."""


def fingerprint_of(weights: Iterable[tuple[str, Tensor]], words: Iterable[str], facts: Iterable[str]) -> str:
    """Thirty-two hexadecimal digits over named weights, a vocabulary's strings and what else decides.

    Names are sorted, so the order in which a model lists its weights does not count.
    """
    whole = hashlib.blake2b(digest_size=DIGEST_BYTES)
    named = sorted(weights, key=lambda pair: pair[0])
    for name, tensor in named:
        _add_text(whole, f"{name} {tensor.dtype} {tuple(tensor.shape)}")
    pieces = [piece for _, tensor in named for piece in _pieces(tensor)]
    with ThreadPoolExecutor(cpu_count() or 1) as threads:
        for digest in threads.map(_digest, pieces):
            whole.update(digest)
    for texts in (words, facts):
        listed = list(texts)
        _add_text(whole, str(len(listed)))
        for text in listed:
            _add_text(whole, text)
    return whole.hexdigest()


def _add_text(whole: "hashlib.blake2b", text: str) -> None:
    """With its length in front, so that no two lists of texts give the same bytes."""
    encoded = text.encode("utf-8", errors="surrogatepass")
    whole.update(len(encoded).to_bytes(8, "little"))
    whole.update(encoded)


def _pieces(tensor: Tensor) -> Iterator[Tensor]:
    """Rows of the tensor, some at a time; a view each."""
    if tensor.dim() < 2 or not tensor.numel():
        yield tensor
        return
    yield from torch.split(tensor, max(1, PIECE_NUMBERS // max(1, tensor[0].numel())))


@torch.no_grad()
def _digest(piece: Tensor) -> bytes:
    plain = piece.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
    return hashlib.blake2b(plain.numpy().data, digest_size=DIGEST_BYTES).digest()
