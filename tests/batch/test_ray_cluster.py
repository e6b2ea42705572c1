"""Ray that is not there, in words."""

import sys

import pytest

from llm_tt.batch.ray_cluster import RayWorkers, connected
from llm_tt.errors import RayError


def test_without_ray_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RayError, match="pip install 'llm-tt\\[ray\\]'"):
        connected(RayWorkers())


def test_a_cluster_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("RAY_GCS_RPC_TIMEOUT_S", "1")
    with pytest.raises(RayError, match="Connect to the Ray cluster 'nonsense:::'"):
        connected(RayWorkers("nonsense:::"))
