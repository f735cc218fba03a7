"""The covering array by which the page's layouts are tested."""

from math import prod

from hypothesis import given
from hypothesis import strategies as st

from tests.pairs import covering, pairs_of


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4))
def test_every_two_values_meet_in_few_rows(sizes: list[int]) -> None:
    columns = [list(range(size)) for size in sizes]
    rows = covering(*columns)
    met = set().union(*map(pairs_of, rows))
    wanted = {
        (i, a, j, b) for j, two in enumerate(columns) for i, one in enumerate(columns[:j]) for a in one for b in two
    }
    assert met == wanted
    assert len(rows) <= prod(sizes)
    assert len(set(rows)) == len(rows)


def test_it_is_much_smaller_than_all_of_them() -> None:
    assert len(covering(range(9), range(4), range(2), range(2))) <= 40 < 9 * 4 * 2 * 2
    assert covering("ab", "cd") == covering("ab", "cd") == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
