"""Whether two indexes say the same, and where one lies."""


def same(index, other):
    everything = range(index.n_layers * index.d_mlp)
    assert index.readings(everything) == other.readings(everything)
    assert (index.directions == other.directions).all()
    assert index.search("tokyo OR word1*", top=50) == other.search("tokyo OR word1*", top=50)


def place_of(model, folder):
    return folder / model.fingerprint


def flip(path, place=0.5, count=64):
    """Turn some bytes of a file around."""
    data = bytearray(path.read_bytes())
    start = int(len(data) * place)
    for position in range(start, min(start + count, len(data))):
        data[position] ^= 0xFF
    path.write_bytes(data)
