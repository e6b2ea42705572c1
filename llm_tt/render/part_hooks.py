"""Where a part is found in TransformerLens: the name of its hook point, and its place in that tensor."""

from llm_tt.model.hook_names import Site
from llm_tt.tracing.parts import Part


def hook_of(part: Part) -> str:
    """`blocks.2.attn.hook_z[:, 13, 1]`: ready to be used as an index, the first axis a batch of one."""
    layer, at = part.layer, part.position
    match part.kind:
        case "state" if part.stage == "embed":
            return f"{Site.RESID_PRE.at(0)}[:, {at}]"
        case "state" | "residual":
            site = Site.RESID_MID if part.stage == "mid" else Site.RESID_POST
            if part.kind == "state":
                return f"{site.at(layer)}[:, {at}]"
            before = Site.RESID_PRE if part.stage == "mid" else Site.RESID_MID
            return f"{before.at(layer)}[:, {at}]"
        case "messages":
            return f"{Site.PATTERN.at(layer)}[:, :, {at}, {part.key}]"
        case "message":
            return f"{Site.PATTERN.at(layer)}[:, {part.head}, {at}, {part.key}]"
        case "head":
            return f"{Site.HEAD_MIX.at(layer)}[:, {at}, {part.head}]"
        case "mlp":
            return f"{Site.MLP_OUT.at(layer)}[:, {at}]"
        case "neuron":
            return f"{Site.NEURONS.at(layer)}[:, {at}, {part.neuron}]"
