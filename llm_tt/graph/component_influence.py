"""How much of the output goes back to each component, over all ways that links make."""

import numpy as np
from jaxtyping import Float

from llm_tt.graph.components_graph import ComponentKind, ComponentsGraph


def influence_on_output(components: ComponentsGraph) -> Float[np.ndarray, " component"]:
    """The output has 1; each component passes on what it has to those that it reads, by |weight|."""
    influence = np.zeros(components.n_components)
    influence[components.target_component] = 1
    strength = np.abs(components.link_weight).astype(np.float64)
    read = np.bincount(components.target, weights=strength, minlength=components.n_components)
    # Links are in the order of their readers. Within a layer MLPs read heads, but nothing reads its own kind.
    step = 2 * components.layer + (components.kind == ComponentKind.MLP)
    last_step = step[components.target_component]
    starts = np.searchsorted(step[components.target], np.arange(last_step + 1))
    ends = np.append(starts[1:], components.n_links)
    for start, end in zip(starts[::-1].tolist(), ends[::-1].tolist(), strict=True):
        source, target = components.source[start:end], components.target[start:end]
        passed_on = influence[target] * np.divide(
            strength[start:end], read[target], out=np.zeros(end - start), where=read[target] > 0
        )
        influence += np.bincount(source, weights=passed_on, minlength=components.n_components)
    return influence


def cumulative_influence(components: ComponentsGraph) -> Float[np.ndarray, " component"]:
    """Share of all influence that a component and those above it have: small means important.

    To keep components up to p is to keep the fewest that have p of all influence. The output, which all
    influence comes from, is not counted, and has 0.
    """
    influence = influence_on_output(components)
    influence[components.target_component] = 0
    strongest_first = np.argsort(-influence, kind="stable")
    carried = np.cumsum(influence[strongest_first])
    cumulative = np.zeros(components.n_components)
    if carried[-1] > 0:
        cumulative[strongest_first] = np.minimum(carried / carried[-1], 1)
    cumulative[components.target_component] = 0
    return cumulative
