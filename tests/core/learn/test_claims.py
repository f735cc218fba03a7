"""Claims as experiments: ablated passes against whole ones, verdicts of arranged models, one seed one finding."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr, ttest_1samp

from core.data.galleries import SHIPPED, Galleries
from core.data.sentences import GRADES, LABELS, Sentence, sentences
from core.errors import RangeError
from core.learn.claims import CLAIMS, EXPERIMENTS, VERDICTS, check_claim, check_sample, run, understanding
from core.learn.claims.ablation import all_heads, batch, beit_logits, embedded, text_pass
from core.learn.claims.claim import Samples, mean, mean_share, p_text, paired_difference, percent, share, tiny
from core.learn.claims.picture import beit_answers, window
from core.learn.claims.samples import DATA, available, draw
from core.learn.claims.structure import census
from core.learn.claims.text import rank_correlation
from core.networks.classifier import Classifier, unit
from core.text.attend import tokenize
from core.text.graded import Graded
from tests.conftest import TinyModel, TinySpec, tiny_network, tiny_tokenizer
from tests.core.cifar import PLAIN, beit_network, mlp_network, pictures
from tests.core.scenes import tiny_beit


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    """Every part, tiny and random."""
    return {
        "text": TinyModel(tiny_network(0), tiny_tokenizer()),
        "sentiment": TinyModel(
            tiny_network(1, num_labels=2, labels=LABELS), tiny_tokenizer(), TinySpec("tiny-sentiment")
        ),
        "mlp": SimpleNamespace(spec=TinySpec("mlp"), network=mlp_network(0), processor=None),
        "permuted": SimpleNamespace(spec=TinySpec("permuted"), network=mlp_network(1, permutation=4), processor=None),
        "beit": SimpleNamespace(spec=TinySpec("beit"), network=beit_network(2), processor=PLAIN),
        "scene": SimpleNamespace(**vars(tiny_beit()), spec=TinySpec("scene")),
    }


@pytest.fixture
def galleries(tmp_path: Path) -> Galleries:
    return Galleries(None, True, tmp_path)


SENTENCES = [("the cat sat on the mat", ""), ("a dog lay", ""), ("this movie !", "i sat on a rug")]


def tokens_of(model: Any) -> list[Any]:
    return [tokenize(model, a, b) for a, b in SENTENCES]


def test_a_pass_with_nothing_taken_away_is_the_networks_own(models: dict[str, Any]) -> None:
    model = models["sentiment"]
    part = batch(tokens_of(model))
    whole = model.network(part.ids, part.segments, part.mask, keep_attentions=True)
    ours = text_pass(model.network, embedded(model.network, part), part.mask, all_heads(model.network))
    torch.testing.assert_close(ours.hidden, whole.hidden[-1])
    torch.testing.assert_close(ours.logits, whole.logits)
    torch.testing.assert_close(torch.stack(ours.weights), torch.stack(whole.attentions))


def test_a_head_left_out_is_a_head_whose_columns_of_the_output_layer_are_zero(models: dict[str, Any]) -> None:
    model = models["sentiment"]
    part = batch(tokens_of(model))
    keep = all_heads(model.network)
    keep[1, 2] = 0
    ours = text_pass(model.network, embedded(model.network, part), part.mask, keep)
    other = tiny_network(1, num_labels=2)
    other.layers[1].attention.output.weight[:, 16:24] = 0  # head 2 of width 8
    torch.testing.assert_close(ours.logits, other(part.ids, part.segments, part.mask).logits)


def test_without_positions_the_order_of_the_words_does_not_matter(models: dict[str, Any]) -> None:
    model = models["sentiment"]
    answers = []
    for text in ("the cat sat on mat", "mat on sat cat the"):
        part = batch([tokenize(model, text)])
        answers.append(text_pass(model.network, embedded(model.network, part, positions=False), part.mask).logits)
        whole = text_pass(model.network, embedded(model.network, part), part.mask).logits
        assert not torch.allclose(answers[-1], whole)
    torch.testing.assert_close(*answers)


@pytest.mark.parametrize("options", [{}, {"use_absolute_position_embeddings": True}, {"use_mean_pooling": False}])
def test_a_beit_with_its_places_is_the_networks_own(options: dict[str, Any]) -> None:
    network = beit_network(3, **options)
    x = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(beit_logits(network, x), network(pixel_values=x).logits, atol=1e-5, rtol=1e-4)


def test_a_beit_without_places_does_not_see_that_patches_moved() -> None:
    network = beit_network(3, use_absolute_position_embeddings=True)
    for layer in network.beit.layers:
        torch.nn.init.normal_(layer.relative_position_bias.relative_position_bias_table)
    x = torch.rand(1, 3, 32, 32)
    order = torch.randperm(64, generator=torch.Generator().manual_seed(1))
    cut = torch.nn.functional.unfold(x, 4, stride=4)[:, :, order]
    moved = torch.nn.functional.fold(cut, (32, 32), 4, stride=4)
    with torch.no_grad():
        torch.testing.assert_close(
            beit_logits(network, x, places=False), beit_logits(network, moved, places=False), atol=1e-5, rtol=1e-4
        )
        assert not torch.allclose(beit_logits(network, x), beit_logits(network, moved), atol=1e-3)


def test_masked_patches_do_not_reach_the_answer() -> None:
    network = beit_network(3)
    hidden = torch.zeros(2, 64, dtype=torch.bool)
    with torch.no_grad():
        x = torch.rand(2, 3, 32, 32)
        torch.testing.assert_close(beit_logits(network, x, hidden=hidden), beit_logits(network, x))
        hidden[:] = True
        one, two = beit_logits(network, x, hidden=hidden)
        assert not torch.allclose(one, two)  # what stays of a picture is its mean patch
        flat = x.mean(dim=(2, 3), keepdim=True).expand_as(x)
        torch.testing.assert_close(
            beit_logits(network, flat, hidden=hidden), beit_logits(network, flat), atol=1e-5, rtol=1e-4
        )


def test_a_batch_keeps_the_last_separator_of_what_it_cuts(models: dict[str, Any]) -> None:
    tokens = tokenize(models["text"], "the cat sat on the mat")
    part = batch([tokens, tokenize(models["text"], "a dog")], 5)
    assert part.ids[0].tolist() == [*tokens.ids[:4], tokens.ids[-1]]
    assert part.mask.tolist() == [[1] * 5, [1] * 4 + [0]]


@given(st.lists(st.integers(0, 5), min_size=2, max_size=20), st.data())
def test_rank_correlation_is_scipys(values: list[int], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.integers(0, 5), min_size=len(values), max_size=len(values)))
    if len(set(values)) == 1 or len(set(others)) == 1:
        assert rank_correlation(values, others) == 0
    else:
        assert rank_correlation(values, others) == pytest.approx(spearmanr(values, others).statistic, abs=1e-9)


def test_a_paired_difference_counts_only_where_one_is_right() -> None:
    difference, low, high = paired_difference([1, 1, 1, 0], [1, 0, 0, 0])
    assert difference == 0.5
    # Half a case more in each of the four outcomes: 1.5 both, 2.5 and 0.5 one alone, 1.5 neither, 6 in all.
    middle, half = 2 / 6, 1.959963984540054 * np.sqrt(3 / 6 - (2 / 6) ** 2) / np.sqrt(6)
    assert (low, high) == pytest.approx((middle - half, middle + half))


def test_few_cases_on_which_both_agree_leave_a_difference_open() -> None:
    difference, low, high = paired_difference([1, 0] * 10, [1, 0] * 10)
    assert difference == 0
    assert (low, high) == pytest.approx((-0.0891, 0.0891), abs=1e-4)


def test_a_mean_has_students_interval() -> None:
    values = [1.0, 2.0, 4.5, 3.0]
    condition = mean("x", values)
    assert (condition.low, condition.high) == pytest.approx(tuple(ttest_1samp(values, 0).confidence_interval(0.95)))
    assert mean("x", [1.0]).low is None


def test_a_mean_share_stays_between_nothing_and_all() -> None:
    condition = mean_share("x", [0.0, 0.9, 0.45], control=True)
    assert (condition.value, condition.low, condition.high, condition.control) == (0.45, 0.0, 1.0, True)


def test_numbers_are_written_as_a_person_reads_them() -> None:
    assert [percent(value) for value in (0.5349, -0.0001, 1.0)] == ["53.5", "0.0", "100.0"]
    assert [p_text(value) for value in (0.6876, 1e-9, 1.0)] == ["= 0.688", "< 0.001", "= 1.000"]
    assert [tiny(value) for value in (1.78e-7, 0.0)] == ["1.8e-07", "0"]


def test_a_share_has_wilsons_interval() -> None:
    condition = share("x", [True] * 8 + [False] * 2, head=3)
    assert (condition.value, condition.fields) == (0.8, {"head": 3})
    assert condition.low == pytest.approx(0.4902, abs=1e-4)


def test_every_claim_has_one_experiment_and_every_experiment_a_claim() -> None:
    names = [name for group in EXPERIMENTS.values() for name in group]
    assert sorted(names) == sorted(CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_the_same_seed_gives_the_same_finding(name: str, models: dict[str, Any], galleries: Galleries) -> None:
    claim = CLAIMS[name]
    parts = {part: models[part] for part in claim.parts}
    drawn = draw(claim.sample, galleries, min(claim.count, 6), 3)
    samples = recorded([1, 0, 1], [1, 1, 0]) if claim.sample == "recorded" else drawn
    found = [run(name, parts, samples, 3) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].verdict in VERDICTS
    assert found[0].total >= 1
    assert found[0].models == tuple(model.spec.name for model in parts.values())
    assert any(condition.control for condition in found[0].conditions)


def recorded(plain: Any, twin: Any) -> Samples:
    return Samples("recorded", right={"mlp": np.asarray(plain, bool), "permuted": np.asarray(twin, bool)})


def test_an_mlp_and_its_equal_twin_support_that_neighbours_do_not_matter(models: dict[str, Any]) -> None:
    parts = {"mlp": models["mlp"], "permuted": models["permuted"]}
    right = np.arange(1000) % 2 == 0
    found = run("neighbours", parts, recorded(right, right), 0)
    assert (found.verdict, found.total, found.source) == ("supported", 1000, "recorded")
    worse = run("neighbours", parts, recorded(np.ones(1000), right), 0)
    assert (worse.verdict, worse.conditions[0].value) == ("refuted", 1.0)
    assert run("neighbours", parts, recorded(right[:20], right[:20]), 0).verdict == "undecided"


def test_two_cases_give_no_interval_and_no_verdict_that_needs_one(models: dict[str, Any]) -> None:
    for make in (mean, mean_share):
        two, three = make("x", [0.2, 0.4]), make("x", [0.2, 0.4, 0.3])
        assert (two.low, two.high) == (None, None)
        assert three.low is not None
    assert share("x", [True, False]).low is None
    texts = ("the cat sat", "a dog lay")
    samples = Samples("made", texts=texts, labels=np.array([0, 1]))
    assert run("heads", {"sentiment": models["sentiment"]}, samples, 0).verdict == "undecided"
    assert run("explains", {"text": models["text"]}, Samples("made", texts=texts), 0).verdict == "undecided"
    assert run("reach", {"beit": models["beit"]}, Samples("made", pixels=pictures(2)), 0).verdict == "undecided"


@pytest.mark.parametrize("kind", ["reviews", "sentences", "graded", "pairs", "pictures", "scenes"])
def test_how_many_cases_there_are_is_known_before_any_is_drawn(kind: Any, galleries: Galleries) -> None:
    assert available(kind, galleries) == len(draw(kind, galleries, 10**6, 0)) > 0


def test_a_beit_that_needs_no_places_refutes_that_it_needs_them(models: dict[str, Any]) -> None:
    flat = SimpleNamespace(spec=TinySpec("flat"), network=beit_network(2), processor=PLAIN)  # its tables are all 0
    for layer in flat.network.beit.layers:
        torch.nn.init.zeros_(layer.relative_position_bias.relative_position_bias_table)
    pixels = pictures(30)
    labels = beit_answers(flat, pixels, places=True)
    finding = run("places", {"beit": flat}, Samples("made", pixels=pixels, labels=labels), 0)
    assert (finding.verdict, finding.conditions[0].value, finding.conditions[1].value) == ("refuted", 1.0, 1.0)


def test_answers_with_places_are_the_classifiers(models: dict[str, Any]) -> None:
    pixels = pictures(5)
    expected = Classifier.of(models["beit"])(unit(pixels)).argmax(1).numpy()
    np.testing.assert_array_equal(beit_answers(models["beit"], pixels, places=True), expected)


def test_a_model_that_guesses_leaves_positions_undecided(models: dict[str, Any]) -> None:
    guessing = TinyModel(tiny_network(1, num_labels=2), tiny_tokenizer(), TinySpec("guess"))
    guessing.network.classifier.weight.zero_()
    texts = tuple(f"the cat sat {word}" for word in ("on", "a", "mat", "dog") * 5)
    samples = Samples("made", texts, labels=np.array([0, 1] * 10))
    assert run("positions", {"sentiment": guessing}, samples, 0).verdict == "undecided"


def test_a_text_model_has_no_layer_but_dense_norm_and_embedding(models: dict[str, Any]) -> None:
    finding = run("layers", {"text": models["text"]}, Samples(""), 0)
    assert finding.verdict == "refuted"
    count = census(models["text"].network)
    assert (count["dense"], count["norm"], count["embedding"]) == (3 * 6 + 1, 3 * 2 + 1, 3)
    odd = TinyModel(torch.nn.Sequential(torch.nn.GRU(2, 2)), None)
    assert run("layers", {"text": odd}, Samples(""), 0).verdict == "supported"


def test_the_window_of_a_filter_is_three_by_three_and_smaller_at_the_border() -> None:
    assert window((4, 4), 5).reshape(4, 4).astype(int).tolist() == [[1, 1, 1, 0]] * 3 + [[0] * 4]
    assert window((4, 4), 0).sum() == 4


def test_parameters_are_counted_in_the_network(models: dict[str, Any]) -> None:
    finding = run("parameters", {"mlp": models["mlp"]}, Samples(""), 0)
    assert finding.conditions[0].value == 3072 * 24 + 24 + 24 * 16 + 16 + 16 * 10 + 10
    assert finding.verdict == "refuted"


def test_the_printed_table_takes_more_than_half_of_bert_base() -> None:
    finding = run("intermediate", {}, Samples(""), 0)
    assert [condition.value for condition in finding.conditions] == [
        109_482_240,
        109_482_240 - 12 * (2 * 768 + 1) * (3072 - 12),
    ]


def test_reviews_come_from_the_shipped_sentences_where_there_is_no_folder(galleries: Galleries) -> None:
    samples = draw("reviews", galleries, 100, 0)
    assert (samples.source, len(samples), int(samples.labels.sum())) == (SHIPPED, 50, 25)
    few = draw("reviews", galleries, 7, 5)
    assert len(few) == 7
    assert draw("reviews", galleries, 7, 5).texts == few.texts
    for text, label in zip(few.texts, few.labels, strict=True):
        assert text in {one.text for one in sentences(grades=("plain",)) if (one.label == "positive") == bool(label)}


@pytest.mark.parametrize("count", [1, 4, 7, 200, 999])
def test_graded_sentences_are_of_each_grade_in_turn(count: int, galleries: Galleries) -> None:
    samples = draw("graded", galleries, count, 3)
    assert len(samples) == len(set(samples.texts)) == min(count, 200)
    counts = [samples.grades.count(grade) for grade in GRADES]
    assert max(counts) - min(counts) <= 1
    known = {one.text: one for one in sentences()}
    for text, label, grade in zip(samples.texts, samples.labels, samples.grades, strict=True):
        assert (LABELS[label], grade) == (known[text].label, known[text].grade)
    assert draw("graded", galleries, count, 3).texts == samples.texts


@pytest.mark.parametrize(
    ("hits", "verdict"), [((9, 9), "supported"), ((9, 1), "refuted"), ((9, 5), "undecided"), ((5, 5), "undecided")]
)
def test_understanding_is_refuted_by_a_grade_below_a_coin(
    hits: tuple[int, int], verdict: str, models: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two grades of ten; the positive ones among the first are judged rightly by hand."""
    made = [Sentence(f"the cat {i}", "positive", grade, "en") for grade in ("plain", "ironic") for i in range(10)]
    shares = tuple(0.9 if i < hit else 0.1 for hit in hits for i in range(10))
    monkeypatch.setattr(understanding, "graded", lambda model, chosen: Graded(tuple(chosen), shares))
    samples = Samples(
        "made", tuple(s.text for s in made), labels=np.ones(20, np.int64), grades=tuple(s.grade for s in made)
    )
    found = run("understands", {"sentiment": models["sentiment"]}, samples, 0)
    assert found.verdict == verdict
    assert [one.value for one in found.conditions] == [*(hit / 10 for hit in hits), 0.5]
    assert found.values["negated"] == "–"


