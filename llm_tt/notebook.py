"""Values that notebooks show as pictures; how they look is decided floors above, in `render/notebook.py`."""

from importlib import import_module


class ShownInNotebooks:
    """Gives a value the method that notebooks ask for.

    The floor that draws stands above the values that it draws. So it is named by its name, and found when
    somebody looks.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        """HTML that needs nothing else."""
        html: str = import_module("llm_tt.render.notebook").html_of(self)
        return html
