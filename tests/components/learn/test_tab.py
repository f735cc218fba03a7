"""The Learn lab's messages, over tiny models where it needs models; and that every text that it uses exists."""

import ast
import base64
import inspect
import json
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from components.cifar import tab as cifar_tab
from components.learn import claims as learn_claims
from components.learn import picture_figures as learn_pictures
from components.learn import quiz as learn_quiz
from components.learn import recorded_figures as learn_recorded
from components.learn import tab as learn_tab
from components.learn import text_figures as learn_figures
from components.learn import walk as learn_walk
from components.learn.messages import claims_content, finding_content
from components.learn.questions import ClaimAsk, FigureAsk, LiveAsk, QuizAsk, RowsAsk, TextAsk
from components.learn.stations import ALL, BY_NAME
from components.learn.walk import station_of, text_of
from core.errors import RangeError, TextError
from core.lab.claims import PARTS, tried
from core.lab.lab import Lab
from core.learn.claims import CLAIMS, EXPERIMENTS, VERDICTS
from core.learn.links import LEARN_VIEWS, ROWS, STATIONS
from core.learn.quiz import QUESTIONS
from core.networks.steps import source_code
from core.plurals import filled
from core.settings import Settings
from core.texts import LANGUAGES, say, texts
from tests.components.answering import context
from tests.components.cifar_lab import NAMES, lab_of, write_folders
from tests.components.segmentation_lab import PLACE, write_model

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = sorted((ROOT / "assets" / "viewers" / "learn").glob("*.js"))


def nothing(share: float) -> None:
    """Progress that nobody hears."""


def carried(content: dict[str, Any]) -> dict[str, Any]:
    """What the page gets of a handler's answer."""
    return json.loads(json.dumps(content, ensure_ascii=False, allow_nan=False))


def figure_of(lab: Lab, station: str, a: str = "") -> dict[str, Any]:
    """The answer to a page that opens a station."""
    return carried(learn_walk.figure(lab, FigureAsk(station=station, a=a), context()))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A lab whose picture models are tiny."""
    root = tmp_path_factory.mktemp("models")
    write_folders(root)
    write_model(root / "scenes")
    bare = lab_of(root)
    catalog = [replace(spec, source=str(root / "scenes")) if spec.name == PLACE else spec for spec in bare.catalog]
    return Lab(bare.settings, catalog)


def possible(name: str) -> set[str]:
    """The verdicts that an experiment's source can give."""
    module = next(module for module, names in EXPERIMENTS.items() if name in names)
    source = inspect.getsource(getattr(__import__(f"core.learn.claims.{module}", fromlist=["x"]), name))
    words = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    return words & set(VERDICTS)


@pytest.mark.parametrize("name", CLAIMS)
def test_every_verdict_that_a_claim_can_get_has_its_sentence(name: str) -> None:
    keys = texts("en")
    assert possible(name)
    for part in ("title", "claim", "test", "read", *(f"verdicts.{verdict}" for verdict in possible(name))):
        assert f"learn.claims.{name}.{part}" in keys
    told = {key.split(".")[-1] for key in keys if key.startswith(f"learn.claims.{name}.verdicts.")}
    assert told == possible(name), "a verdict that cannot come has a sentence"


@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if "sentiment" not in claim.parts])
def test_a_findings_sentence_has_all_its_values(name: str, tiny: Lab) -> None:
    finding = tried(tiny, CLAIMS[name], 3, 0)
    sent = carried(finding_content(tiny, finding))
    for language in LANGUAGES:
        words = texts("en") | texts(language)
        filled(words[f"learn.claims.{name}.verdicts.{sent['verdict']}"], sent["values"], "en")
        for condition in sent["conditions"]:
            filled(words[f"learn.claims.{name}.conditions.{condition['name']}"], condition["fields"], "en")
    assert (sent["claim"], sent["seed"]) == (name, 0)
    assert len(sent["models"]) == len(CLAIMS[name].parts)


