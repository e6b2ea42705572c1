"""A model's check-up as rows and as one line, the same on a page and in a terminal."""

from typing import NamedTuple

from llm_tt.model.check_up import CheckUp, Finding


class CheckUpRow(NamedTuple):
    """One line of a check-up, as text."""

    verdict: str
    what: str
    sentence: str
    deviation: str


def check_up_rows(check_up: CheckUp) -> list[CheckUpRow]:
    """Each finding with its verdict: verified, switched off, or failed."""
    return [
        CheckUpRow(
            verdict="verified" if finding.passed else "failed" if finding.required else "switched off",
            what=finding.capability.value,
            sentence=finding.sentence,
            deviation=_deviation(finding),
        )
        for finding in check_up.findings
    ]


def check_up_summary(check_up: CheckUp) -> str:
    """The check-up in one line."""
    off = [finding.capability.value for finding in check_up.switched_off]
    n_checks = len(check_up.findings)
    return (
        f"all {n_checks} checks passed"
        if not off
        else f"{n_checks - len(off)} of {n_checks} checks passed; off: {', '.join(off)}"
    )


def _deviation(finding: Finding) -> str:
    if finding.error is None:
        return ""
    return "exact" if finding.error == 0 else f"off by {finding.error:.1e}, {finding.tolerance:.0e} allowed"
