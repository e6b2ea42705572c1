"""The server's memory over time, and whether it stays flat."""

import statistics
import threading
import time
from dataclasses import dataclass

MOST_GROWTH = 0.10
"""From the second quarter to the last; the first one warms caches up."""


@dataclass(frozen=True)
class Sample:
    """At one moment."""

    seconds: float
    resident: int
    """Bytes that only the server's processes have."""
    in_use: int | None
    """Of them, bytes that were asked for and not given back."""


def quarters(samples: list[Sample]) -> list[list[Sample]]:
    """Four spans of equal length."""
    begun, whole = samples[0].seconds, samples[-1].seconds - samples[0].seconds
    parts: list[list[Sample]] = [[], [], [], []]
    for sample in samples:
        parts[min(3, int(4 * (sample.seconds - begun) / whole))].append(sample)
    return parts


def level(values: list[int]) -> float:
    """What a quarter stands at: its mean without the outermost tenths.

    Not the median: models come and go, so there are two heights, and a median jumps from one to the other.
    """
    ordered = sorted(values)
    cut = len(ordered) // 10
    return statistics.fmean(ordered[cut : len(ordered) - cut])


def slope(samples: list[Sample], of: str) -> float:
    """Bytes a second: the median of the slopes between pairs a third of the time apart."""
    step = max(1, len(samples) // 3)
    pairs = zip(samples, samples[step:], strict=False)
    return statistics.median(
        (getattr(late, of) - getattr(early, of)) / (late.seconds - early.seconds) for early, late in pairs
    )


def growth(samples: list[Sample], of: str) -> float:
    """From the second quarter to the last, as a share of the second."""
    parts = quarters(samples)
    second, last = (level([getattr(sample, of) for sample in parts[at]]) for at in (1, 3))
    return last / second - 1


def measures(samples: list[Sample]) -> dict[str, list[Sample]]:
    """What can be told, each with its samples; what is really in use is not known on all machines."""
    known = [sample for sample in samples if sample.in_use is not None]
    return {"resident": samples} | ({"in_use": known} if 2 * len(known) > len(samples) else {})


def what_grew(samples: list[Sample]) -> list[str]:
    """What is not flat within a tenth after warm-up."""
    return [
        f"{of} grew by {share:.1%} from the second to the last quarter"
        for of, known in measures(samples).items()
        if (share := growth(known, of)) > MOST_GROWTH
    ]


def table(samples: list[Sample]) -> str:
    """For people."""
    lines = ["memory, MiB   1st quarter      2nd      3rd      4th   growth  a minute"]
    for of, known in measures(samples).items():
        parts = quarters(known)
        levels = [level([getattr(sample, of) for sample in part]) / 2**20 for part in parts]
        a_minute = 60 * slope([sample for part in parts[1:] for sample in part], of) / 2**20
        lines.append(
            f"{of:12} {levels[0]:12.0f} {levels[1]:8.0f} {levels[2]:8.0f} {levels[3]:8.0f} "
            f"{growth(known, of):8.1%} {a_minute:+9.2f}"
        )
    return "\n".join(lines)


class Sampler:
    """Takes a sample every few seconds on a thread of its own."""

    def __init__(self, take, every: float = 2.0) -> None:
        self.samples: list[Sample] = []
        self._take = take
        self._every = every
        self._begun = time.monotonic()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.wait(self._every):
            resident, in_use = self._take()
            self.samples.append(Sample(time.monotonic() - self._begun, resident, in_use))
