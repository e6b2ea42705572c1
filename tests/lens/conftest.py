"""A model whose lens the check-up has switched off."""

from collections.abc import Callable
from dataclasses import replace

import pytest

import llm_tt
from llm_tt.model.check_up import Capability, CheckUp


@pytest.fixture
def without_lens(monkeypatch) -> Callable[[llm_tt.LanguageModel], None]:
    """Switch the lens of a model off until the test is over."""

    def switch_off(model: llm_tt.LanguageModel) -> None:
        findings = tuple(
            replace(finding, passed=finding.capability is not Capability.LENS)
            for finding in model.self_test.findings
        )
        monkeypatch.setattr(model, "self_test", CheckUp(findings))

    return switch_off
