"""Two models have two identities."""

from dataclasses import replace

from llm_tt.concepts import index_identity
from llm_tt.concepts.index_identity import IndexIdentity


def test_everything_in_it_tells_two_apart(word_model, monkeypatch):
    own = IndexIdentity.of(word_model)
    assert own.as_text() == IndexIdentity.of(word_model).as_text()
    others = [replace(own, fingerprint="f" * 32), *(
        replace(own, **{name: getattr(own, name) + 1}) for name in ("n_layers", "d_mlp", "d_model", "d_vocab")
    )]  # fmt: skip
    assert len({own.as_text(), *(other.as_text() for other in others)}) == 6
    before = own.as_text()
    monkeypatch.setattr(index_identity, "VERSION", 99)
    assert own.as_text() != before


def test_sizes():
    identity = IndexIdentity("f" * 32, n_layers=12, d_mlp=3072, d_model=768, d_vocab=50257)
    assert identity.n_neurons == 36864
    assert identity.rank == 50
    assert 150e6 < identity.bytes_on_disk < 200e6
    assert replace(identity, d_vocab=20).rank == 20
