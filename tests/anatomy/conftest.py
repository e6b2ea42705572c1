"""Families in double precision, opened once for all tests of this folder: none of them changes a model."""

import pytest


@pytest.fixture(scope="session")
def opened_doubles() -> dict:
    """Those that are open already."""
    return {}


@pytest.fixture
def open_double(open_double, opened_doubles):
    """As elsewhere; the rounding of families is lifted while a test runs, also for what is open already."""

    def open_once(name):
        if name not in opened_doubles:
            opened_doubles[name] = open_double(name)
        return opened_doubles[name]

    return open_once
