import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.galleries import DATA, SHIPPED, Gallery, shipped
from core.errors import RangeError
from core.networks.mlp import MlpConfig
from core.pictures.live_training import HIDDEN, LIMITS, Wish, split, train
from core.training.mlp import MlpRecipe, train_epochs
from tests.core.cifar import pictures

WISH = Wish(pictures=100, epochs=3, learning_rate=0.001, dropout=0.0, hidden=(64,))


def easy(count: int, seed: int) -> Gallery:
    """Pictures whose brightness tells their label."""
    labels = np.random.default_rng(seed).integers(0, 10, count).astype(np.uint8)
    return Gallery(DATA, (pictures(count, seed) // 8 + labels[:, None, None, None] * 22).astype(np.uint8), labels)


def test_a_training_learns_what_can_be_learned():
    learned, held = split(easy(300, 1), easy(200, 2))
    steps = list(train(Wish(300, 12, 0.002, 0.0, (64,)), learned, held))
    assert steps[-1].curves.shape == (12, 4)
    assert steps[-1].curves[-1, 0] < steps[-1].curves[0, 0]
    assert steps[-1].curves[-1, 3] > 0.3  # guessing: 0.1 ± 0.02
    assert np.trace(steps[-1].confusion) / 200 == pytest.approx(steps[-1].curves[-1, 3])


def test_a_training_gives_the_curves_that_the_recipe_gives():
    learned, held = split(easy(100, 1), easy(50, 2))
    *_, last = train(WISH, learned, held, seed=3)
    recipe = MlpRecipe(epochs=3, learning_rate=0.001, seed=3)
    rows = [log for _, log in train_epochs(MlpConfig(hidden=(64,), dropout=0.0), learned, held, recipe)]
    expected = [[r.train_loss, r.train_accuracy, r.validation["loss"], r.validation["accuracy"]] for r in rows]
    np.testing.assert_allclose(last.curves, expected, rtol=1e-5)


def test_progress_grows_and_ends_at_one():
    learned, held = split(easy(100, 1), easy(50, 2))
    shares = [step.progress for step in train(WISH, learned, held)]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert shares[0] < 1


def test_a_stop_is_heard_before_the_next_step():
    asked = []

    def stopped():
        asked.append(None)
        return len(asked) > 10  # seven batches of 16 make an epoch of 100

    learned, held = split(easy(100, 1), easy(50, 2))
    steps = list(train(WISH, learned, held, stopped=stopped))
    assert len(steps[-1].curves) == 1
    assert len(asked) == 11


def test_training_and_validation_pictures_of_the_shipped_set_do_not_overlap():
    learned, held = split(shipped(), shipped())
    assert shipped().source == SHIPPED
    assert len(learned) + len(held) == 20
    assert not {p.tobytes() for p in learned.images} & {p.tobytes() for p in held.images}


def test_the_network_goes_on_learning_after_it_was_measured():
    learned, held = split(easy(100, 1), easy(50, 2))
    losses = list(train(WISH, learned, held))[-1].curves[:, 0]
    assert losses[2] < losses[1] < losses[0]


VALUES = st.one_of(st.floats(), st.integers(), st.text(max_size=4), st.none(), st.booleans())


@given(VALUES, VALUES, VALUES, VALUES, st.one_of(st.sampled_from(sorted(HIDDEN)), VALUES))
def test_any_wish_is_within_limits_or_refused(pictures, epochs, rate, dropout, hidden):
    given = dict(zip(LIMITS, (pictures, epochs, rate, dropout), strict=True))

    def fine(name):
        low, high = LIMITS[name]
        return isinstance(given[name], int | float) and not isinstance(given[name], bool) and low <= given[name] <= high

    if all(map(fine, LIMITS)) and isinstance(hidden, str) and hidden in HIDDEN:
        wish = Wish.read(pictures, epochs, rate, dropout, hidden)
        assert (wish.learning_rate, wish.dropout) == (rate, dropout)
    else:
        with pytest.raises(RangeError):
            Wish.read(pictures, epochs, rate, dropout, hidden)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"pictures": 9}, "10 to 5000"), ({"epochs": 21}, "1 to 20"), ({"learning_rate": 1}, "0.0001 to 0.1"),
        ({"dropout": 0.95}, "0 to 0.9"), ({"hidden": "4096"}, "512-256-128"),
    ],
)  # fmt: skip
def test_a_wish_out_of_range_is_refused_with_the_range(change, word):
    values = {"pictures": 100, "epochs": 1, "learning_rate": 0.01, "dropout": 0, "hidden": "64", **change}
    with pytest.raises(RangeError, match=word):
        Wish.read(**values)
