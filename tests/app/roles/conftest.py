"""One small set of prompts for all sections of the page: measured once, kept by the dashboard itself."""

import pytest

from tests.app.driving import page_of_link

LINK = {"tasks": "indirect_object,capital", "prompts-each": "10"}


@pytest.fixture
def open_roles():
    """The page as a link opens it, with more in the link."""

    def open_page(**more: str):
        page = page_of_link("roles", **(LINK | more))
        assert not page.exception
        return page

    return open_page
