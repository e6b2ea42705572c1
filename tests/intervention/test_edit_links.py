"""Edits in links: short, one line, letters that addresses may have; read back exactly."""

import re

import pytest

from llm_tt.intervention.edit_json import edit_from_json
from llm_tt.intervention.edit_links import entry_from_link, link_of_entry
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from tests.intervention.kinds_of_edits import EVERY_KIND


@pytest.mark.parametrize(
    ("edit", "link"),
    [
        (Ablate.head(2, 1), "ablate:L2H1"),
        (Ablate.edge(2, 1, head=3, positions=(3, 13), baseline="zero"), "ablate:L2H3@1-:p=3,13:b=zero"),
        (Ablate.mlp(2, strength=0.1), "ablate:L2.mlp:s=0.1"),
        (Scale.mlp(2, 0.5, positions="prompt"), "scale:L2.mlp:0.5:p=prompt"),
        (SetNeuron(2, 33, -4.0), "set:L2N33:-4.0"),
        (Steer.neuron(2, 33, 1e-07), "steer:2:1e-07:n=*33"),
        (Steer.tokens(2, " Mary", 17, strength=3.0), "steer:2:3.0:t=%20Mary:a=*17"),
    ],
)
def test_how_an_edit_looks(edit, link):
    assert link_of_entry(edit.to_json()) == link
    assert entry_from_link(link) == edit.to_json()


@pytest.mark.parametrize("edit", EVERY_KIND.values(), ids=EVERY_KIND.keys())
def test_every_kind_is_read_back(edit):
    entry = {**edit.to_json(), "on": False, "note": "a;b:c=d*%\n"}
    link = link_of_entry(entry)
    assert re.fullmatch(r"[\w!*%.,:=@+-]+", link, re.ASCII)
    assert entry_from_link(link) == entry


@pytest.mark.parametrize("token", ["*17", "a;b", "a:b", "%20", "\u2028", "😀", " ", "=", "!x"])
def test_any_token_is_read_back(token):
    edit = Steer.tokens(0, token, 3, strength=1.0)
    assert edit_from_json(entry_from_link(link_of_entry(edit.to_json()))) == edit


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("ablate", "a field is missing"),
        ("scale:L2H1", "a field is missing"),
        ("steer:x:1.0", "'x' is no whole number"),
        ("scale:L2H1:much", "'much' is no number"),
        ("scale:L2H1:1" + "0" * 40, "is no number"),
        ("ablate:L2H1:q=3", "'q' is no field"),
        ("ablate:L2H1:p=3:p=4", "is there twice"),
        ("ablate:L2H1:p=3,,4", "'' is no whole number"),
        ("steer:2:1.0:t=*" + "9" * 5000, "is no whole number"),
    ],
)
def test_what_is_no_edit_is_said(link, found):
    with pytest.raises(ValueError, match=found):
        entry_from_link(link)