def test_the_pictures_of_a_finding_are_sent_whole_and_have_captions(tiny: Lab) -> None:
    finding = tried(tiny, CLAIMS["scene"], 1, 0)
    sent = carried(finding_content(tiny, finding))
    assert [one["name"] for one in sent["exhibits"]] == ["photograph", "annotation", "with", "without"]
    for one, exhibit in zip(sent["exhibits"], finding.exhibits, strict=True):
        assert zlib.decompress(base64.b64decode(one["picture"])) == exhibit.rgb
        assert one["size"] == [exhibit.height, exhibit.width]
    assert {f"classes.{one['id']}" for one in sent["classes"]} <= set(texts("en"))
    captions = {key.split(".")[-1] for key in texts("en") if key.startswith("learn.claims.scene.pictures.")}
    assert captions == {"photograph", "annotation", "with", "without"}


def test_a_claim_whose_model_is_missing_says_which(tmp_path: Path) -> None:
    from core.errors import UnavailableError

    write_folders(tmp_path)
    bare = lab_of(tmp_path, without=("mlp-cifar10-permuted",))
    with pytest.raises(UnavailableError, match="mlp-cifar10-permuted"):
        tried(bare, CLAIMS["neighbours"], 3, 0)
    said = learn_claims.claim(bare, ClaimAsk(claim="neighbours", count=3), context())
    assert list(said) == ["problem"]
    assert "mlp-cifar10-permuted" in said["problem"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("count", "seed", "field"),
    [(0, 0, "count"), (1001, 0, "count"), (2.5, 0, "count"), (None, 0, "count"), (3, -1, "seed"), (3, None, "seed")],
)
def test_a_sample_out_of_range_is_refused_before_any_model_is_asked(
    language: str, count: Any, seed: Any, field: str
) -> None:
    with pytest.raises(RangeError) as caught:
        learn_claims.claim(Lab(), ClaimAsk(claim="stacks", count=count, seed=seed), context(language))
    low, high = (1, 1000) if field == "count" else (0, caught.value.values["high"])
    expected = say(language, f"learn.errors.{field}_out_of_range", low=low, high=high)
    assert caught.value.sentence(language) == expected


def test_an_unknown_claim_is_refused_with_the_choices() -> None:
    with pytest.raises(RangeError, match="stacks"):
        learn_claims.claim(Lab(), ClaimAsk(claim="nothing", count=3), context())


def test_a_claim_that_is_tried_twice_is_answered_twice(tiny: Lab) -> None:
    ask = ClaimAsk(claim="stacks", count=2)
    first, second = (carried(learn_claims.claim(tiny, ask, context())) for _ in range(2))
    assert first == second
    assert first["finding"]["claim"] == "stacks"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stations_text_needs_no_model(language: str) -> None:
    for station in ALL:
        sent = learn_walk.text(Lab(), TextAsk(station=station.name), context(language))
        assert sent == {"text": text_of(station, language), "rtl": language == "fa"}


def test_the_page_is_sent_every_claim() -> None:
    sent = carried(claims_content(Lab(Settings(offline=True, device="cpu", data=None))))["claims"]
    assert [claim["name"] for claim in sent] == list(CLAIMS)
    assert {part for claim in sent for part in claim["parts"]} <= set(PARTS)
    assert all(1 <= claim["count"] <= claim["most"] for claim in sent)
    here = {claim["name"]: (claim["count"], claim["most"], claim["available"]) for claim in sent}
    assert here["places"] == (20, 20, 20), "without a data folder there are the shipped pictures"
    assert here["scene"] == (6, 8, 8)
    assert (here["layers"], here["neighbours"]) == ((1, 1000, 0), (1, 1000, 0)), "nothing is drawn for these"


