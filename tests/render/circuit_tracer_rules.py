"""The rules of circuit-tracer's and Neuronpedia's graph files, and what their pages do as they open one."""

import json
import re
from collections import Counter
from numbers import Real

REQUIRED = {
    "metadata": {"slug": str, "scan": str, "prompt_tokens": list, "prompt": str},
    "qParams": {"pinnedIds": list, "supernodes": list, "linkType": str, "clickedId": str, "sg_pos": str},
    "node": {
        "node_id": str,
        "feature": int,
        "layer": str,
        "ctx_idx": int,
        "feature_type": str,
        "jsNodeId": str,
        "clerp": str,
    },
    "link": {"source": str, "target": str, "weight": float},
}
OPTIONAL_OF_NODES = {
    "influence": (float, type(None)),
    "activation": (float, type(None)),
    "token_prob": (float,),
    "is_target_logit": (bool,),
    "run_idx": (int,),
    "reverse_ctx_idx": (int,),
}
NODE_ID = re.compile(r"(?P<layer>E|\d+)_(?P<number>-?\d+)_(?P<position>\d+)")
ADDRESS = re.compile(r"[A-Za-z0-9_.-]+")
OUTPUT = re.compile(r'Output "(?P<token>[^"\n]*)" \(p=(?P<probability>\d\.\d{3})\)')


def check_file(content: dict) -> None:
    """All that a file must keep to."""
    assert {"metadata", "qParams", "nodes", "links"} <= content.keys()
    check_metadata(content["metadata"])
    _check_fields(content["qParams"], "qParams")
    nodes, n_tokens = content["nodes"], len(content["metadata"]["prompt_tokens"])
    for node in nodes:
        check_node(node, n_tokens)
    ids = [node["node_id"] for node in nodes]
    assert len(set(ids)) == len(ids)
    check_links(content["links"], {node["node_id"]: node for node in nodes})
    assert content["qParams"]["clickedId"] in ids
    # No NaN, no infinity, nothing that is no plain value; the same again from both ways of writing texts.
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert json.loads(json.dumps(content, allow_nan=False, ensure_ascii=False).encode()) == content


def check_metadata(metadata: dict) -> None:
    _check_fields(metadata, "metadata")
    assert ADDRESS.fullmatch(metadata["slug"])
    assert ADDRESS.fullmatch(metadata["scan"])
    assert all(type(token) is str for token in metadata["prompt_tokens"])
    assert 0 < metadata["node_threshold"] <= 1
    for text in (metadata["prompt"], *metadata["prompt_tokens"]):
        text.encode()  # no lone surrogates
        assert "\0" not in text


def check_node(node: dict, n_tokens: int) -> None:
    _check_fields(node, "node")
    for name, types in OPTIONAL_OF_NODES.items():
        assert name not in node or type(node[name]) in types, name
    match = NODE_ID.fullmatch(node["node_id"])
    assert match, node["node_id"]
    assert match["layer"] == node["layer"]
    assert int(match["position"]) == node["ctx_idx"] < n_tokens
    assert (node["layer"] == "E") == (node["feature_type"] == "embedding")
    assert "error" not in node["feature_type"]
    if node["influence"] is not None:
        assert 0 <= node["influence"] <= 1
    if node["feature_type"] == "logit":
        match = OUTPUT.fullmatch(node["clerp"])
        assert match, node["clerp"]
        assert float(match["probability"]) == round(node["token_prob"], 3)
    else:
        assert not node["is_target_logit"]


def check_links(links: list[dict], nodes: dict[str, dict]) -> None:
    order = {name: place for place, name in enumerate(nodes)}
    for link in links:
        _check_fields(link, "link")
        assert order[link["source"]] < order[link["target"]]
        assert nodes[link["source"]]["ctx_idx"] <= nodes[link["target"]]["ctx_idx"]
    ends = [(link["source"], link["target"]) for link in links]
    assert len(set(ends)) == len(ends)


def opened(content: dict, goes_by: str) -> dict[str, dict]:
    """What is on the page: nodes by id, with the number that an output's label gives.

    The pages know a node by `node_id` or, in some versions, by `jsNodeId`; circuit-tracer hides what occurs
    too often, Neuronpedia wants a layer above 0.
    """
    between = [node for node in content["nodes"] if node["feature_type"] not in ("logit", "embedding")]
    assert max(float(node["layer"]) for node in between) > 0, "No layer found"
    feature = Counter((node["layer"], str(node["feature"]), node["ctx_idx"]) for node in content["nodes"])
    often = len(content["metadata"]["prompt_tokens"]) * 2 / 3
    shown = {}
    for node in content["nodes"]:
        if feature[node["layer"], str(node["feature"]), node["ctx_idx"]] > often:
            continue
        if node["feature_type"] == "logit":
            node = node | {"logitPct": float(node["clerp"].split("(p=")[1].split(")")[0])}
        shown[node[goes_by]] = node
    return shown


def _check_fields(found: dict, kind: str) -> None:
    for name, expected in REQUIRED[kind].items():
        assert type(found[name]) is expected, (name, found[name])
        assert not isinstance(found[name], Real) or found[name] == found[name]
