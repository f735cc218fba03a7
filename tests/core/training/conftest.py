"""Tiny data sets of the real schemas, so that every recipe runs in seconds."""

import io

import datasets
import numpy as np
import pytest
import torch
from datasets import ClassLabel, Dataset, Features, Image, Value
from PIL import Image as Pillow

STREET_IDS = np.array([0, 2, 3, 5, 7, 12, 13, 21, 33, 44, 94, 128], np.uint8)
SCENE_IDS = np.array([0, 1, 4, 5, 20], np.uint8)
FACADE_IDS = np.array([0, 2, 3, 5, 7, 9, 12, 15, 21], np.uint8)


@pytest.fixture(autouse=True, scope="session")
def quiet_and_small():
    datasets.disable_progress_bars()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def png(array):
    file = io.BytesIO()
    Pillow.fromarray(array).save(file, "PNG")
    return {"bytes": file.getvalue(), "path": None}


def write(root, name, split, rows, features):
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    Dataset.from_dict(rows, features=features).to_parquet(str(folder / f"{split}.parquet"))


def colored_pictures(rng, count):
    """Pictures that a network can tell apart: the colour says the class."""
    labels = np.arange(count) % 10
    base = np.stack([labels * 25, 255 - labels * 25, labels * 13], axis=1)[:, None, None]
    noise = rng.integers(-20, 20, (count, 32, 32, 3))
    return np.clip(base + noise, 0, 255).astype(np.uint8), labels.tolist()


def scene(rng, ids):
    """Two halves of one class each; the colour says the class."""
    mask = np.empty((40, 48), np.uint8)
    mask[:, :24], mask[:, 24:] = rng.choice(ids, 2)
    image = np.stack([mask * 2, 255 - mask, mask // 2], axis=2)  # uint8 wraps around
    return png(image), png(mask)


def write_scenes(root, rng):
    """Two sources; in one of them a wall may also be a building."""
    for split, count in (("train", 24), ("validation", 6)):
        images, masks = zip(*(scene(rng, SCENE_IDS) for _ in range(count)), strict=True)
        rows = {
            "image": list(images),
            "annotation": list(masks),
            "source": ["rooms" if i % 3 else "fields" for i in range(count)],
        }
        features = Features({"image": Image(), "annotation": Image(), "source": Value("string")})
        write(root, "scenes", split, rows, features)
    (root / "scenes" / "coarse.csv").write_text("source,mask_id,allowed_ids\nrooms,1,1 2\n", "utf-8")


@pytest.fixture(scope="session")
def lab_data(tmp_path_factory):
    root, rng = tmp_path_factory.mktemp("lab_data"), np.random.default_rng(0)
    for split, count in (("train", 60), ("test", 20)):
        pictures, labels = colored_pictures(rng, count)
        rows = {"img": [png(picture) for picture in pictures], "label": labels}
        write(root, "cifar10", split, rows, Features({"img": Image(), "label": ClassLabel(10)}))
        texts = [f"a {'fine' if i % 2 else 'poor'} film number {i}<br />seen twice" for i in range(count)]
        rows = {"text": texts, "label": [i % 2 for i in range(count)]}
        write(root, "imdb", split, rows, None)
    for name, ids in (("street_scenes", STREET_IDS), ("facades", FACADE_IDS)):
        for split, count in (("train", 8), ("validation", 4)):
            images, masks = zip(*(scene(rng, ids) for _ in range(count)), strict=True)
            rows = {"image": list(images), "annotation": list(masks)}
            write(root, name, split, rows, Features({"image": Image(), "annotation": Image()}))
    write_scenes(root, rng)
    return root
