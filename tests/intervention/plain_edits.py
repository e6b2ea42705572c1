"""Edits made by hand on plain Hugging Face models: torch hooks on their own modules, nothing of the bridge.

Messages are built one by one, edited one after the other, and summed: the plainest way there is.
"""

from contextlib import ExitStack
from operator import attrgetter

import torch

from llm_tt.intervention.edits import Ablate, Scale, SetNeuron
from llm_tt.intervention.steering import NeuronDirection, Steer

# Blocks; output of attention; values; input of the neurons' output; MLP as a whole; final norm.
PLACES = {
    "GPT-2": ("transformer.h", "attn.c_proj", "attn.c_attn", "mlp.c_proj", "mlp", "transformer.ln_f"),
    "Llama": (
        "model.layers", "self_attn.o_proj", "self_attn.v_proj", "mlp.down_proj", "mlp", "model.norm"
    ),
    "GPT-J": ("transformer.h", "attn.out_proj", "attn.v_proj", "mlp.fc_out", "mlp", "transformer.ln_f"),
    "GPT-NeoX": (
        "gpt_neox.layers", "attention.dense", "attention.query_key_value", "mlp.dense_4h_to_h", "mlp",
        "gpt_neox.final_layer_norm",
    ),
    "OPT": (
        "model.decoder.layers", "self_attn.out_proj", "self_attn.v_proj", "fc2", "fc2",
        "model.decoder.final_layer_norm",
    ),
    "GPT-Neo": (
        "transformer.h", "attn.attention.out_proj", "attn.attention.v_proj", "mlp.c_proj", "mlp",
        "transformer.ln_f",
    ),
}  # fmt: skip
PLACES["Llama, with biases"] = PLACES["Llama"]
N_HEADS = 4
TOKENS = {"a": 65, "b": 66}
"""Of the tests' tokenizer."""


class PlainEdits:
    """One plain model under edits, over one text."""

    def __init__(self, plain, family, edits, baseline):
        self._plain, self._family, self._baseline = plain, family, baseline
        self._edits = edits
        blocks, self._out, self._values, self._neurons, self._mlp, self._norm = PLACES[family]
        self._blocks = attrgetter(blocks)(plain)
        self._attention = {}

    @torch.no_grad()
    def logits(self, token_ids, n_prompt):
        """[pos d_vocab]; attention of each layer is taken from a run in which all before it was edited."""
        self._n_prompt = n_prompt
        for _ in range(len(self._blocks) + 1):
            result = self._run(token_ids)
            self._attention = dict(enumerate(result.attentions))
        return result.logits[0]

    def _run(self, token_ids):
        self._shown = {}
        with ExitStack() as stack:
            for layer, block in enumerate(self._blocks):
                part = lambda name, block=block: attrgetter(name)(block)  # noqa: E731
                see = lambda _, __, out, layer=layer: self._shown.__setitem__(layer, out)  # noqa: E731
                handles = [
                    part(self._values).register_forward_hook(see),
                    part(self._out).register_forward_pre_hook(self._hook(self._mix, layer)),
                    part(self._neurons).register_forward_pre_hook(self._hook(self._activate, layer)),
                    part(self._mlp).register_forward_hook(self._behind(self._write, layer)),
                    block.register_forward_hook(self._behind(self._steer, layer)),
                ]
                for handle in handles:
                    stack.callback(handle.remove)
            return self._plain(torch.tensor([list(token_ids)]), output_attentions=True, use_cache=False)

    @staticmethod
    def _hook(change, layer):
        return lambda _, inputs: (change(layer, inputs[0]), *inputs[1:])

    @staticmethod
    def _behind(change, layer):
        def hook(_, __, out):
            return (change(layer, out[0]), *out[1:]) if isinstance(out, tuple) else change(layer, out)

        return hook

    def _of(self, layer, *kinds):
        for edit in self._edits:
            kind = "steer" if isinstance(edit, Steer) else edit.component.kind
            if edit.layer == layer and kind in kinds:
                yield edit

    def _places(self, edit, n_positions):
        named = {
            "all": range(n_positions),
            "prompt": range(self._n_prompt),
            "generated": range(self._n_prompt, n_positions),
        }
        places = named[edit.positions] if isinstance(edit.positions, str) else edit.positions
        return [place for place in places if place < n_positions]

    def _changed(self, edit, own, usual):
        match edit:
            case Ablate(baseline="zero"):
                return (1 - edit.strength) * own
            case Ablate():
                return (1 - edit.strength) * own + edit.strength * usual
            case Scale():
                return edit.factor * own
            case SetNeuron():
                return torch.full_like(own, edit.value)

    def _mix(self, layer, mixed):
        edits = list(self._of(layer, "head", "edge"))
        if not edits or layer not in self._attention:
            return mixed
        attention, values = self._attention[layer][0], self._values_of(layer)
        usual = self._baseline.values[layer]
        n_positions = values.shape[0]
        messages = torch.einsum("hqk,khd->hqkd", attention, values)
        for edit in edits:
            heads = range(N_HEADS) if edit.component.head is None else [edit.component.head]
            key = edit.component.key
            keys = [place for place in range(n_positions) if key is None or place == key]
            for head in heads:
                for query in self._places(edit, n_positions):
                    for key in keys:
                        instead = attention[head, query, key] * usual[head]
                        own = messages[head, query, key]
                        messages[head, query, key] = self._changed(edit, own, instead)
        return messages.sum(2).transpose(0, 1).reshape(mixed.shape)

    def _values_of(self, layer):
        """[key head d_head], from what the plain model's own projection gives."""
        shown = self._shown[layer][0]
        if self._family == "GPT-2":
            shown = shown.chunk(3, dim=-1)[2]
        if self._family == "GPT-NeoX":
            return shown.unflatten(-1, (N_HEADS, 3, -1))[:, :, 2]
        heads = shown.unflatten(-1, (-1, self._baseline.values.shape[-1]))
        return heads.repeat_interleave(N_HEADS // heads.shape[1], dim=1)

    def _activate(self, layer, activations):
        changed = activations.clone()
        flat = changed.view(-1, changed.shape[-1])
        for edit in self._of(layer, "neuron"):
            neuron = edit.component.neuron
            for place in self._places(edit, len(flat)):
                usual = self._baseline.activations[layer, neuron]
                flat[place, neuron] = self._changed(edit, flat[place, neuron], usual)
        return changed

    def _write(self, layer, written):
        changed = written.clone()
        flat = changed.view(-1, changed.shape[-1])
        for edit in self._of(layer, "mlp"):
            for place in self._places(edit, len(flat)):
                flat[place] = self._changed(edit, flat[place], self._baseline.mlp_out[layer])
        return changed

    def _steer(self, layer, state):
        changed = state.clone()
        for edit in self._of(layer, "steer"):
            places = self._places(edit, changed.shape[1])
            changed[0, places] += edit.strength * self._direction(layer, edit.direction)
        return changed

    def _direction(self, layer, direction):
        if isinstance(direction, NeuronDirection):
            module = attrgetter(self._neurons)(self._blocks[layer])
            weight = module.weight if self._family == "GPT-2" else module.weight.T  # Conv1D is laid out so
            return weight[direction.neuron]
        given = (direction.toward, direction.away)
        ids = [TOKENS.get(token, token) for token in given if token is not None]
        rows = self._plain.get_output_embeddings().weight[ids]
        row = rows[0] if len(rows) == 1 else rows[0] - rows[1]
        row = row * attrgetter(self._norm)(self._plain).weight
        if "Llama" not in self._family:
            row = row - row.mean()
        return row / row.norm()
