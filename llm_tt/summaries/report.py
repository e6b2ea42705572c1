"""Everything that a set of prompts says about a model's parts, in one value."""

from dataclasses import asdict, dataclass

from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.edge_kinds import EdgesOfHead, edge_kinds
from llm_tt.summaries.head_attention import HeadAttention, head_attention
from llm_tt.summaries.method_agreement import MethodAgreement, method_agreement
from llm_tt.summaries.roles import THRESHOLDS, Role, roles_of
from llm_tt.summaries.runs import Runs
from llm_tt.summaries.stability import Stability, stability
from llm_tt.summaries.summary import Summary, summarize


@dataclass(frozen=True, slots=True)
class Report:
    """Of one method, and one group of prompts or all."""

    runs: str
    """Where the rows came from."""
    parts: Summary
    """Heads and MLPs."""
    neurons: Summary
    roles: tuple[Role, ...]
    attention: tuple[HeadAttention, ...]
    edge_kinds: tuple[EdgesOfHead, ...]
    stability: Stability | None
    """None where there are too few prompts to say."""
    agreement: tuple[MethodAgreement, ...]
    """Of every pair of methods; empty where there is one."""

    def to_json(self, top: int | None = None) -> dict[str, object]:
        """Plain values; of components and kinds of edges the first `top`."""
        return {
            "runs": self.runs,
            "method": self.parts.method,
            "group": self.parts.group,
            "n_prompts": self.parts.n_prompts,
            "parts": [row.to_json() for row in self.parts.rows[:top]],
            "neurons": [row.to_json() for row in self.neurons.rows[:top]],
            "roles": [role.to_json() for role in self.roles],
            "thresholds": THRESHOLDS,
            "attention": [asdict(seen) for seen in self.attention],
            "edge_kinds": [kind.to_json() for kind in self.edge_kinds[:top]],
            "stability": None if self.stability is None else asdict(self.stability),
            "agreement": [pair.to_json() for pair in self.agreement],
        }


def summarize_runs(runs: Runs, method: str | None = None, group: str | None = None) -> Report:
    """The whole report; the runs' first method and all prompts unless said otherwise.

    Raises:
        RunsError: no such method or group, or a file is damaged.
    """
    values = component_values(runs, method, group)
    parts, attention = summarize(values), head_attention(runs, method, group)
    return Report(
        runs=runs.name,
        parts=parts,
        neurons=summarize(component_values(runs, method, group, "neurons")),
        roles=roles_of(parts, attention),
        attention=attention,
        edge_kinds=edge_kinds(runs, method, group),
        stability=stability(values),
        agreement=method_agreement(runs, group),
    )