@pytest.mark.parametrize("name", STATIONS)
def test_every_station_has_text_formula_and_figures_with_captions(name: str, tiny: Lab) -> None:
    station = BY_NAME[name]
    for language in LANGUAGES:
        text = text_of(station, language)
        assert station.formula in text
        assert station.sources in text
    sent = figure_of(tiny, name)
    assert sent["problem"] is None
    assert sent["figures"]
    assert sent["model"]
    words = texts("en")
    for figure in sent["figures"]:
        caption = f"captions.{figure['caption']}" if "caption" in figure else "caption"
        filled(words[f"learn.stations.{name}.{caption}"], figure["fields"], "en")
        for one in figure.get("series", []):
            assert f"learn.series.{one['name']}" in words
            assert len(one.get("values", one.get("y"))) >= 1
        for one in figure.get("grids", []):
            filled(words[f"learn.grids.{one['name']}"], one.get("fields", {}), "en")
    assert [part["lines"] for part in sent["code"]] == [source_code(place) for place in station.code]


def test_local_attention_stays_in_the_filters_window_and_sums_to_one(tiny: Lab) -> None:
    grids = {one["name"]: one for one in learn_pictures.convolution(tiny, nothing)[0]["grids"]}
    pairs = zip(grids["local"]["shares"], grids["filter"]["shares"], strict=True)
    outside = [share for share, seen in pairs if not seen]
    assert outside
    assert set(outside) == {0.0}
    for one in grids.values():
        assert sum(one["shares"]) == pytest.approx(1, abs=0.01)
    assert grids["local"]["shares"] != grids["filter"]["shares"]


def test_every_figure_belongs_to_a_station_and_every_station_has_one() -> None:
    assert sorted({**learn_figures.TEXT_FIGURES, **learn_pictures.PICTURE_FIGURES}) == sorted(STATIONS)


def test_a_station_without_its_model_keeps_its_text_and_says_why(tmp_path: Path) -> None:
    bare = lab_of(tmp_path, without=NAMES)
    sent = figure_of(bare, "patches")
    assert sent["figures"] == []
    assert "cifar10-beit" in sent["problem"]
    assert sent["opens"]


def test_the_weights_of_a_matrix_are_the_models(tiny: Lab) -> None:
    sent = figure_of(tiny, "attention", "One two three")
    figure = sent["figures"][0]
    assert figure["names"] == ["[CLS]", "one", "two", "three", "[SEP]"]
    assert all(sum(row) == pytest.approx(1, abs=0.01) for row in figure["values"])


def test_a_link_into_the_attention_lab_names_what_the_figure_shows(tiny: Lab) -> None:
    sent = figure_of(tiny, "softmax", "One two three")
    fields, figure = sent["opens"][0], sent["figures"][0]["fields"]
    assert (fields["lab"], fields["view"], fields["a"]) == ("attention", "inside", "One two three")
    assert (fields["layer"], fields["head"]) == (str(figure["layer"]), str(figure["head"]))
    assert sent["figures"][0]["names"][int(fields["token"])] == figure["token"]
    first = figure_of(tiny, "attention")
    assert first["opens"][0] == {"lab": "attention", "view": "matrix", "mean": "1", "layer": "4"}
    assert first["opens"][1] == {"lab": "learn", "view": "claims", "claim": "explains"}


@pytest.mark.parametrize("name", ["", "nowhere", None, 3, {"a": 1}])
def test_an_unknown_station_is_refused(name: Any) -> None:
    with pytest.raises(RangeError, match="attention"):
        station_of(name)


def test_code_is_what_runs() -> None:
    assert "softmax(dim=-1)" in source_code("core.networks.attention:scaled_dot_product_attention")
    assert source_code("core.networks.bert:Embeddings.parts").startswith("def parts")


