"""How sure a summary over many prompts is, in sentences."""

from collections.abc import Sequence

from llm_tt.attribution.method_list import WITHOUT_TARGET
from llm_tt.summaries.group_difference import GroupDifference
from llm_tt.summaries.method_agreement import MethodAgreement
from llm_tt.summaries.roles import Role
from llm_tt.summaries.stability import Stability

FEW_TRUSTED = 0.9
"""Of the correlation of two halves: below it, the order of components depends on the prompts."""


def stability_sentence(found: Stability | None) -> str:
    """How much the picture depends on which prompts were asked."""
    if found is None:
        return "Too few prompts to say how far the picture depends on them: at least four are needed."
    verdict = "hardly depends" if found.correlation.mean >= FEW_TRUSTED else "depends"
    return (
        f"The picture {verdict} on which prompts were asked: two halves of them put heads and MLPs in orders "
        f"that correlate by {found.correlation} (Spearman), and share {found.same_top.mean:.1f} of the "
        f"{found.top} strongest."
    )


def agreement_sentences(agreement: Sequence[MethodAgreement]) -> list[str]:
    """How far each pair of methods agrees."""
    return [
        f"{' and '.join(pair.methods)}: shares correlate by {pair.per_prompt} in a prompt (Spearman, mean "
        f"over {pair.n_prompts:,} prompts) and by {pair.of_means:.2f} in their means."
        for pair in agreement
    ]


def roles_sentence(roles: Sequence[Role], method: str) -> str:
    """What is said above the names, and where there are none."""
    if not roles:
        found = "No role found: no head attends surely enough to any of these tokens."
    else:
        heads = len({role.head for role in roles})
        several = ", some of them more than one" if len(roles) > heads else ""
        found = f"{heads} {'head has' if heads == 1 else 'heads have'} a role by evidence{several}."
    without_sign = " Movers and readers need a method with signs." if method in WITHOUT_TARGET else ""
    return found + without_sign


def difference_sentence(difference: GroupDifference) -> str:
    """What a difference is of, and how much of it may be chance."""
    told, n_rows = sum(row.is_told for row in difference.rows), len(difference.rows)
    one, other = (name or "all prompts" for name in difference.groups)
    return (
        f"{one} ({difference.n_prompts[0]:,} prompts) minus {other} ({difference.n_prompts[1]:,}): {told} "
        f"of {n_rows} shares surely differ; by chance alone about {max(1, round(n_rows / 20))} would seem to."
    )
