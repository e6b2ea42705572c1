"""`llm-tt summarize`: tables, an object, files; what is not there is said, with the nearest that is."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from llm_tt.summaries.report import summarize_runs
from llm_tt.summaries.runs import open_runs
from tests.cli.running import answered, as_a_person, run, said
from tests.summaries.planted_runs import planted_rows, random_contributions, table_of


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two methods, two groups, one head that looks at the previous token."""
    attention = {"previous": np.tile([0.9, 0.1, 0.1, 0.1, 0.1, 0.1], (12, 1))}
    more = {"groups": ["names", "years"] * 6, "attention": attention}
    rows = planted_rows(random_contributions(12), edges=[[("L0H0", "previous", 1.0)]] * 12, **more)
    rows += planted_rows(np.abs(random_contributions(12, seed=4)), method="ifr", **more)
    folder = tmp_path_factory.mktemp("runs") / "runs.parquet"
    folder.mkdir()
    pq.write_table(table_of(rows), folder / "part-00000.parquet")
    return folder


def test_tables(runs):
    printed = said("summarize", str(runs))
    assert f"{runs}: 12 prompts, relp" in printed
    assert "previous-token head" in printed
    assert "A name needs attention whose 95 % interval begins at 0.4" in printed
    assert "two halves of them" in printed
    assert "relp and ifr: shares correlate" in printed
    assert "Messages in the graphs" in printed


def test_every_group(runs):
    printed = said("summarize", str(runs), "--by", "group", "--top", "2")
    assert f"{runs}, names: 6 prompts, relp" in printed
    assert f"{runs}, years: 6 prompts, relp" in printed


def test_for_programs(runs):
    found = answered("summarize", str(runs), "--by", "group")
    assert found["groups"][1]["group"] == "years"
    assert found["parts"] == json.loads(json.dumps(summarize_runs(open_runs(runs)).to_json()["parts"]))
    assert {"head": "L0H0", "role": "previous-token head"}.items() <= found["roles"][0].items()
    assert {"model", "notice", "neurons", "edge_kinds", "attention", "stability", "agreement"} <= found.keys()


def test_a_difference(runs):
    printed = said("summarize", str(runs), "--group", "names", "--against", "years")
    assert "names (6 prompts) minus years (6):" in printed
    found = answered("summarize", str(runs), "--group", "names", "--against", "years")
    assert found["difference"]["groups"] == ["names", "years"]
    assert len(found["difference"]["rows"]) == 8


def test_another_method(runs):
    assert answered("summarize", str(runs), "--method", "ifr")["method"] == "ifr"


def test_files(runs, tmp_path):
    for name in ("roles.csv", "roles.html"):
        assert f"{name}: 3 reports" in said(
            "summarize", str(runs), "--by", "group", "-o", str(tmp_path / name)
        )
        assert (tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--by", "grop"], "Did you mean group?"),
        (["--group", "name"], "Did you mean names?"),
        (["--method", "rel"], "Did you mean relp?"),
        (["--method", "dla"], "Choose one of relp, ifr"),
        (["--against", "years"], "Give --group as well"),
        (["--group", "years", "--against", "years"], "Give --group as well"),
        (["--group", "years", "--by", "group"], "Give --by group"),
        (["-o", "roles.pdf"], "Choose one of .csv, .html"),
        (["-o", "roles.csv", "--json"], "not both"),
    ],
)
def test_what_is_not_known_is_said(runs, arguments, says):
    result = run("summarize", str(runs), *arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", " ").split())


def test_as_a_person_has_it(runs, tmp_path):
    part = tmp_path / "part-00000.parquet"
    part.write_bytes((runs / "part-00000.parquet").read_bytes()[:-50])
    ended = as_a_person("summarize", str(tmp_path))
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "part-00000.parquet is damaged" in ended.stderr
    assert "Traceback" not in ended.stderr
