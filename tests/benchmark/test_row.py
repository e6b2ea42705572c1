"""Times in words: the median, both ends, and the goal in the same unit."""

from llm_tt.benchmark.row import Row


def test_milliseconds():
    row = Row.waited("a click", 32, [0.0104, 0.0301, 0.0202], goal=0.3)
    assert row == Row("a click", 32, "20 ms", "10-30", "≤ 300 ms", True)


def test_less_than_ten_milliseconds_have_a_digit_more():
    assert Row.waited("a search", 0, [0.0021, 0.0049], goal=0.0034).measured == "3.5 ms"
    assert Row.waited("a search", 0, [0.0021, 0.0049], goal=0.0034).reached is False


def test_seconds():
    row = Row.waited("the start", 14, [6.24], goal=10.0)
    assert row == Row("the start", 14, "6.2 s", "once", "≤ 10 s", True)
    assert Row.waited("the start", 14, [6.24]).goal == ""
    assert Row.waited("the start", 14, [6.24]).reached is None


def test_what_is_missing_has_a_reason():
    assert Row.missing("the page", "needs Chromium") == Row(
        "the page", 0, "not measured", "needs Chromium", "", None
    )