def test_the_scenes_network_does_not_understand_what_is_negated(lab: Any, galleries: Galleries) -> None:
    with lab.use("bert-imdb", "attention") as model:
        found = run("understands", {"sentiment": model}, draw("graded", galleries, 200, 0), 0)
    assert (found.verdict, found.total) == ("refuted", 200)
    values = {one.name: one for one in found.conditions}
    assert list(values) == [*GRADES, "reviews", "beginnings", "coin"]
    assert values["negated"].high < 0.5 < values["plain"].low
    assert values["reviews"].value == 0.88536
    assert values["reviews"].control


def test_reviews_come_from_the_folder_where_there_is_one(tmp_path: Path) -> None:
    import datasets

    (tmp_path / "imdb").mkdir()
    rows = datasets.Dataset.from_dict({"text": ["good", "bad", "fine"], "label": [1, 0, 1]})
    rows.to_parquet(tmp_path / "imdb" / "test.parquet")
    samples = draw("reviews", Galleries(tmp_path, True, tmp_path / "work"), 2, 0)
    assert (samples.source, len(samples)) == (DATA, 2)
    assert dict(zip(samples.texts, samples.labels, strict=True)).items() <= {"good": 1, "bad": 0, "fine": 1}.items()


@given(st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.booleans()))
def test_a_sample_size_is_a_whole_number_in_range_or_refused(value: Any) -> None:
    valid = not isinstance(value, bool) and isinstance(value, int | float) and value == value and 1 <= value <= 1000
    if valid and int(value) == value:
        assert check_sample(value, 0) == (int(value), 0)
    else:
        with pytest.raises(RangeError, match="1000"):
            check_sample(value, 0)


def test_a_slow_claim_takes_fewer_cases_and_says_how_many() -> None:
    most = CLAIMS["scene"].most
    assert check_sample(most, 0, most) == (most, 0)
    with pytest.raises(RangeError, match=rf"\b{most}\b"):
        check_sample(most + 1, 0, most)


@pytest.mark.parametrize("name", ["", "nothing", None, 7, ["positions"]])
def test_an_unknown_claim_is_refused_with_the_choices(name: Any) -> None:
    with pytest.raises(RangeError, match="positions"):
        check_claim(name)


def test_minilm_runs_the_claims_that_need_no_training(minilm: Any, galleries: Galleries) -> None:
    stacks = run("stacks", {"text": minilm}, draw("sentences", galleries, 3, 0), 0)
    parallel = run("parallel", {"text": minilm}, draw("sentences", galleries, 3, 0), 0)
    assert (stacks.verdict, parallel.verdict) == ("supported", "partly")
    assert replace(stacks, seed=1) != stacks
