"""What follows from findings."""

from llm_tt.model.check_up import MUST_HAVES, Capability, CheckUp, Finding


def check_up(*failing: Capability) -> CheckUp:
    return CheckUp(tuple(Finding(capability, capability not in failing, "…") for capability in Capability))


def test_a_must_have_decides():
    assert check_up().passed
    for capability in Capability:
        assert check_up(capability).passed is (capability not in MUST_HAVES)


def test_what_failed_is_switched_off():
    result = check_up(Capability.NEURONS)
    assert [finding.capability for finding in result.switched_off] == [Capability.NEURONS]
    assert result.has(Capability.HEADS)
    assert not result.has(Capability.NEURONS)


def test_what_was_not_checked_is_not_there():
    assert not CheckUp(()).has(Capability.HEADS)
