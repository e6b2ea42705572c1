"""The columns, each with its sentence."""

from pathlib import Path

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


def test_the_page_about_many_prompts_has_every_column():
    page = (Path(__file__).parents[2] / "docs" / "many_prompts.md").read_text(encoding="utf-8")
    for name, about in COLUMNS.items():
        if name.startswith(("attends_", "chance_")):
            assert f"`{name.partition('_')[2]}`" in page
        else:
            assert f"| `{name}` | {about} |" in page
