"""The places in a forward pass that we read or edit, each with the sentence that defines it.

This is the only file with strings such as "blocks.3.hook_resid_mid". The names are TransformerLens'
own; a hook is called with the tensor that flows there, its first axis a batch of one.
"""

from enum import StrEnum


class Site(StrEnum):
    """A hook point; `at` fills in the layer."""

    RESID_PRE = "blocks.{layer}.hook_resid_pre"
    """State that enters a block [batch pos d_model]; for layer 0 the embedding."""
    RESID_MID = "blocks.{layer}.hook_resid_mid"
    """State after attention was added, before the MLP; absent in parallel blocks."""
    RESID_POST = "blocks.{layer}.hook_resid_post"
    """State that leaves a block."""
    ATTENTION_OUT = "blocks.{layer}.hook_attn_out"
    """Exactly what attention adds to the stream: after any post-norm or residual multiplier."""
    MLP_OUT = "blocks.{layer}.hook_mlp_out"
    """Exactly what the MLP adds to the stream: after any post-norm or residual multiplier."""
    PATTERN = "blocks.{layer}.attn.hook_pattern"
    """Attention weights after the softmax [batch head query key]."""
    QUERIES = "blocks.{layer}.attn.hook_q"
    """Queries [batch query head d_head], before any norm of theirs and any rotation."""
    KEYS = "blocks.{layer}.attn.hook_k"
    """Keys [batch key kv_head d_head], before any norm of theirs and any rotation."""
    VALUES = "blocks.{layer}.attn.hook_v"
    """Values [batch key kv_head d_head]; the value bias is already in them."""
    HEAD_MIX = "blocks.{layer}.attn.hook_z"
    """Per head, the pattern's mix of values [batch query head d_head], before the output matrix."""
    NEURONS = "blocks.{layer}.mlp.hook_post"
    """Activations that multiply the neurons' output directions [batch pos d_mlp]."""
    NEURON_INPUTS = "blocks.{layer}.mlp.hook_pre"
    """What each neuron's activation function reads [batch pos d_mlp]."""
    NEURON_FACTORS = "blocks.{layer}.mlp.hook_pre_linear"
    """In gated MLPs, what each activation is multiplied by [batch pos d_mlp]; absent in plain ones."""
    ATTENTION_NORM = "blocks.{layer}.ln1.hook_scale"
    """Divisor of the norm in front of attention [batch pos 1]; absent in some families."""
    MLP_NORM = "blocks.{layer}.ln2.hook_scale"
    """Divisor of the norm in front of the MLP [batch pos 1]; absent where the MLP shares attention's norm."""
    ATTENTION_POST_NORM = "blocks.{layer}.ln1_post.hook_scale"
    """Divisor of the norm between attention and the stream [batch pos 1]; absent in most families."""
    MLP_POST_NORM = "blocks.{layer}.ln2_post.hook_scale"
    """Divisor of the norm between the MLP and the stream [batch pos 1]; absent in most families."""
    FINAL_NORM = "ln_final.hook_scale"
    """Divisor of the last norm [batch pos 1]; the same for every layer argument."""

    def at(self, layer: int) -> str:
        """The full name at one layer."""
        return self.value.format(layer=layer)