def test_recorded_figures_are_read_from_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn_recorded, "OURS", tmp_path)
    assert learn_recorded.training_curves("m") == learn_recorded.recorded_ious("m") == []
    (tmp_path / "m").mkdir()
    log = {"epochs": [{"epoch": 1, "train_loss": 2.0, "validation": {"loss": 2.5}}, {"epoch": 2, "train_loss": 1.0}]}
    (tmp_path / "m" / "training_log.json").write_text(json.dumps(log))
    part = {
        "data": {"count": 3},
        "classes": {
            "sky": {"id": 3, "iou": 0.5},
            "road": {"id": 7, "iou": 0.25},
            "door": {"id": 15, "iou": float("nan")},
        },
    }
    (tmp_path / "m" / "evaluation.json").write_text(json.dumps({"sets": {"streets": part}}))
    curves = learn_recorded.training_curves("m")
    assert [(line["name"], line["y"]) for line in curves[0]["series"]] == [("train", [2.0, 1.0])]
    ious = learn_recorded.recorded_ious("m")
    assert (ious[0]["keys"], ious[0]["fields"]) == (
        ["classes.3", "classes.7"],
        {"mean": "0.375", "set": "streets", "count": 3},
    )
    log["epochs"] = [{"epoch": n, "train_loss": 1.0, "validation": {"mean_iou": 0.1 * n}} for n in (1, 2)]
    (tmp_path / "m" / "training_log.json").write_text(json.dumps(log))
    assert learn_recorded.training_curves("m")[1]["series"] == [{"name": "mean_iou", "x": [1, 2], "y": [0.1, 0.2]}]
    (tmp_path / "m" / "training_log.json").write_text("[")
    assert learn_recorded.training_curves("m") == []


def test_the_scene_is_segmented_by_the_live_model(lab: Lab) -> None:
    if not any(spec.origin == "bundled" for spec in lab.offered("segmentation")):
        pytest.skip("needs the bundled segmentation model")
    pictures, bars = learn_pictures.segmentation(lab, nothing)[:2]
    assert [one["name"] for one in pictures["grids"]] == ["photograph", "classes"]
    shares = bars["series"][0]["values"]
    assert sum(shares) == pytest.approx(1, abs=0.01)
    assert shares == sorted(shares, reverse=True)
    assert set(bars["keys"]) <= set(texts("en"))
    assert len(bars["keys"]) == len(bars["colors"]) == len(shares)


def test_fixed_questions_and_their_explanations_exist() -> None:
    sent = carried(learn_quiz.quiz(Lab(), QuizAsk(), context()))["questions"]
    words = texts("en")
    for question in sent:
        keys = [f"options.{option}" for option in question["options"]] + [
            f"why.{option}" for option in question["options"]
        ]
        assert [key for key in ("text", *keys) if f"learn.quiz.{question['name']}.{key}" not in words] == []
    assert len(sent) == len(QUESTIONS)


def test_live_questions_are_about_the_sentence_that_was_typed(tiny: Lab) -> None:
    sent = carried(learn_quiz.live(tiny, LiveAsk(sentence="The dog lay on the rug", seed=1), context()))
    assert len(sent["questions"]) >= 5
    words = texts("en")
    for question in sent["questions"]:
        filled(words[f"learn.quiz.{question['name']}.text"], question["fields"], "en")
        assert question["right"] in question["options"]
    assert sent["model"] == "MiniLM-L6"
    with pytest.raises(TextError):
        learn_quiz.live(tiny, LiveAsk(sentence="  ", seed=1), context())
    with pytest.raises(ValidationError):
        LiveAsk(sentence=None, seed=1)  # type: ignore[arg-type]


def view_names(lab: str) -> set[str]:
    """The views that a lab's own code names."""
    if lab == "cifar":
        return set(cifar_tab.VIEWS)
    if lab == "learn":
        return set(LEARN_VIEWS)
    script = (ROOT / "assets" / "viewers" / lab / "address.js").read_text("utf-8")
    names = re.search(r"(?:VIEWS|ORDER) = \[(.*?)\];", script, re.S)
    assert names is not None
    return set(re.findall(r'"(\w+)"', names[1]))  # of texts alone, or of objects with a name


@pytest.mark.parametrize("lab", ["attention", "segmentation", "cifar", "learn"])
def test_every_link_names_a_view_that_its_lab_has(lab: str) -> None:
    views = [view for row in ROWS for view in row.views] + [view for station in ALL for view in station.opens]
    wanted = {view.view for view in views if view.lab == lab}
    assert wanted
    assert wanted - view_names(lab) == set()


