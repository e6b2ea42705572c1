"""Which families of models can be opened: known to Transformers as decoders and to TransformerLens."""

from transformer_lens.factories.architecture_adapter_factory import SUPPORTED_ARCHITECTURES
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES


def supported_families() -> tuple[str, ...]:
    """The model types, as config.json spells them, in alphabetical order.

    This is where to start; whether a particular model's parts add up is what the check-up says.
    """
    return tuple(
        sorted(
            family
            for family, architecture in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.items()
            if architecture in SUPPORTED_ARCHITECTURES
        )
    )
