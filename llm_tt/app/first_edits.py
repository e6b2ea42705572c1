"""Something to begin with where nothing is changed yet: the heads that add most to the target."""

from typing import Final

import streamlit as st

from llm_tt.app.basket_state import add_edit
from llm_tt.app.cached import contributions_of
from llm_tt.app.frame import Frame
from llm_tt.attribution.method_list import SIGNED_METHOD
from llm_tt.attribution.target import Target
from llm_tt.intervention.edits import Ablate

N_OFFERED: Final = 4

_KEY: Final = "first-edit"


def offer_first_edits(frame: Frame, target: Target) -> None:
    """The strongest heads of the pass, by the size of what they bring to the target from everywhere."""
    shares = contributions_of(frame.run, SIGNED_METHOD, target)
    sizes = shares.attention.sum(dim=(2, 3)).abs()
    n_heads = sizes.shape[1]
    order = sizes.flatten().argsort(descending=True, stable=True)[:N_OFFERED].tolist()
    heads = {f"L{place // n_heads}H{place % n_heads}": divmod(place, n_heads) for place in order}

    def take() -> None:
        name = st.session_state[_KEY]
        if name in heads:
            st.session_state[_KEY] = None
            add_edit(Ablate.head(*heads[name]))

    st.pills("Switch off one of the strongest heads", list(heads), key=_KEY, on_change=take)
