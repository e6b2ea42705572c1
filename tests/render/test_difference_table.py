"""The difference as a table: every edge that one of both keeps, with the numbers of both."""

import io

import pandas as pd

from llm_tt.render.difference_table import as_csv, difference_table


def test_rows(two_runs_compared):
    difference = two_runs_compared.difference(0.02)
    table = difference_table(difference).to_pandas()
    counts = difference.counts
    assert table["became"].value_counts().to_dict() == {
        "gained": counts.gained,
        "lost": counts.lost,
        "stronger": counts.stronger,
        "weaker": counts.weaker,
        "same": counts.same,
    }
    assert (table["change"].abs().diff().dropna() <= 0).all()
    assert ((table["second_weight"] - table["first_weight"] - table["change"]).abs() < 1e-5).all()
    lost = table[table["became"] == "lost"]
    assert (lost["first_survival"] >= 0.02).all()
    assert (lost["second_survival"] < 0.02).all()
    columns = two_runs_compared.alignment.columns
    for row in table.itertuples():
        for name in ("key", "query"):
            told = (getattr(row, f"first_{name}"), getattr(row, f"second_{name}"))
            assert tuple(None if pd.isna(at) else int(at) for at in told) == columns[getattr(row, name)]
    alone = table[table["first_query"].isna()]
    assert len(alone) > 0
    assert set(alone["became"]) == {"gained"}


def test_as_text(two_runs_compared):
    difference = two_runs_compared.difference(0.02)
    read = pd.read_csv(io.BytesIO(as_csv(difference)))
    assert len(read) == difference_table(difference).num_rows
    assert read["query_token"].iloc[0] == difference_table(difference).to_pandas()["query_token"].iloc[0]
