"""The page as a whole: what a newcomer sees, and everything that it is in its link."""

from llm_tt.app.pages.roles_page import HINT
from tests.app.driving import link_of, page_of_link, words

LINK = {"tasks": "indirect_object,capital", "prompts-each": "10"}


def test_a_link_opens_the_same_view():
    more = {
        "group": "capital",
        "map": "contribution",
        "component": "L3H3",
        "roles-table": "parts",
        "without": "indirect_object",
    }
    page = page_of_link("roles", **LINK, **more)
    assert not page.exception
    assert "That did not work" not in words(page)
    assert more.items() <= link_of(page).items()


def test_everything_is_on_it():
    page = page_of_link("roles", **LINK)
    assert len(page.get("plotly_chart")) == 1
    assert "##### L0H2" in words(page)
    assert HINT in words(page)
    assert HINT not in words(page_of_link("roles", **LINK, component="L3H3"))
    assert "Prompts behind it" in words(page)
    assert "A name needs attention" in words(page)


def test_what_is_odd_is_said_first(tmp_path):
    import pyarrow.parquet as pq

    from llm_tt.batch.job import Job
    from llm_tt.batch.options import BatchOptions
    from tests.summaries.planted_runs import planted_rows, random_contributions, table_of

    job = Job("gpt2", "f", "float32", "prompts.txt", "d", 128, BatchOptions())
    import json

    (tmp_path / "_job.json").write_text(json.dumps(job.to_json()))
    pq.write_table(table_of(planted_rows(random_contributions(4))), tmp_path / "part-00000.parquet")
    page = page_of_link("roles", **{"prompts-from": "runs"})
    page.text_input(key="runs-folder").set_value(str(tmp_path)).run()
    assert not page.exception
    assert "1 of 2 parts are missing" in words(page)
    assert "These rows are of gpt2" in words(page)
