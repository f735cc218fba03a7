import json

import numpy as np
import pytest

from core.errors import DataError
from core.models.catalog import CATALOG
from core.pictures.curves import early_stop, read_curves, turning_point


def test_the_turning_point_is_the_least_validation_loss():
    assert turning_point(np.array([3.0, 2.0, 1.5, 1.6, 1.7])) == 2


def test_a_loss_that_still_falls_has_no_turning_point():
    assert turning_point(np.array([3.0, 2.0, 1.5])) is None


@pytest.mark.parametrize(("patience", "epoch"), [(1, 3), (2, 7), (3, 8), (4, None)])
def test_early_stopping_waits_its_patience_out(patience, epoch):
    #                 0    1    2    3    4    5    6    7    8
    losses = np.array([3.0, 2.0, 1.5, 1.6, 1.4, 1.3, 1.4, 1.5, 1.6])
    assert early_stop(losses, patience) == epoch


def test_curves_are_read_from_a_training_log(tmp_path):
    rows = [
        {"epoch": e, "train_loss": 2.0 / e, "train_accuracy": 0.1 * e, "validation": {"loss": 1.0 / e, "accuracy": 0.2}}
        for e in (1, 2, 3)
    ]
    (tmp_path / "training_log.json").write_text(
        json.dumps({"epochs": rows, "epoch_shipped": 2, "hyper_parameters": {"dropout": 0.5}})
    )
    curves = read_curves(tmp_path, "mlp")
    assert curves.epochs.tolist() == [1, 2, 3]
    np.testing.assert_allclose(curves.train_loss, [2, 1, 2 / 3])
    np.testing.assert_allclose(curves.validation_loss, [1, 1 / 2, 1 / 3])
    assert curves.shipped == 2
    assert curves.settings == {"dropout": 0.5}


@pytest.mark.parametrize("text", ["", "{}", '{"epochs": []}', '{"epochs": [{"epoch": 1}]}', "[1]"])
def test_a_broken_log_gives_no_curves(tmp_path, text):
    (tmp_path / "training_log.json").write_text(text)
    with pytest.raises(DataError, match="no training log of mlp"):
        read_curves(tmp_path, "mlp")


@pytest.mark.parametrize("name", ["mlp-cifar10", "mlp-cifar10-permuted", "beit-cifar10"])
def test_the_bundled_logs_can_be_drawn(name):
    spec = next(spec for spec in CATALOG if spec.name == name)
    if not spec.present:
        pytest.skip(f"{name} is not bundled")
    curves = read_curves(spec.folder, name)
    assert curves.shipped in curves.epochs
    assert np.isfinite(curves.train_loss).all()
    assert ((curves.validation_accuracy >= 0) & (curves.validation_accuracy <= 1)).all()
