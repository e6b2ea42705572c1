"""What both visitors did, what was found, and the tables that are printed at the end."""

import statistics
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Journal:
    """Shared by both visitors; also a file, line by line, for whoever looks into a finding."""

    folder: Path
    most_findings: int = 12
    """After so many nobody needs more."""
    begun: float = field(default_factory=time.monotonic)
    durations: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    checked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    findings: list[str] = field(default_factory=list)
    slow_to_settle: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, who: str, text: str) -> None:
        """One line of the log."""
        with self._lock, (self.folder / "actions.log").open("a", encoding="utf-8") as log:
            log.write(f"{time.monotonic() - self.begun:8.1f} {who} {text}\n")

    def done(self, kind: str, seconds: float) -> None:
        """An action, from the hand to the checked result."""
        with self._lock:
            self.durations[kind].append(seconds)

    def count_check(self, what: str) -> None:
        """One comparison with the library."""
        with self._lock:
            self.checked[what] += 1

    def count(self, what: str) -> None:
        """Something that happened on the way."""
        with self._lock:
            self.outcomes[what] += 1

    def find(self, who: str, text: str) -> None:
        """Something is wrong."""
        self.note(who, f"FOUND {text}")
        with self._lock:
            self.findings.append(f"{who}: {text}")

    @property
    def has_enough(self) -> bool:
        """Whether to give up."""
        return len(self.findings) >= self.most_findings

    @property
    def n_actions(self) -> int:
        """Of both together."""
        return sum(map(len, self.durations.values()))

    def tables(self) -> str:
        """For people."""
        lines = [f"{'action':34} {'times':>6} {'median s':>9} {'worst s':>9}"]
        for kind, seconds in sorted(self.durations.items(), key=lambda item: -len(item[1])):
            lines.append(f"{kind:34} {len(seconds):6} {statistics.median(seconds):9.2f} {max(seconds):9.2f}")
        lines.append(f"{'all':34} {self.n_actions:6}")
        lines += ["", f"{'compared with the library':34} {'times':>6}"]
        lines += [f"{what:34} {times:6}" for what, times in sorted(self.checked.items())]
        lines.append(f"{'all':34} {sum(self.checked.values()):6}")
        lines += ["", f"{'on the way':60} {'times':>6}"]
        lines += [f"{what:60} {times:6}" for what, times in sorted(self.outcomes.items())]
        lines += ["", f"wrong results and errors: {len(self.findings)}", *self.findings]
        return "\n".join(lines)
