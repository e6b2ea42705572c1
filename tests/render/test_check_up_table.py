"""A check-up in rows and in one line."""

from llm_tt.model.check_up import Capability, CheckUp, Finding
from llm_tt.render.check_up_table import check_up_rows, check_up_summary


def test_verdicts_tell_a_failure_from_something_switched_off():
    check_up = CheckUp(
        (
            Finding(Capability.LOGITS, False, "wrong", 0.5, 1e-4),
            Finding(Capability.HEADS, True, "right", 0.0, 1e-4),
            Finding(Capability.NEURONS, False, "not there"),
        )
    )
    rows = check_up_rows(check_up)
    assert [row.verdict for row in rows] == ["failed", "verified", "switched off"]
    assert [row.deviation for row in rows] == ["off by 5.0e-01, 1e-04 allowed", "exact", ""]
    assert (
        check_up_summary(check_up)
        == "1 of 3 checks passed; off: same predictions as the plain model, neurons"
    )


def test_a_sound_model_in_one_line():
    check_up = CheckUp(tuple(Finding(capability, True, "…") for capability in Capability))
    assert check_up_summary(check_up) == f"all {len(Capability)} checks passed"
