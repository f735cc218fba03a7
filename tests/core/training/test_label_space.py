import numpy as np
import pytest
import torch

from core.errors import DataError
from core.training.label_space import LabelSpace, forgiven, output_weights, read_coarse

IDS = (1, 4, 20)
ALLOWED = {("rooms", 1): (1, 4), ("rooms", 99): (4, 20), ("fields", 4): (4, 150)}


def space():
    return LabelSpace(IDS, ALLOWED, ("fields", "rooms"))


def outputs(found, source, id):
    code = int(found.tables[found.sources.index(source), id])
    return (int(found.own[code]), found.may[code].tolist()) if code >= 0 else None


def test_a_label_stands_for_its_own_output_and_for_what_its_source_allows():
    found = space()
    assert outputs(found, "fields", 1) == (0, [True, False, False])
    assert outputs(found, "rooms", 1) == (0, [True, True, False])
    assert outputs(found, "fields", 4) == (1, [False, True, False])  # 150 is no output


def test_a_label_that_is_no_output_may_still_stand_for_some():
    assert outputs(space(), "rooms", 99) == (-1, [False, True, True])


def test_what_nobody_annotated_or_no_output_stands_for_teaches_nothing():
    assert outputs(space(), "rooms", 0) is None
    assert outputs(space(), "fields", 99) is None


def test_what_may_be_said_counts_as_what_was_annotated_in_that_source_alone():
    mask = np.array([[1, 1, 1, 4, 0]], np.uint8)
    said = np.array([[4, 20, 1, 1, 4]], np.uint8)
    assert forgiven(said, mask, ALLOWED, "rooms").tolist() == [[1, 20, 1, 1, 4]]
    assert forgiven(said, mask, ALLOWED, "fields").tolist() == said.tolist()


def test_rare_outputs_weigh_more_and_a_label_without_its_own_as_much_as_the_mean_of_what_it_may_be():
    found = space()
    pixels = torch.zeros(len(found.own), dtype=torch.float64)
    pixels[found.tables[1, 1]], pixels[found.tables[1, 20]] = 0.99, 0.01
    weights = output_weights(found, pixels)
    common, rare, absent = (float(weights[found.tables[1, id]]) for id in (1, 20, 4))
    expected = np.log(1.02 + 0.99) / np.log(1.02 + 0.01)
    assert common == pytest.approx(1)
    assert rare == pytest.approx(min(expected, 8), rel=1e-4)
    assert absent == pytest.approx(8)
    assert float(weights[found.tables[1, 99]]) == pytest.approx((rare + absent) / 2)


def test_the_table_of_coarse_labels_is_read_as_written(tmp_path):
    path = tmp_path / "coarse.csv"
    assert read_coarse(path) == {}
    path.write_text("source,mask_id,allowed_ids\nrooms,18,5 18 67\nrooms,1,1\n", "utf-8")
    assert read_coarse(path) == {("rooms", 18): (5, 18, 67), ("rooms", 1): (1,)}


@pytest.mark.parametrize("text", ["source,mask_id\nrooms,1\n", "source,mask_id,allowed_ids\nrooms,one,1\n"])
def test_a_table_that_is_none_is_told_in_a_sentence(tmp_path, text):
    path = tmp_path / "coarse.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"coarse\.csv must have the columns"):
        read_coarse(path)
