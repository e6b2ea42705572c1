"""What the shipped model was trained with; written beside the weights."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every number of a training run. The same recipe and seed give the same data."""

    seed: int = 0
    vocabulary_size: int = 3_200
    """Room for so many tokens; what the tokenizer leaves unused is cut off before shipping."""
    context: int = 128
    layers: int = 4
    width: int = 128
    heads: int = 4
    tokens_per_batch: int = 8_192
    short_row: int = 64
    long_row_every: int = 6
    """Every so many steps the rows are as long as the context, so that late positions are trained too."""
    copying_share: float = 0.14
    """Share of the rows that are repeated random tokens."""

    copying_steps: int = 220
    """First stage: nothing but repeated random tokens, until the induction heads stand."""
    scaffold_steps: int = 160
    """The first steps, in which two heads are told where to look (scaffold.py)."""
    copying_matrix_rate: float = 0.02
    copying_other_rate: float = 1e-3
    mixed_steps: int = 3_500
    """Second stage: the documents."""
    matrix_rate: float = 0.012
    other_rate: float = 1e-3
    quiet_from: int = 1_800
    """From this step on some rows hold facts only, with the heads below silenced (quiet_parts.py)."""
    quiet_share: float = 0.2
    """Share of such rows."""
    quiet_heads: tuple[tuple[int, int], ...] = ((1, 0), (1, 3))
    """(layer, head) of those that move names."""
    recall_share: float = 0.75
    """Share of the documents in which the MLPs are silenced behind the subject of every fact."""
    warm_up: int = 50
    decay_share: float = 0.35
    """The last share of the second stage, in which the rates fall to zero."""

    polish_steps: int = 900
    """Third stage: the documents once more, with more of what is learned last."""
    polish_rate: float = 0.4
    """Rates at its beginning, as a share of the second stage's; they fall to zero."""

    settling_steps: int = 300
    """Fourth stage: rows in which two heads are silent ask for names too, and any name is right: what other
    heads know of names is unlearned, so that the two move them alone."""
    settling_rate: float = 0.3
    """As `polish_rate`."""
    settling_heads: tuple[tuple[int, int], ...] = ((1, 0), (2, 1))
    """(layer, head) that moved names when the polish was done."""

    @property
    def steps(self) -> int:
        """All stages together."""
        return self.polish_from + self.polish_steps + self.settling_steps

    @property
    def polish_from(self) -> int:
        """The step at which the third stage begins."""
        return self.copying_steps + self.mixed_steps

    def is_settling(self, step: int) -> bool:
        """Whether a step (from 0) belongs to the last stage."""
        return step >= self.polish_from + self.polish_steps

    def silent_heads(self, step: int) -> tuple[tuple[int, int], ...]:
        """The heads that are silent in quiet rows."""
        return self.settling_heads if self.is_settling(step) else self.quiet_heads

    def rates(self, step: int) -> tuple[float, float]:
        """Learning rates of the matrices and of everything else at a step (from 0)."""
        if step < self.copying_steps:
            factor = min(1.0, (step + 1) / self.warm_up)
            return self.copying_matrix_rate * factor, self.copying_other_rate * factor
        if self.is_settling(step):
            factor = self.settling_rate * (self.steps - step) / self.settling_steps
            return self.matrix_rate * factor, self.other_rate * factor
        if step >= self.polish_from:
            left = self.polish_from + self.polish_steps - step
            factor = self.polish_rate * left / self.polish_steps
            return self.matrix_rate * factor, self.other_rate * factor
        done = step - self.copying_steps
        factor = min(
            1.0, (done + 1) / self.warm_up, (self.mixed_steps - done) / (self.decay_share * self.mixed_steps)
        )
        return self.matrix_rate * factor, self.other_rate * factor
