"""The list of families that the command line prints."""

from llm_tt.model.families import supported_families
from tests.families.registry import FAMILIES


def test_every_family_that_we_test_is_listed():
    assert {family.model_type for family in FAMILIES} <= set(supported_families())


def test_encoder_decoders_are_not_listed():
    assert not {"t5", "bart", "whisper"} & set(supported_families())
