"""Reviews in one file: nothing is lost without a limit, and a training from it needs no library of data sets."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from core.errors import DataError
from core.networks.bert import PRESETS
from core.training import bert_imdb
from core.training.bert_imdb import BertImdb, Data
from core.training.command import main
from core.training.masked_reviews import STAGES, Reviews
from core.training.pack import read_pack, write_pack
from core.training.pack_reviews import LONGEST, packed_reviews, unpacked_reviews
from core.training.recipe import Options
from core.training.vocabulary import encode_all, train_tokenizer
from tests.core.training.test_pack import PROGRAM, ROOT

TEXTS = ["a fine film of fine people<br />seen twice", "a poor film", "", "nobody saw this film twice"] * 5
SMALL = {"hidden_size": 32, "num_layers": 2, "num_heads": 2, "intermediate_size": 48}
SMALLER = f"""
from dataclasses import replace
from core.networks.bert import PRESETS
PRESETS["small"] = replace(PRESETS["small"], **{SMALL})
"""  # the recipe is the real one, its network small enough for a test


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer(TEXTS, 60)


def reviews_of(lengths: list[int], seed: int = 0) -> Reviews:
    rng = np.random.default_rng(seed)
    ids = [rng.integers(5, 2**15 - 1, length).astype(np.int16) for length in lengths]
    return Reviews(ids, rng.integers(0, 2, len(lengths)))


def same(found: Reviews, expected: Reviews) -> None:
    assert len(found.ids) == len(expected.ids)
    for a, b in zip(found.ids, expected.ids, strict=True):
        assert a.dtype == np.int16
        np.testing.assert_array_equal(a, b)
    assert found.labels.dtype == np.int64
    np.testing.assert_array_equal(found.labels, expected.labels)


@settings(max_examples=20)
@given(train=st.lists(st.integers(0, 40), min_size=1, max_size=12), held=st.lists(st.integers(0, 40), max_size=3))
def test_reviews_come_out_of_a_file_as_they_went_in(
    tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory, train: list[int], held: list[int]
) -> None:
    data = Data(tokenizer, reviews_of(train), reviews_of(held, seed=1))
    path = tmp_path_factory.mktemp("packed") / "reviews.pack"
    write_pack(BertImdb.packed(data, None), "bert-imdb", path)
    found = BertImdb.unpacked(read_pack(path, "bert-imdb"))
    same(found.train, data.train)
    same(found.held, data.held)
    assert found.tokenizer.to_str() == tokenizer.to_str()


def test_the_tokenizer_of_a_pack_reads_as_the_one_that_was_packed(tokenizer: Tokenizer) -> None:
    found, parts = unpacked_reviews(packed_reviews(tokenizer, {"train": reviews_of([3])}, None, "bert-imdb"))
    assert list(parts) == ["train"]
    for ours, theirs in zip(encode_all(found, TEXTS), encode_all(tokenizer, TEXTS), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert found.encode("a film", "seen twice").type_ids == tokenizer.encode("a film", "seen twice").type_ids


def test_a_limit_cuts_the_longest_reviews_and_no_more_than_it_must(tokenizer: Tokenizer) -> None:
    data = {"train": reviews_of([2000, 700, 40]), "held": reviews_of([300])}
    whole = packed_reviews(tokenizer, data, None, "bert-imdb")
    assert whole.facts["longest"] == LONGEST[0]
    for limit in (whole.size, whole.size - 1, whole.size - 2 * (2000 - 1024) - 2 * 200):
        pack = packed_reviews(tokenizer, data, limit, "bert-imdb")
        assert pack.size <= limit
        longest = pack.facts["longest"]
        _, parts = unpacked_reviews(pack)
        for name, given_ in data.items():
            same(parts[name], Reviews([ids[:longest] for ids in given_.ids], given_.labels))
        if longest != LONGEST[0]:
            finer = LONGEST[LONGEST.index(longest) - 1]
            cut = sum(2 * max(0, len(ids) - finer) for part in data.values() for ids in part.ids)
            assert whole.size - cut > limit, "a longer cut would have fitted"
    with pytest.raises(DataError, match="bert-imdb does not fit"):
        packed_reviews(tokenizer, data, 500, "bert-imdb")


@pytest.fixture(scope="module")
def file(lab_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("imdb")
    path = folder / "reviews.pack"
    arguments = ["pack", "bert-imdb", "--data", str(lab_data), "--limit", "1MB", "--to", str(path)]
    assert main([*arguments, "--work", str(folder)]) == 0
    assert path.stat().st_size <= 10**6
    return path


def test_the_file_holds_what_the_recipe_reads_from_the_data_sets(file, lab_data, tmp_path, monkeypatch) -> None:
    found = BertImdb.needed(Options("bert-imdb", file))
    # making a vocabulary twice does not give the same one twice
    monkeypatch.setattr(bert_imdb, "train_tokenizer", lambda texts, size: found.tokenizer)
    expected = BertImdb.load(Options("bert-imdb", lab_data, work=tmp_path))
    same(found.train, expected.train)
    same(found.held, expected.held)


def test_a_resumed_training_keeps_its_vocabulary_and_refuses_data_of_another(
    file, lab_data, tmp_path, monkeypatch
) -> None:
    monkeypatch.setitem(PRESETS, "small", replace(PRESETS["small"], **SMALL))
    begun = BertImdb(Options("bert-imdb", file, work=tmp_path))
    again = BertImdb(Options("bert-imdb", lab_data, work=tmp_path, resume=True))
    assert again.tokenizer.to_str() == begun.tokenizer.to_str()
    other = Data(train_tokenizer(TEXTS, 60), *BertImdb.needed(Options("bert-imdb", file))[1:])
    write_pack(BertImdb.packed(other, None), "bert-imdb", tmp_path / "other.pack")
    with pytest.raises(DataError, match="another vocabulary"):
        BertImdb(Options("bert-imdb", tmp_path / "other.pack", work=tmp_path, resume=True))


def test_a_training_from_the_file_needs_no_data_sets_and_goes_on_where_they_are_to_a_complete_folder(
    file, lab_data, tmp_path, monkeypatch
) -> None:
    arguments = ["bert-imdb", "--epochs", "10", "--batch-size", "16", "--work", str(tmp_path)]
    start = "from core.training.command import main\n"
    assert PROGRAM.count(start) == 1
    program = [sys.executable, "-c", PROGRAM.replace(start, SMALLER + start)]
    done = subprocess.run([*program, *arguments, "--data", str(file)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "epoch 1  " in done.stdout
    assert done.stdout.splitlines()[-1] == str(tmp_path / "bert-imdb")
    monkeypatch.setitem(PRESETS, "small", replace(PRESETS["small"], **SMALL))
    folder = tmp_path / "model"
    assert main([*arguments, "--resume", "--data", str(lab_data), "--output", str(folder)]) == 0
    assert {path.stem for path in folder.glob("*.safetensors")} == {*STAGES, "model"}
    written = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert written.to_str() == BertImdb.needed(Options("bert-imdb", file)).tokenizer.to_str()
    assert json.loads((folder / "evaluation.json").read_text("utf-8"))["data"]["count"] == 20
