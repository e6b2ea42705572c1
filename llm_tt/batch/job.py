"""What a job is: which prompts, which model, what is measured. Jobs of equal identity have equal rows."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from llm_tt.batch.entries import BadEntry, Entry, read_entries
from llm_tt.batch.options import BatchOptions
from llm_tt.errors import AttributionError, PromptError
from llm_tt.model.language_model import LanguageModel
from llm_tt.reading import open_plain

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
            AttributionError: a part has no prompts.
        """
        if prompts_per_part < 1:
            raise AttributionError(
                asked="Measure many prompts.",
                found=f"A part has at least one prompt; got {prompts_per_part}.",
                remedy="Choose another number.",
            )
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
            job = cls(**found | {"options": BatchOptions.from_json(found["options"])})
        except (AttributeError, KeyError, TypeError, RecursionError, AttributionError) as problem:
            raise ValueError(str(problem)) from None
        if not job._is_sound():
            message = "a field is of another type"
            raise ValueError(message)
        return job

    def _is_sound(self) -> bool:
        """Whether its fields can be those of a job: files may say anything."""
        texts = (self.model, self.fingerprint, self.dtype, self.prompts, self.digest)
        numbers = (self.n_entries, self.prompts_per_part)
        return (
            all(isinstance(text, str) for text in texts)
            and all(type(number) is int and number < 2**62 for number in numbers)
            and self.n_entries >= 0
            and self.prompts_per_part >= 1
        )

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


@contextmanager
def _opened(prompts: Path) -> Iterator[BufferedReader]:
    """The file is gone through more than once, which only a plain one can be."""
    try:
        with open_plain(prompts) as file:
            yield file
    except OSError as problem:
        raise PromptError(
            asked=f"Read the prompts of {prompts}.",
            found=f"The file cannot be opened: {problem.strerror}.",
            remedy="Name a text file with one prompt a line, a .jsonl, .csv or .json file.",
        ) from None
