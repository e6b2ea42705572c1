"""The scaffold of the first steps."""

import torch

from llm_tt.smallworld.model import new_model
from llm_tt.smallworld.scaffold import scaffold_loss


def test_following_it_makes_the_two_heads_look_where_they_should():
    model = new_model(vocabulary_size=60, context=32, layers=2, width=32, heads=2, seed=0)
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(150):
        ids = torch.randint(0, 60, (8, 12), generator=generator).repeat(1, 2)
        loss = scaffold_loss(model, model(ids, output_hidden_states=True).hidden_states, ids)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.set_attn_implementation("eager")
    first = model(ids, output_attentions=True).attentions[0][:, 0]
    assert first.diagonal(offset=-1, dim1=1, dim2=2).mean() > 0.3
