"""The names exist in a real bridge, and the tensors there have the shapes that we say."""

import torch

from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook


def test_every_site_carries_the_shape_of_its_definition(open_family):
    model = open_family("Gemma 2")  # the one family here with post-norms, so that every site exists
    sizes, n_pos = model.dimensions, 5
    width = {
        Site.PATTERN: (sizes.n_heads, n_pos, n_pos),
        Site.QUERIES: (n_pos, sizes.n_heads, sizes.d_head),
        Site.KEYS: (n_pos, sizes.n_kv_heads, sizes.d_head),
        Site.VALUES: (n_pos, sizes.n_kv_heads, sizes.d_head),
        Site.HEAD_MIX: (n_pos, sizes.n_heads, sizes.d_head),
        Site.NEURONS: (n_pos, sizes.d_mlp),
        Site.NEURON_INPUTS: (n_pos, sizes.d_mlp),
        Site.NEURON_FACTORS: (n_pos, sizes.d_mlp),
        Site.ATTENTION_NORM: (n_pos, 1),
        Site.MLP_NORM: (n_pos, 1),
        Site.ATTENTION_POST_NORM: (n_pos, 1),
        Site.MLP_POST_NORM: (n_pos, 1),
        Site.FINAL_NORM: (n_pos, 1),
    }
    seen: dict[Site, tuple[int, ...]] = {}

    def keep(site):
        def record(tensor: torch.Tensor) -> None:
            seen[site] = tuple(tensor.shape)

        return record

    with torch.no_grad():
        model.run(range(n_pos), [Hook(site, 1, keep(site)) for site in Site])
    assert seen == {site: (1, *width.get(site, (n_pos, sizes.d_model))) for site in Site}


def test_sites_that_a_family_lacks_are_known(open_family, tiny_model):
    assert not tiny_model.has_site(Site.ATTENTION_POST_NORM)
    assert not tiny_model.has_site(Site.NEURON_FACTORS)
    assert not open_family("GPT-J").has_site(Site.RESID_MID)
    assert not open_family("GPT-J").has_site(Site.MLP_NORM)
    assert tiny_model.has_site(Site.RESID_MID)
