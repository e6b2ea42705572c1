"""Clusters kept beside an index: written whole or not at all, and trusted only with their checksum."""

import json
import os
import tempfile
from dataclasses import asdict
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np

from llm_tt.concepts.clustering import Grouping
from llm_tt.concepts.shared_tokens import SharedToken

VERSION: Final = 1
_DIGEST: Final = 32
_MAGIC: Final = b"llm_tt clusters\n"

Kept = tuple[Grouping, tuple[tuple[SharedToken, ...], ...], float]
"""The groups, what the members of each share, and the cosine of pairs that chance gives."""


def file_of(place: Path, n_clusters: int, seed: int) -> Path:
    """Where so many clusters are kept, in an index's folder, whose name is its model's fingerprint."""
    return place / f"clusters-{n_clusters}-{seed}.bin"


def write_clusters(path: Path, kept: Kept) -> str:
    """Keep clusters; the reason why they could not be kept, or nothing."""
    grouping, shared, chance = kept
    content = BytesIO()
    words = {
        "version": VERSION,
        "fingerprint": path.parent.name,
        "chance": chance,
        "shared": [[asdict(token) for token in tokens] for tokens in shared],
    }
    np.savez(
        content,
        labels=grouping.labels,
        centres=grouping.centres.astype(np.float32),
        cohesion=grouping.cohesion.astype(np.float32),
        words=np.frombuffer(json.dumps(words).encode(), np.uint8),
    )
    try:
        _write_whole(path, content.getvalue())
    except OSError as problem:
        return f"These clusters could not be kept in {path.parent} ({problem.strerror or problem})."
    return ""


def read_clusters(path: Path, n_neurons: int, width: int) -> Kept | None:
    """What was kept; None where nothing is, or where it is damaged or another model's."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[len(_MAGIC) + _DIGEST :]
    if content[: len(_MAGIC) + _DIGEST] != _MAGIC + _digest(body):
        return None
    try:
        return _unpacked(body, path.parent.name, n_neurons, width)
    except (ValueError, KeyError, TypeError, OSError):  # a whole file, but of another version
        return None


def _unpacked(body: bytes, fingerprint: str, n_neurons: int, width: int) -> Kept | None:
    with np.load(BytesIO(body), allow_pickle=False) as arrays:
        words = json.loads(arrays["words"].tobytes())
        grouping = Grouping(arrays["labels"], arrays["centres"], arrays["cohesion"])
    shared = tuple(tuple(SharedToken(**token) for token in tokens) for tokens in words["shared"])
    fits = (
        words["version"] == VERSION
        and words["fingerprint"] == fingerprint
        and grouping.labels.shape == (n_neurons,)
        and grouping.centres.shape == (len(shared), width)
    )
    return (grouping, shared, float(words["chance"])) if fits else None


def _write_whole(path: Path, body: bytes) -> None:
    """Into a file beside, which then takes the name at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + _digest(body))
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST).digest()
