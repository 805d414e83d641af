import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.agreement import compute_kappa


def rate(table):
    """Return the ratings of which a table of counts was made."""
    pairs = [
        (a, b) for a, row in enumerate(table) for b, count in enumerate(row) for _ in range(count)
    ]
    return [a for a, _ in pairs], [b for _, b in pairs]


@pytest.mark.parametrize(
    ("table", "agreement", "kappa"),
    [
        # Worked by hand: rows sum to .5 .3 .2, columns to .4 .3 .3, so by chance .35.
        ([[50, 26, 24], [24, 4, 32], [6, 30, 4]], 0.29, -0.0923),
        # Two readers of 50 proposals; and the pair of tables with equal po and unequal kappa.
        ([[20, 5], [10, 15]], 0.70, 0.40),
        ([[45, 15], [25, 15]], 0.60, 0.1304),
        ([[25, 35], [5, 35]], 0.60, 0.2593),
        # Fleiss, Statistical Methods for Rates and Proportions, 1981: kappa .68 after rounding.
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.89, 0.6765),
    ],
)
def test_known_values(table, agreement, kappa):
    got = compute_kappa(*rate(table))
    assert got.agreement == pytest.approx(agreement)
    assert got.kappa == pytest.approx(kappa, abs=5e-4)
    n, pe = got.units, (agreement - kappa) / (1 - kappa)
    expected = math.sqrt(agreement * (1 - agreement) / n) / (1 - pe)
    assert got.standard_error == pytest.approx(expected, rel=2e-3)


def test_where_it_is_not_defined():
    got = compute_kappa(["none"] * 5, ["none"] * 5)
    assert (got.agreement, got.kappa, got.reason) == (1.0, None, "one_category")
    got = compute_kappa([], [])
    assert (got.agreement, got.kappa, got.reason) == (None, None, "no_units")
    got = compute_kappa(["a"] * 5, ["b"] * 5)  # never the same, and chance never either
    assert (got.agreement, got.kappa, got.reason) == (0.0, 0.0, None)
    with pytest.raises(ValueError, match="as many"):
        compute_kappa([1], [1, 2])


RATINGS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


@given(RATINGS)
def test_what_always_holds(ratings):
    one, other = zip(*ratings, strict=True)
    got, turned = compute_kappa(one, other), compute_kappa(other, one)
    assert got == turned
    assert 0 <= got.agreement <= 1
    if got.kappa is not None:
        assert -1 <= got.kappa <= got.agreement + 1e-12
        assert (got.kappa == 1) == (one == other)
    same = compute_kappa(one, one)
    assert same.kappa == (1.0 if len(set(one)) > 1 else None)
    assert same.standard_error is None
