"""The split is a fixed hash."""

from llm_tt.smallworld.held_out import HELD_OUT_SHARE, is_held_out, is_pair_held_out


def test_about_one_in_five_is_held_out_and_always_the_same():
    chosen = [is_held_out("a task", number) for number in range(2_000)]
    assert chosen == [is_held_out("a task", number) for number in range(2_000)]
    assert abs(sum(chosen) * HELD_OUT_SHARE / len(chosen) - 1) < 0.2


def test_the_order_of_a_pair_does_not_matter():
    names = [str(number) for number in range(40)]
    assert all(is_pair_held_out("t", a, b) == is_pair_held_out("t", b, a) for a in names for b in names)
