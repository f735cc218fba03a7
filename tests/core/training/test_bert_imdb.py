"""Masked words, then sentiment: what is asked for, what is learned, and what the folder holds."""

import json
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from core.models.loading import load
from core.models.spec import ModelSpec
from core.networks.bert import PRESETS, BertConfig, create_bert
from core.networks.masked_head import MaskedBert
from core.training import bert_imdb
from core.training.bert_imdb import BertImdb
from core.training.check import check_all
from core.training.checkpoint import named_tensors
from core.training.command import main
from core.training.fast_bert import class_logits, last_hidden
from core.training.loop import fit
from core.training.masked_evaluation import fill_accuracy, probe_accuracy, sentiment_logs
from core.training.masked_reviews import PRETRAINING, STAGES, MaskedThenSentiment, Reviews
from core.training.masked_stages import load_masked
from core.training.neighbours import OFFSETS, start_at_neighbours
from core.training.recipe import Options
from core.training.reviews import CLS, MASK, SEP, padded
from core.training.task import Length
from core.training.vocabulary import encode_all, train_tokenizer
from core.training.whole_words import WholeWords
from core.training.word_counts import log_frequencies, neighbour_counts, vectors_from_counts

TEXTS = ["A fine film, finely made by fine filmmakers", "a poor film, poorly made by poor makers of films"] * 6
LABELS = np.array([1, 0] * 6)
CONFIG = BertConfig(
    200, hidden_size=32, num_layers=2, num_heads=2, intermediate_size=48, max_positions=40, num_labels=2, dropout=0.0
)


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(TEXTS, 45)  # so few that words fall into pieces


def made(tokenizer, folder, **changes):
    torch.manual_seed(0)
    reviews = Reviews(encode_all(tokenizer, TEXTS), LABELS)
    how = {"batch": 4, "rate": 1e-2, "decay": 0.0, "folder": folder}
    return MaskedThenSentiment(CONFIG, WholeWords(tokenizer), reviews, reviews, **{**how, **changes})


def many(tokenizer, copies=200):
    ids, _ = padded(encode_all(tokenizer, TEXTS) * copies, 40)
    return ids


def test_all_pieces_of_a_word_share_its_fate(tokenizer):
    words, ids = WholeWords(tokenizer), many(tokenizer)
    drawn = words.mask(ids, torch.Generator().manual_seed(0))
    assert words.continues[ids].any(), "these texts have no word of several pieces"
    for kind in (drawn.asked, drawn.hidden):
        follows = words.continues[ids[:, 1:]]
        assert torch.equal(kind[:, 1:][follows], kind[:, :-1][follows])


def test_fifteen_percent_are_asked_for_and_eighty_of_these_hidden(tokenizer):
    words, ids = WholeWords(tokenizer), many(tokenizer)
    drawn = words.mask(ids, torch.Generator().manual_seed(0))
    first = (ids > MASK) & ~words.continues[ids]  # one place a word
    count = int(first.sum())
    share = float(drawn.asked[first].double().mean())
    assert abs(share - 0.15) < 4 * math.sqrt(0.15 * 0.85 / count)
    asked = drawn.asked & first
    kinds = {
        0.8: drawn.ids[asked] == MASK,
        0.1: (drawn.ids[asked] != ids[asked]) & (drawn.ids[asked] != MASK),
    }
    for expected, kind in kinds.items():
        deviation = math.sqrt(expected * (1 - expected) / int(asked.sum()))
        # one of the replacements in sixty happens to be the word itself
        assert abs(float(kind.double().mean()) - expected) < 4 * deviation + 0.1 / 50


def test_special_tokens_padding_and_unasked_words_are_left_as_they_are(tokenizer):
    ids = many(tokenizer, 20)
    drawn = WholeWords(tokenizer).mask(ids, torch.Generator().manual_seed(0))
    assert not drawn.asked[ids <= MASK].any()
    assert torch.equal(drawn.ids[~drawn.asked], ids[~drawn.asked])
    assert torch.equal(drawn.hidden, drawn.asked & (drawn.ids == MASK))


def test_the_fast_pass_gives_the_numbers_of_the_named_steps():
    torch.manual_seed(3)
    for gelu in ("exact", "tanh"):
        bert = create_bert(replace(CONFIG, gelu=gelu)).eval()
        for parameter in bert.parameters():
            parameter.data.normal_(std=0.2)
        ids, mask = torch.randint(5, 200, (3, 12)), torch.ones(3, 12, dtype=torch.long)
        mask[1, 7:] = 0
        with torch.no_grad():
            slow, fast = bert(ids, attention_mask=mask), last_hidden(bert, ids, mask)
            torch.testing.assert_close(fast[mask == 1], slow.hidden[-1][mask == 1], atol=1e-5, rtol=1e-4)
            torch.testing.assert_close(class_logits(bert, fast), slow.logits, atol=1e-5, rtol=1e-4)
            torch.testing.assert_close(last_hidden(bert, ids), bert(ids).hidden[-1], atol=1e-5, rtol=1e-4)


