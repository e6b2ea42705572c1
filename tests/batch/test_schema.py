"""The columns, each with its sentence."""

from llm_tt.batch.relations import RELATIONS
from llm_tt.batch.schema import COLUMNS, OF_PROMPT, SCHEMA


def test_every_column_is_explained_and_named_once():
    assert list(COLUMNS) == SCHEMA.names
    assert len(set(SCHEMA.names)) == len(SCHEMA.names)
    assert all(COLUMNS.values())


def test_every_relation_has_its_attention_and_its_chance():
    for relation in RELATIONS:
        assert {f"attends_{relation}", f"chance_{relation}"} <= set(SCHEMA.names)


def test_what_belongs_to_the_prompt_comes_first():
    assert tuple(SCHEMA.names[: len(OF_PROMPT)]) == OF_PROMPT
