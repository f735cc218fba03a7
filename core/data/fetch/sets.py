"""The data sets that can be fetched: where their authors keep them, what is known of the file, and what is made of it.

The SHA-256 of CIFAR-10's archive stands in the registry of TensorFlow Datasets (its authors name the MD5
``c32a1d4ab5d03f1284b67883e8d87530``), that of IMDB's in many projects that pin it, that of ADE20K's, with its size, in
the ``dataset_infos.json`` of ``scene_parse_150``, which the ``datasets`` library wrote when it fetched the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.data.fetch.download import Remote, Told
from core.data.fetch.writers import write_cifar10, write_imdb, write_scenes
from core.data.scene_examples import SAMPLES

Writer = Callable[[Path, Path, Told], None]  # archive, empty folder, how many rows are written


@dataclass(frozen=True)
class Fetchable:
    """``files``: what there is in the end, under the folder of the data sets, in ``output`` bytes at most; ``rows``:
    of all of them; ``terms``: what its authors allow and ask for."""

    title: str
    remote: Remote
    files: tuple[str, ...]
    rows: int
    output: int
    terms: str
    write: Writer


SETS = {
    "cifar10": Fetchable(
        "CIFAR-10",
        Remote(
            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
            170_052_171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        ),
        ("cifar10/train.parquet", "cifar10/test.parquet"),
        60_000,
        200 * 10**6,
        "for research; cite Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
        write_cifar10,
    ),
    "imdb": Fetchable(
        "IMDB, the Large Movie Review Dataset",
        Remote(
            "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
            84_125_825,
            "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
        ),
        ("imdb/train.parquet", "imdb/test.parquet"),
        50_000,
        100 * 10**6,
        "cite Maas et al., Learning Word Vectors for Sentiment Analysis, ACL 2011",
        write_imdb,
    ),
    "scenes": Fetchable(
        "the validation scenes of ADE20K (SceneParse150)",
        Remote(  # by plain http, as its page names it; the SHA-256 decides what is taken
            "http://data.csail.mit.edu/places/ADEchallenge/ADEChallengeData2016.zip",
            967_382_037,
            "7ff1be44964418441f542a7cc1e1a650e7dc0fc275f5d23252bc9bbdbc977b29",
        ),
        (
            "scene_parse_150/validation.parquet",
            *(f"ade20k_samples/{stem}{ending}" for stem in SAMPLES.values() for ending in (".jpg", ".png")),
        ),
        2_000,
        150 * 10**6,
        "pictures for research and teaching, annotations under BSD-3; cite Zhou et al., Scene Parsing through ADE20K"
        " Dataset, CVPR 2017",
        write_scenes,
    ),
}