def test_heads_of_the_first_layer_start_at_their_neighbours():
    torch.manual_seed(0)
    bert = MaskedBert(replace(PRESETS["small"], dropout=0.0)).eval()
    ids = torch.randint(5, 8000, (4, 40))
    before = bert(ids, keep_attentions=True).attentions[0]
    start_at_neighbours(bert)
    after = bert(ids, keep_attentions=True).attentions[0]  # (4, H, 40, 40)
    rows = torch.arange(2, 38)
    for head, offset in enumerate(OFFSETS):
        assert after[:, head, rows, rows + offset].mean() > 0.5
        assert before[:, head, rows, rows + offset].mean() < 0.05


def test_gaps_come_first_in_short_windows_and_whole_reviews_last(tokenizer, tmp_path):
    task = made(tokenizer, tmp_path)
    task.longest = 512
    moments = (0.0, 0.5 * PRETRAINING, 0.7 * PRETRAINING, 0.95 * PRETRAINING)
    assert [task.length(progress) for progress in moments] == [64, 64, 128, 256]
    fine = [PRETRAINING + share * (1 - PRETRAINING) for share in (0.0, 0.5, 0.9, 1.0)]
    assert [task.length(progress) for progress in fine] == [128, 256, 512, 512]
    assert task.factor(PRETRAINING - 1e-6) == pytest.approx(0.1, abs=1e-3)
    assert task.factor(1.0) == pytest.approx(0.0, abs=1e-6)


def test_every_review_comes_once_in_a_round(tokenizer, tmp_path):
    task = made(tokenizer, tmp_path, batch=3)
    task.order = np.random.default_rng(0).permutation(120)
    task.train = Reviews([np.zeros(1 + j % 7, np.int16) for j in range(120)], np.zeros(120, np.int64))
    seen = [row for step in range(40) for row in task.rows(step)]
    assert sorted(seen) == list(range(120))


def test_a_window_begins_with_a_word(tokenizer, tmp_path):
    task, generator = made(tokenizer, tmp_path), torch.Generator().manual_seed(0)
    for ids in task.train.ids * 5:
        assert not task.words.continues[int(task.window(ids, 8, generator)[0])]


def test_a_few_texts_are_learned_by_heart_and_four_moments_set_aside(tokenizer, tmp_path, monkeypatch):
    task = made(tokenizer, tmp_path)
    monkeypatch.setattr(task, "steps", lambda: 40)
    logs = list(fit(task, Length(epochs=6)))
    assert logs[-1].validation["accuracy"] == 1.0
    # some places must stay unsure: a tenth of the words is replaced, and the twelve texts are but two
    assert logs[-1].validation["masked_top1"] > 0.8
    assert {path.stem for path in tmp_path.glob("*.safetensors")} == STAGES.keys() - {"untrained"}


def test_filling_is_counted_by_a_fixed_seed_and_a_perfect_network_is_always_right(tokenizer):
    torch.manual_seed(0)
    words, ids = WholeWords(tokenizer), encode_all(tokenizer, TEXTS)
    bert = MaskedBert(CONFIG).eval()
    assert fill_accuracy(bert, words, ids, 0) == fill_accuracy(bert, words, ids, 0)
    one = [np.array([9, 9, 9, 9], np.int16)] * 64
    with torch.no_grad():
        bert.masked_head.bias.fill_(-50)
        bert.masked_head.bias[9] = 50
    found = fill_accuracy(bert, words, one, 0)
    assert (found.top1, found.top5, found.hidden_top1) == (1.0, 1.0, 1.0)
    with torch.no_grad():
        bert.masked_head.bias[9] = -100
    assert fill_accuracy(bert, words, one, 0).top5 == 0.0
    assert 0 < found.hidden_count < found.count < 256


def test_a_probe_finds_what_the_states_know(tokenizer):
    torch.manual_seed(0)
    ids = encode_all(tokenizer, TEXTS)
    bert = MaskedBert(CONFIG).eval()
    assert probe_accuracy(bert, ids, LABELS, ids, LABELS, 40) == 1.0
    assert probe_accuracy(bert, ids, LABELS, ids, 1 - LABELS, 40) == 0.0


def test_opinions_do_not_depend_on_the_texts_beside_them(tokenizer):
    torch.manual_seed(0)
    bert, ids = MaskedBert(CONFIG).eval(), encode_all(tokenizer, TEXTS[:2])
    together = sentiment_logs(bert, ids, 40)
    alone = torch.cat([sentiment_logs(bert, [text], 40) for text in ids])
    torch.testing.assert_close(together, alone, atol=0.02, rtol=0)


@pytest.fixture(scope="module")
def folder(lab_data, tmp_path_factory):
    root = tmp_path_factory.mktemp("imdb")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bert_imdb, "VOCABULARY", 120)
        patched.setitem(PRESETS, "small", replace(CONFIG, num_labels=0))
        where = ["--data", str(lab_data), "--work", str(root / "runs"), "--output", str(root / "models/bert-imdb")]
        assert main(["bert-imdb", "--epochs", "10", "--batch-size", "4", *where]) == 0
    return root / "models/bert-imdb"


