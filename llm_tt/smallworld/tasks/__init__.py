"""The tasks by name."""

from functools import cache

from llm_tt.smallworld.prompts import Task
from llm_tt.smallworld.tasks.agreement import Agreement
from llm_tt.smallworld.tasks.binding import ThingColour, ThingPlace, WhoHasWhat, WhoIsWhere
from llm_tt.smallworld.tasks.copying import Copying, KeyValue
from llm_tt.smallworld.tasks.facts import Fact
from llm_tt.smallworld.tasks.few_shot import FewShot
from llm_tt.smallworld.tasks.greater_than import GreaterThan
from llm_tt.smallworld.tasks.indirect_object import IndirectObject
from llm_tt.smallworld.tasks.induction import Induction
from llm_tt.smallworld.tasks.pronouns import Pronouns
from llm_tt.smallworld.tasks.sums import Sums
from llm_tt.smallworld.world import the_world


@cache
def all_tasks() -> dict[str, Task]:
    """Task name -> task, in the order of the tables."""
    facts = [Fact(relation) for relation in the_world().relations]
    in_context: list[Task] = [
        IndirectObject(), GreaterThan(), Sums(), Pronouns(), Agreement(), Induction(), Copying(), KeyValue(),
        WhoHasWhat(), WhoIsWhere(), ThingPlace(), ThingColour(), FewShot(),
    ]  # fmt: skip
    return {task.name: task for task in [*in_context, *facts]}
