"""Where one can go from a part: what it reads, what it writes, and what it belongs to."""

from llm_tt.tracing.parts import Part, Stage


def neighbours(part: Part, *, n_layers: int, has_mid_states: bool) -> dict[str, Part]:
    """Parts next to this one, each with the word that says how; in reading order."""
    layer, position = part.layer, part.position
    behind: Stage = "mid" if has_mid_states else "post"
    match part.kind:
        case "state":
            return _around(part, n_layers, has_mid_states)
        case "residual":
            target = Part("state", layer, position, stage=part.stage)
            return {"carries": _before(target, has_mid_states), "into": target}
        case "messages" | "message":
            found = {
                "reads": _into_layer(layer, part.key or 0),
                "writes": Part("state", layer, position, stage=behind),
            }
            if part.head is not None:
                found["head"] = Part("head", layer, position, head=part.head)
            return found
        case "head":
            return {"writes": Part("state", layer, position, stage=behind)}
        case "mlp":
            reads = Part("state", layer, position, stage="mid") if has_mid_states else None
            return {
                "reads": reads or _into_layer(layer, position),
                "writes": Part("state", layer, position, stage="post"),
            }
        case "neuron":
            return {"of": Part("mlp", layer, position)}


def _around(state: Part, n_layers: int, has_mid_states: bool) -> dict[str, Part]:
    found = {}
    if state.stage != "embed":
        found["before"] = _before(state, has_mid_states)
    if state.stage == "mid":
        found["after"] = Part("state", state.layer, state.position, stage="post")
    elif state.layer + 1 < n_layers:
        behind: Stage = "mid" if has_mid_states else "post"
        found["after"] = Part("state", state.layer + 1, state.position, stage=behind)
    if state.stage == "post":
        found["MLP"] = Part("mlp", state.layer, state.position)
    return found


def _before(state: Part, has_mid_states: bool) -> Part:
    if state.stage == "post" and has_mid_states:
        return Part("state", state.layer, state.position, stage="mid")
    return _into_layer(state.layer, state.position)


def _into_layer(layer: int, position: int) -> Part:
    """The state that a layer begins with."""
    return Part("state", layer - 1, position, stage="post" if layer > 0 else "embed")
