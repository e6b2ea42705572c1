"""Learning rates over a run."""

from llm_tt.smallworld.recipe import Recipe


def test_rates_warm_up_and_fall_to_zero():
    recipe = Recipe()
    assert recipe.rates(0)[1] < recipe.rates(recipe.warm_up)[1] == recipe.copying_other_rate
    assert recipe.rates(recipe.steps - 1)[0] < 0.01 * recipe.matrix_rate


def test_the_last_stage_begins_gently_and_ends_at_zero():
    recipe = Recipe()
    first = recipe.copying_steps + recipe.mixed_steps
    assert recipe.is_polishing(first)
    assert not recipe.is_polishing(first - 1)
    assert recipe.rates(first)[0] == recipe.polish_rate * recipe.matrix_rate


def test_the_scaffold_is_gone_before_the_documents_come():
    assert Recipe().scaffold_steps < Recipe().copying_steps
