"""Learning rates over a run."""

from llm_tt.smallworld.recipe import Recipe


def test_rates_warm_up_and_fall_to_zero():
    recipe = Recipe()
    assert recipe.rates(0)[1] < recipe.rates(recipe.warm_up)[1] == recipe.copying_other_rate
    assert recipe.rates(recipe.steps - 1)[0] < 0.01 * recipe.matrix_rate


def test_the_last_stages_begin_gently_and_end_at_zero():
    recipe = Recipe()
    first = recipe.polish_from
    assert first == recipe.copying_steps + recipe.mixed_steps
    assert recipe.rates(first)[0] == recipe.polish_rate * recipe.matrix_rate
    settling = first + recipe.polish_steps
    assert recipe.rates(settling - 1)[0] < 0.01 * recipe.matrix_rate
    assert recipe.rates(settling)[0] == recipe.settling_rate * recipe.matrix_rate


def test_other_heads_are_silent_while_the_model_settles():
    recipe = Recipe()
    settling = recipe.polish_from + recipe.polish_steps
    assert recipe.is_settling(settling)
    assert not recipe.is_settling(settling - 1)
    assert recipe.silent_heads(settling - 1) == recipe.quiet_heads
    assert recipe.silent_heads(settling) == recipe.settling_heads != recipe.quiet_heads


def test_the_scaffold_is_gone_before_the_documents_come():
    assert Recipe().scaffold_steps < Recipe().copying_steps
