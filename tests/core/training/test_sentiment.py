import numpy as np
import pytest
import torch

from core.networks.bert import BertConfig
from core.training.loop import fit
from core.training.reviews import CLS, MASK, SEP, SentimentTask, padded, predict
from core.training.task import Length
from core.training.vocabulary import SPECIAL, encode_all, train_tokenizer

TEXTS = ["A fine film, finely made.<br /><br />I liked it", "a poor film! poorly made", "FINE", "poor"] * 3
CONFIG = BertConfig(
    200, hidden_size=32, num_layers=2, num_heads=2, intermediate_size=48, max_positions=24, num_labels=2, dropout=0.0
)


def made(tmp_path, **changes):
    torch.manual_seed(0)
    ids = encode_all(train_tokenizer(TEXTS, 200), TEXTS)
    labels = np.array([1, 0] * 6)
    how = {"batch": 6, "rate": 1e-2, "decay": 0.0, "early_path": tmp_path / "early.safetensors"}
    return SentimentTask(CONFIG, ids, labels, ids, labels, **{**how, **changes})


def test_special_tokens_have_the_first_ids_and_a_line_break_is_none():
    tokenizer = train_tokenizer(TEXTS, 200)
    assert [tokenizer.token_to_id(word) for word in SPECIAL] == [0, 1, 2, 3, 4]
    assert tokenizer.encode("A film<br />I").tokens == tokenizer.encode("a film i").tokens
    pair = tokenizer.encode("a film", "poor")
    assert pair.ids[0] == CLS
    assert pair.ids[-1] == SEP
    assert pair.type_ids == [0] * (pair.ids.index(SEP) + 1) + [1] * (len(pair.ids) - pair.ids.index(SEP) - 1)
    assert tokenizer.decode(tokenizer.encode("finely made").ids) == "finely made"


def test_padding_is_masked_and_long_texts_are_cut():
    ids, mask = padded([np.array([7, 8, 9], np.int16), np.array([7], np.int16)], 4)
    assert ids.tolist() == [[CLS, 7, 8, SEP], [CLS, 7, SEP, 0]]
    assert mask.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0]]


def test_a_few_texts_are_learned_by_heart_and_early_weights_set_aside(tmp_path):
    task = made(tmp_path)
    logs = list(fit(task, Length(epochs=25)))
    assert logs[-1].validation["accuracy"] == 1.0
    assert (tmp_path / "early.safetensors").is_file()
    assert task.untrained.keys() == task.network.state_dict().keys()


def test_a_prediction_does_not_depend_on_the_texts_beside_it(tmp_path):
    task = made(tmp_path)
    bert = task.network.eval()
    together = predict(bert, task.train_ids, 24, batch=12)
    alone = torch.cat([predict(bert, [ids], 24) for ids in task.train_ids])
    torch.testing.assert_close(together, alone, atol=0.02, rtol=0)


def test_windows_come_from_the_text_and_half_of_them_begin_it(tmp_path):
    task = made(tmp_path)
    ids, generator = np.arange(100, dtype=np.int16), torch.Generator().manual_seed(0)
    starts = [int(task.window(ids, 12, generator)[0]) for _ in range(300)]
    assert 120 < starts.count(0) < 200
    assert max(starts) <= 90


@pytest.mark.parametrize(("progress", "longest"), [(0.0, 64), (0.5, 128), (0.9, 256), (1.0, 256)])
def test_reviews_are_read_in_short_stretches_first_and_whole_last(tmp_path, progress, longest):
    task = made(tmp_path)
    assert task.length(progress) == 24  # this model has no more positions
    task.longest = 256
    assert task.length(progress) == longest


def test_hidden_words_are_neither_special_tokens_nor_padding(tmp_path, monkeypatch):
    task, shown = made(tmp_path), []
    forward = task.network.forward
    monkeypatch.setattr(task.network, "forward", lambda ids, **how: shown.append(ids) or forward(ids, **how))
    generator = torch.Generator().manual_seed(0)
    for batch in task.batches(1, generator):
        task.loss(batch, 0.1)
    assert all((ids[:, 0] == CLS).all() for ids in shown)
    assert any((ids == MASK).any() for ids in shown)
    assert all(((ids == SEP).sum(1) == 1).all() for ids in shown)
