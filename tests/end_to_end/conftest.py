"""What the page is compared with, and the page that most of these tests begin with."""

import pytest
from playwright.sync_api import Page

import llm_tt
from tests.end_to_end.flow_driver import PROMPT, FlowPage


@pytest.fixture(scope="session")
def library():
    """Model, trace and relevance of the indirect object, computed here."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    return model, trace, llm_tt.attribute(model, trace, "relp")


@pytest.fixture
def relevance(page: Page, dashboard: str) -> FlowPage:
    """The indirect object, explained by RelP."""
    return FlowPage(page).open(f"{dashboard}/?method=relp")
