"""The node behind a norm through which a half of a block reads the stream."""

from typing import Final, Literal

from llm_tt.anatomy.drafting import Amounts, LayerDraft, Places
from llm_tt.anatomy.node_kinds import NodeKind

Half = Literal["attention", "mlp"]

_KINDS: Final[dict[Half, NodeKind]] = {"attention": NodeKind.NORM_ATTENTION, "mlp": NodeKind.NORM_MLP}


def add_norm(drawn: LayerDraft, state: Places, amounts: Amounts, *, half: Half) -> Places:
    """Behind it, or the state itself in families that have no norm there; `amounts` pass through it."""
    draft, trace, layer = drawn.draft, drawn.trace, drawn.layer
    norms = drawn.model.block_norms(layer)
    norm = norms.attention if half == "attention" else norms.mlp
    if norm.epsilon is None:
        return state
    before = trace.resid_pre if half == "attention" or trace.resid_mid is None else trace.resid_mid
    own = before[layer, draft.position][None]
    normed = norm.normed(own).to(own)
    node = draft.add(_KINDS[half], layer, normed, amounts=amounts)
    draft.connect(state, node, half, amounts)
    return node
