"""What a job is: which prompts, which model, what is measured. Jobs of equal identity have equal rows."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from llm_tt.batch.entries import BadEntry, Entry, read_entries
from llm_tt.batch.options import BatchOptions
from llm_tt.errors import PromptError
from llm_tt.model.language_model import LanguageModel

FORMAT: Final = 1
"""Of the files of a job; another number means that they cannot be gone on with."""
PROMPTS_PER_PART: Final = 64


@dataclass(frozen=True, slots=True)
class Job:
    """Plain values, as they are written beside the rows."""

    model: str
    """Where it came from."""
    fingerprint: str
    """Of its weights and tokens."""
    dtype: str
    prompts: str
    """Name of the file."""
    digest: str
    """Of its bytes."""
    n_entries: int
    """Lines with text, whether they can be read or not."""
    options: BatchOptions
    prompts_per_part: int = PROMPTS_PER_PART

    @property
    def n_parts(self) -> int:
        """How many files there will be."""
        return -(-self.n_entries // self.prompts_per_part)

    @classmethod
    def of(
        cls,
        model: LanguageModel,
        prompts: Path,
        options: BatchOptions,
        prompts_per_part: int = PROMPTS_PER_PART,
    ) -> "Job":
        """Read the file once through, keeping nothing of it.

        Raises:
            PromptError: it cannot be opened or read, or has no line with text.
        """
        with _opened(prompts) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        n_entries = sum(1 for _ in entries_of(prompts))
        if n_entries == 0:
            raise PromptError(
                asked=f"Read the prompts of {prompts}.",
                found="It has no lines with text.",
                remedy="Choose another file.",
            )
        return cls(
            model=model.spec.source,
            fingerprint=model.fingerprint,
            dtype=model.spec.dtype,
            prompts=prompts.name,
            digest=digest,
            n_entries=n_entries,
            options=options,
            prompts_per_part=prompts_per_part,
        )

    def to_json(self) -> dict[str, object]:
        """With the format's number."""
        return asdict(self) | {"options": self.options.to_json(), "format": FORMAT}

    @classmethod
    def from_json(cls, content: bytes) -> "Job":
        """What `to_json` wrote, as bytes of a file.

        Raises:
            ValueError: it is something else.
        """
        try:
            found = json.loads(content)
            if found.pop("format") != FORMAT:
                message = "another format"
                raise ValueError(message)
            return cls(**found | {"options": BatchOptions.from_json(found["options"])})
        except (AttributeError, KeyError, TypeError, RecursionError) as problem:
            raise ValueError(str(problem)) from None

    @property
    def identity(self) -> str:
        """The same for the same work, wherever the file lies and whatever it is called."""
        plain = self.to_json()
        for name in ("model", "prompts"):
            del plain[name]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:32]

    def differences(self, other: "Job") -> list[str]:
        """What the two do not have in common, in words."""
        mine, theirs = (job.to_json() | job.options.to_json() for job in (self, other))
        words = {"fingerprint": "the model", "digest": "the prompts", "prompts_per_part": "prompts in a part"}
        names = [*words, "dtype", *self.options.to_json()]
        return [words.get(name, name) for name in names if mine[name] != theirs[name]]

    def parts_of(self, prompts: Path) -> Iterator[tuple[int, list[Entry | BadEntry]]]:
        """The entries of each part, one part after the other."""
        part: list[Entry | BadEntry] = []
        number = 0
        for entry in entries_of(prompts):
            part.append(entry)
            if len(part) == self.prompts_per_part:
                yield number, part
                part, number = [], number + 1
        if part:
            yield number, part


def entries_of(prompts: Path) -> Iterator[Entry | BadEntry]:
    """The entries of a file, one after the other.

    Raises:
        PromptError: it cannot be opened or read.
    """
    with _opened(prompts) as file:
        yield from read_entries(prompts.name, file)


def _opened(prompts: Path) -> BufferedReader:
    try:
        return prompts.open("rb")
    except (OSError, ValueError) as problem:  # the latter: a zero byte, half of a surrogate pair
        why = getattr(problem, "strerror", None) or "that can be no file's name"
        raise PromptError(
            asked=f"Read the prompts of {prompts}.",
            found=f"The file cannot be opened: {why}.",
            remedy="Name a text file with one prompt a line, a .jsonl, .csv or .json file.",
        ) from None
