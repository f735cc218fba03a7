"""A CIFAR-10 lab over tiny random models in folders of their own, complete with log and recorded run."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from transformers import BeitImageProcessorPil

from core.data.datasets import pixel_hash
from core.data.galleries import shipped
from core.data.labels import CIFAR10
from core.lab.lab import Lab
from core.metrics import Confusion
from core.models.catalog import CATALOG
from core.networks.classifier import Classifier
from core.networks.mlp import save_mlp
from core.settings import Settings
from tests.core.cifar import PLAIN, beit_network, mlp_network

NAMES = ("mlp-cifar10", "mlp-cifar10-permuted", "beit-cifar10")


def write_evaluation(folder: Path, classifier: Classifier) -> None:
    """As the training command writes it, of the shipped pictures."""
    gallery = shipped()
    predicted = classifier.probabilities(gallery.pixels).argmax(1)
    content = {
        "data": {"name": "cifar10", "split": "test", "source": "LAB_DATA", "count": len(gallery)},
        "labels": list(CIFAR10),
        "confusion": Confusion(10).add(gallery.labels, predicted).counts.tolist(),
        "hashes": [pixel_hash(picture) for picture in gallery.pixels],
        "true": gallery.labels.tolist(),
        "predicted": predicted.tolist(),
    }
    (folder / "evaluation.json").write_text(json.dumps(content))


def write_log(folder: Path, epochs: int = 12) -> None:
    """Curves that turn in the middle."""
    rows = [
        {
            "epoch": e,
            "train_loss": 2.3 / (1 + e / 4),
            "train_accuracy": 1 - 0.9 / (1 + e / 5),
            "validation": {"loss": 1.4 + 0.02 * (e - epochs // 2) ** 2, "accuracy": 0.5 - 0.3 / e},
        }
        for e in range(1, epochs + 1)
    ]
    content = {"epochs": rows, "epoch_shipped": epochs // 2, "hyper_parameters": {"dropout": 0.5}}
    (folder / "training_log.json").write_text(json.dumps(content))


def write_folders(root: Path) -> None:
    """The three bundled folders, tiny."""
    networks: dict[str, Any] = {
        "mlp-cifar10": mlp_network(0),
        "mlp-cifar10-permuted": mlp_network(1, permutation=4),
        "beit-cifar10": beit_network(2),
    }
    processor = BeitImageProcessorPil(
        size={"height": 32, "width": 32}, do_center_crop=False, image_mean=PLAIN.image_mean, image_std=PLAIN.image_std
    )
    for name, network in networks.items():
        folder = root / name
        if name == "beit-cifar10":
            network.save_pretrained(folder)
            processor.save_pretrained(folder)
        else:
            save_mlp(network, folder)
        write_evaluation(folder, Classifier(name, network, PLAIN))
        write_log(folder)


def catalog_of(root: Path, without: tuple[str, ...] = ()) -> list[Any]:
    """The project's own catalog with the CIFAR-10 folders under ``root``; ``without``: names that are not there."""
    places = {name: root / ("nowhere" if name in without else name) for name in NAMES}
    return [
        replace(spec, source=str(places[spec.name]), parameters=None) if spec.name in places else spec
        for spec in CATALOG
    ]


def lab_of(root: Path, without: tuple[str, ...] = (), **settings: Any) -> Lab:
    """A lab that asks no hub."""
    options = {"offline": True, "device": "cpu", "data": None, **settings}
    return Lab(Settings(**options), catalog=catalog_of(root, without))