def test_the_folder_holds_six_stages_and_passes_the_check(folder, lab_data, tmp_path):
    assert check_all(Options("check", lab_data, work=tmp_path), folder.parent) == []
    evaluation = json.loads((folder / "evaluation.json").read_text("utf-8"))
    stages = evaluation["stages"]
    assert [row["file"].removesuffix(".safetensors") for row in stages] == [*STAGES, "model"]
    assert [row["classifier"] for row in stages] == ["untrained"] * 4 + ["trained"] * 2
    assert all(0 <= row["masked_top1"] <= row["masked_top5"] <= 1 for row in stages)
    assert {row["file"] for row in stages} <= evaluation["sha256"].keys()
    assert evaluation["masks"]["asked"] > evaluation["masks"]["hidden"] > 0
    card = (folder / "README.md").read_text("utf-8")
    assert "Maas et al., 2011" in card
    assert "masked words" in card


def test_each_stage_loads_in_the_app_with_its_head(folder):
    states = []
    for name in (*STAGES, "model"):
        file = f"{name}.safetensors"
        spec = ModelSpec(
            name=name,
            title=name,
            job="attention",
            origin="bundled",
            kind="bert",
            source=str(folder),
            license="apache-2.0",
            files=(("config.json", None), ("tokenizer.json", None), (file, None)),
            weights=file,
        )
        network = load(spec).network
        assert isinstance(network, MaskedBert)
        assert spec.counted == sum(p.numel() for p in network.parameters())
        torch.testing.assert_close(named_tensors(network, ""), named_tensors(load_masked(folder, file), ""))
        states.append(network.embeddings.token.weight)
    assert all(not torch.equal(a, b) for a, b in pairwise(states))


def test_the_real_network_keeps_within_two_million_weights():
    config = replace(PRESETS["small"], max_positions=bert_imdb.POSITIONS, num_labels=2)
    assert config.vocab_size == bert_imdb.VOCABULARY
    assert sum(p.numel() for p in MaskedBert(config).parameters()) <= 2_000_000
    assert BertImdb.headline == "accuracy"


def test_special_ids_are_those_of_the_vocabulary(tokenizer):
    assert [tokenizer.token_to_id(word) for word in ("[CLS]", "[SEP]", "[MASK]")] == [CLS, SEP, MASK]


def test_words_in_like_company_get_like_vectors():
    """Entries 5 and 6 stand in the same places, 7 and 8 in others; 20 and up are the company."""
    rng = np.random.default_rng(0)
    texts = []
    for word, company in ((5, 20), (6, 20), (7, 24), (8, 24)):
        for before, after in rng.integers(0, 2, (40, 2)):
            texts.append(np.array([company + before, word, company + 2 + after], np.int16))
    follows = neighbour_counts(texts, 30)
    assert follows[20:22, 5:7].sum() == 80
    assert follows[5:7, 20:22].sum() == 0
    assert follows[20:22, 22:24].sum() == 40  # two places on counts half
    vectors = vectors_from_counts(follows, 8)
    near = torch.nn.functional.cosine_similarity
    assert near(vectors[5], vectors[6], dim=0) > 0.6
    assert near(vectors[7], vectors[8], dim=0) > 0.6
    assert near(vectors[5], vectors[7], dim=0) < 0.3
    assert vectors[28].norm() == 0  # it occurs nowhere
    assert vectors[5].norm() == pytest.approx(0.02 * 8**0.5, rel=1e-4)


def test_texts_do_not_touch_and_frequencies_are_logarithms():
    texts = [np.array([5, 6], np.int16), np.array([7], np.int16)]
    assert neighbour_counts(texts, 8).nonzero().tolist() == [[5, 6]]
    found = log_frequencies(texts, 8).exp()
    torch.testing.assert_close(found[5:], torch.full((3,), 1 / 3))
    assert found[0] == pytest.approx(0.5 / 3)


def test_the_untrained_stage_is_the_usual_random_start(tokenizer, tmp_path):
    task = made(tokenizer, tmp_path)
    start, untrained = task.network.state_dict(), task.untrained
    assert not torch.equal(start["embeddings.token.weight"], untrained["embeddings.token.weight"])
    assert not untrained["masked_head.bias"].any()
    assert untrained["embeddings.token.weight"][5:].std() == pytest.approx(0.02, rel=0.1)
    torch.testing.assert_close(start["embeddings.token.weight"][:5], untrained["embeddings.token.weight"][:5])


def test_without_pretraining_every_step_learns_the_classes(tokenizer, tmp_path):
    task = made(tokenizer, tmp_path, pretraining=False)
    assert task.phase(0.0) == (False, 0.0)
    list(fit(task, Length(epochs=2)))
    assert not list(tmp_path.glob("*.safetensors"))
    assert Options("bert-imdb", pretraining=False).folder == "bert-imdb-without-pretraining"
    assert Options("bert-imdb", pretraining=False).command().endswith("bert-imdb --no-pretraining")
