"""Muon and AdamW side by side."""

import torch

from llm_tt.smallworld.model import new_model
from llm_tt.smallworld.optimizer import MixedOptimizer, orthogonalised


def test_the_update_of_a_matrix_is_nearly_orthogonal():
    torch.manual_seed(0)
    for shape in ((32, 64), (64, 32), (48, 48)):
        singular = torch.linalg.svdvals(orthogonalised(torch.randn(shape)))
        assert singular.min() > 0.3
        assert singular.max() < 1.3


def test_a_saved_state_goes_on_as_if_nothing_had_happened():
    def model_and_optimizer():
        model = new_model(vocabulary_size=300, context=16, layers=1, width=16, heads=2, seed=0)
        return model, MixedOptimizer(model)

    def steps(model, optimizer, seeds):
        for seed in seeds:
            ids = torch.randint(0, 299, (2, 8), generator=torch.Generator().manual_seed(seed))
            model(input_ids=ids, labels=ids).loss.backward()
            optimizer.step(0.01, 0.001)

    straight, optimizer = model_and_optimizer()
    steps(straight, optimizer, range(3))
    saved = {name: tensor.clone() for name, tensor in optimizer.state().items()}
    weights = {name: tensor.clone() for name, tensor in straight.state_dict().items()}
    steps(straight, optimizer, range(3, 5))
    resumed, optimizer = model_and_optimizer()
    resumed.load_state_dict(weights)
    optimizer.load_state(saved)
    steps(resumed, optimizer, range(3, 5))
    for name, tensor in straight.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name
