"""The result of a model's check-up: what was verified when it was opened, and what is switched off."""

from dataclasses import dataclass
from enum import StrEnum

from llm_tt.errors import ModelError


class Capability(StrEnum):
    """Something the tool can show, each with a check of its own."""

    LOGITS = "same predictions as the plain model"
    CAUSAL = "reads left to right"
    RESIDUAL = "states add up"
    LENS = "logit lens"
    ATTENTION = "attention"
    HEADS = "heads"
    NEURONS = "neurons"
    CIRCUITS = "circuits of heads"


MUST_HAVES = frozenset(set(Capability) - {Capability.LENS, Capability.NEURONS, Capability.CIRCUITS})
"""Without these there is no true graph of information flow, so the model is not opened."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check-up."""

    capability: Capability
    passed: bool
    sentence: str
    """What was compared, or why it is not available; fit to be shown to a person."""
    error: float | None = None
    """Largest deviation relative to the largest value; None where there was nothing to compare."""
    tolerance: float | None = None

    @property
    def required(self) -> bool:
        """Whether the model is refused when this fails."""
        return self.capability in MUST_HAVES


@dataclass(frozen=True, slots=True)
class CheckUp:
    """All findings for one model."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every must-have holds; optional capabilities may still be switched off."""
        return all(finding.passed for finding in self.findings if finding.required)

    @property
    def switched_off(self) -> tuple[Finding, ...]:
        """What the pages must not offer for this model, with the reason."""
        return tuple(finding for finding in self.findings if not finding.passed)

    def has(self, capability: Capability) -> bool:
        """Whether a capability was verified."""
        return any(finding.passed for finding in self.findings if finding.capability == capability)


class CheckUpError(ModelError):
    """The model opened, but a must-have of the check-up failed: whatever we showed would be wrong."""

    def __init__(self, *, asked: str, found: str, remedy: str, check_up: CheckUp) -> None:
        super().__init__(asked=asked, found=found, remedy=remedy)
        self.check_up = check_up
