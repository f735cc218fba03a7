import numpy as np
import pytest

from core.data.galleries import Gallery
from core.errors import DataError
from core.pictures.evaluation import evaluate
from core.pictures.mistakes import cell_places, only_wrong, only_wrong_places, worst_places
from core.pictures.recorded import replay
from tests.core.cifar import beit, mlp, pictures
from tests.core.pictures.test_recorded import recording


@pytest.fixture(scope="module")
def last():
    labels = np.random.default_rng(1).integers(0, 10, 200).astype(np.uint8)
    *_, step = evaluate([mlp(), beit()], Gallery("shipped", pictures(200), labels), 200)
    return step


def test_the_cells_of_a_matrix_hold_as_many_pictures_as_it_counts(last):
    for model in (0, 1):
        counts = [[len(cell_places(last, model, r, c)) for c in range(10)] for r in range(10)]
        assert counts == last.answers[model].confusion.tolist()


def test_the_difference_matrices_count_what_one_gets_wrong_and_the_other_right(last):
    wrong = [answers.predicted != last.truth for answers in last.answers]
    for a, b in ((0, 1), (1, 0)):
        matrix, places = only_wrong(last, a, b), only_wrong_places(last, a, b)
        assert matrix.sum() == len(places) == (wrong[a] & ~wrong[b]).sum()
        assert np.trace(matrix) == 0


def test_mistakes_come_the_surest_first(last):
    for model in (0, 1):
        places = worst_places(last, model)
        answers = last.answers[model]
        assert len(places) == 200 - np.trace(answers.confusion)
        certainty = answers.probabilities[places, answers.predicted[places]]
        assert (np.diff(certainty) <= 0).all()


def test_a_recorded_run_says_that_it_knows_no_probabilities():
    *_, step = replay([recording()], 100)
    with pytest.raises(DataError, match="live evaluation"):
        worst_places(step, 0)
