"""Numbers read the same everywhere, and none of them claims more than it knows."""

import json
import subprocess
from pathlib import Path

import pytest

from llm_tt.render import number_words
from llm_tt.render.number_words import (
    MINUS,
    percent_text,
    plain_text,
    points_text,
    signed_text,
    without_minus_zero,
)

QUANTITIES = Path(number_words.__file__).with_name("canvas") / "quantities.js"


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.123, 1, "12.3 %"),
        (0.5, 0, "50 %"),
        (0.0, 1, "0.0 %"),
        (1.0, 1, "100.0 %"),
        (0.9999, 1, "99.99 %"),
        (0.999999, 1, ">99.99 %"),
        (0.0003, 1, "0.03 %"),
        (0.000001, 1, "<0.01 %"),
        (0.000001, 0, "<0.1 %"),
        (-0.2, 1, f"{MINUS}20.0 %"),
        (-0.000001, 1, f"{MINUS}<0.01 %"),
        (1.0000001, 1, "100 %"),
    ],
)
def test_a_share(share, decimals, text):
    assert percent_text(share, decimals) == text


def test_a_number_with_its_sign_or_without():
    assert [signed_text(number) for number in (1.25, -1.25, -0.001, 0.0)] == [
        "+1.25",
        f"{MINUS}1.25",
        "0.00",
        "0.00",
    ]
    assert [plain_text(number) for number in (1.25, -1.25, -0.001)] == ["1.25", f"{MINUS}1.25", "0.00"]
    assert points_text(-0.726) == f"{MINUS}72.6 points"


def test_a_column_has_no_minus_before_nothing():
    assert [f"{number:+.2f}" for number in without_minus_zero([-0.004, -0.006, 0.004], 2)] == [
        "+0.00",
        "-0.01",
        "+0.00",
    ]


def test_small_positive_numbers_of_a_column_stay_what_they_are():
    assert without_minus_zero([0.004, -0.006], 2) == [0.004, -0.006]


def test_pictures_write_per_cent_and_minus_the_same_way():
    code = (
        f"import {{ percent, signed }} from {json.dumps(QUANTITIES.as_uri())};"
        "console.log(JSON.stringify([percent(0.041), percent(-0.041), signed(-1.25)]))"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", code], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [percent_text(0.041), percent_text(-0.041), signed_text(-1.25)]
