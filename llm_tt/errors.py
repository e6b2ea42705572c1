"""Every error that a person may meet.

    LlmTtError
    ├── SettingsError             a file in config/ says something we do not understand
    ├── ModelError
    │   ├── ModelNotFoundError    nothing is there: no such folder, unknown name, hub out of reach
    │   ├── NotAllowedError       this dashboard's settings do not allow it
    │   ├── UnsupportedModelError something is there, but we cannot open it truthfully
    │   └── CheckUpError          it opened, and its parts do not add up (model/check_up.py)
    ├── CapabilityError           the check-up switched this off for this model
    ├── PromptError               empty, too long, or not text
    ├── TargetError               no such position, no single token, or nothing to tell apart
    ├── AttributionError          a method, an option or a number that attribution cannot work with
    ├── InterventionError         an edit, or a file of edits, that cannot be carried out
    ├── NotebookError             a note, or a file of notes, that cannot be kept or read
    ├── ConceptIndexError         an index of neurons that cannot be kept, or is damaged
    ├── GraphError                a graph that cannot be drawn: empty, or asked for in two ways
    ├── ComparisonError           two runs, or positions of two prompts, that cannot be set beside each other
    ├── RunsError                 rows of many prompts that cannot be read, or hold nothing of what was asked
    ├── ExportError               a file that cannot be written, or a graph's file that cannot be read back
    ├── RayError                  many prompts on a cluster that is not there, or whose workers fail
    └── MemoryLimitError          the run would not fit; nothing was started

Each says three things: what was asked, what was found, what to do.
"""


class LlmTtError(Exception):
    """An error with three parts, so that a terminal and a page can each lay them out."""

    def __init__(self, *, asked: str, found: str, remedy: str) -> None:
        super().__init__(asked, found, remedy)
        self.asked = asked
        """What the person wanted, as a sentence: "Open the model 'gpt2'."."""
        self.found = found
        """What stood in the way, with the values that matter."""
        self.remedy = remedy
        """What the person can do now."""

    def __str__(self) -> str:
        return f"{self.asked} {self.found} {self.remedy}"


class SettingsError(LlmTtError):
    """A settings file holds an unknown key, a wrong type or a value out of range."""


class ModelError(LlmTtError):
    """A model could not be opened."""


class ModelNotFoundError(ModelError):
    """There is no model where the source points to, or the hub cannot be reached."""


class NotAllowedError(ModelError):
    """The settings of this dashboard do not allow opening that model."""


class UnsupportedModelError(ModelError):
    """There is a model, but not one that can be opened truthfully."""


class CapabilityError(LlmTtError):
    """What was asked for is switched off for this model, because its check-up could not verify it."""


class PromptError(LlmTtError):
    """The prompt is empty, too long for the model, or has no tokens."""


class TargetError(LlmTtError):
    """The prediction to explain does not exist: position, token or contrast."""


class AttributionError(LlmTtError):
    """Unknown method or option, or activations that are not finite."""


class InterventionError(LlmTtError):
    """An edit that means nothing, or a basket of edits that cannot be read."""


class NotebookError(LlmTtError):
    """A note that cannot be kept, or a file of notes that cannot be read or written."""


class ConceptIndexError(LlmTtError):
    """The index of a model's neurons cannot be written or read where it is kept."""


class GraphError(LlmTtError):
    """A graph with nothing in it, or a cut that was asked for in no way or in two."""


class ComparisonError(LlmTtError):
    """Two runs, or positions of two prompts, that cannot be set beside each other."""


class RunsError(LlmTtError):
    """The rows of a run over many prompts: damaged, of something else, or without what was asked for."""


class ExportError(LlmTtError):
    """A file that cannot be written as asked, or the file of a graph that cannot be read back."""


class RayError(LlmTtError):
    """Ray is not installed, its cluster does not answer, or its workers fail for good."""


class MemoryLimitError(LlmTtError):
    """The estimated memory of a run exceeds the limit; the run was not started."""