def test_every_row_of_the_report_is_sent_with_its_texts() -> None:
    rows = carried(learn_tab.rows(Lab(), RowsAsk(), context()))["rows"]
    words = texts("en")
    assert len(rows) == len(ROWS)
    for row in rows:
        assert f"learn.rows.{row['name']}.title" in words
        assert f"learn.rows.{row['name']}.note" in words
        assert f"learn.sections.{row['section']}" in words


def test_every_plain_text_of_the_scripts_exists() -> None:
    used = {key for script in SCRIPTS for key in re.findall(r'\bt\(\s*"([\w.]+)"', script.read_text("utf-8"))}
    assert len(used) > 25
    assert used - set(texts("en")) == set()


def test_the_scripts_stations_are_the_reports() -> None:
    script = (ROOT / "assets" / "viewers" / "learn" / "walk.js").read_text("utf-8")
    names = re.search(r"NAMES = \[(.*?)\]", script, re.S)
    assert names is not None
    assert tuple(re.findall(r'"(\w+)"', names[1])) == STATIONS


def test_no_text_of_the_lab_is_unused() -> None:
    """Plain keys of the lab that no script and no module mentions would be a text that nobody reads."""
    sources = "".join(path.read_text("utf-8") for path in SCRIPTS)
    sources += "".join(path.read_text("utf-8") for path in (ROOT / "components" / "learn").glob("*.py"))
    families = ("views", "series", "grids", "stations", "claims", "quiz", "rows", "sections", "errors", "sample")
    families += ("sources_of", "verdicts", "sets")
    plain = {key for key in texts("en") if key.startswith("learn.") and key.split(".")[1] not in families}
    assert {key for key in plain if not re.search(f"[\"']{re.escape(key)}[\"']", sources)} == set()


def test_parts_are_models_of_the_catalog() -> None:
    from core.models.catalog import CATALOG

    names = {spec.name: spec.job for spec in CATALOG}
    for job, name in PARTS.values():
        assert not name or names[name] == job


def test_a_recorded_curve_stands_under_the_name_of_the_model_that_was_trained() -> None:
    lab = Lab()
    folders = {"bert": {"bert-sentiment", "bert-imdb"}, "segmentation": {"beit-scenes"}, "masking": {"beit-cifar10"}}
    for station, those in folders.items():
        sent = figure_of(lab, station)
        trained = {next(spec.title for spec in lab.catalog if spec.source == folder) for folder in those}
        recorded = [figure for figure in sent["figures"] if figure.get("recorded")]
        assert recorded
        assert {figure["model"] for figure in recorded} == trained
    sent = figure_of(lab, "bert")
    assert [figure["model"] for figure in sent["figures"] if not figure.get("recorded")] == ["MiniLM-L6"]
    told = [figure["model"] for figure in sent["figures"] if figure.get("recorded")]
    assert list(dict.fromkeys(told)) == ["BERT · masked words", "BERT · IMDB"], "though MiniLM is the model on screen"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_walk_and_the_quiz_agree_that_pixels_can_be_a_target(language: str) -> None:
    words = texts(language)
    assert "MAE" in words["learn.quiz.masked_image.why.pixels"]
    assert "MAE" in text_of(BY_NAME["masking"], language)
    assert "2111.06377" in BY_NAME["masking"].sources
    assert "wrong target" not in words["learn.stations.masking.text"]


def test_what_the_scenes_network_reads_stands_beside_the_reviews_with_its_intervals() -> None:
    (figure,) = learn_recorded.recorded_grades("bert-imdb")
    (judged,) = figure["series"]
    assert judged["values"] == [0.8854, 0.7249, 0.94, 0.3, 0.52, 0.26]
    for value, low, high in zip(judged["values"], judged["low"], judged["high"], strict=True):
        assert low < value < high
    for language in LANGUAGES:
        words = texts("en") | texts(language)
        assert set(figure["keys"]) <= set(words)
        assert "200" in filled(words["learn.stations.bert.captions.grades"], figure["fields"], "en")
    assert learn_recorded.recorded_grades("beit-scenes") == []
