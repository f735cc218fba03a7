"""A claim is tried once for the same question, on the models that it names, within one work on the engine."""

from pathlib import Path

import pytest

from components.cifar.reasons import permuted_twins
from core.engines.local import Local
from core.errors import UnavailableError
from core.lab.claims import PARTS, tried
from core.lab.lab import Lab
from core.learn.claims import CLAIMS, run
from core.learn.claims.claim import p_text, percent
from core.learn.claims.samples import draw
from core.models.catalog import CATALOG
from core.settings import Settings
from tests.components.cifar_lab import lab_of
from tests.core.lab.cifar import folders, lab, ran

__all__ = ["folders", "lab"]


def test_a_claim_is_tried_once_for_each_question(lab: Lab) -> None:
    first = tried(lab, CLAIMS["twice"], 6, 0)
    assert tried(lab, CLAIMS["twice"], 6, 0) is first
    assert ran(lab) == ["run"]
    assert tried(lab, CLAIMS["twice"], 6, 1) is not first
    assert len(ran(lab)) == 2
    assert not any(state.uses for state in lab.registry.state())


def test_the_finding_is_that_of_the_experiment_on_the_named_models(lab: Lab) -> None:
    claim = CLAIMS["twice"]
    found = tried(lab, claim, 6, 0)
    with lab.use("mlp-cifar10", "cifar10-mlp") as mlp:
        assert found == Local().run(run, claim.name, {"mlp": mlp}, draw(claim.sample, lab.galleries, 6, 0), 0)
    assert found.models == ("mlp-cifar10",)
    assert found.source == "shipped"


def test_one_claim_has_one_verdict_in_both_labs() -> None:
    """On the bundled models' recorded runs, whatever sample somebody chose."""
    lab = Lab(Settings(offline=True, device="cpu", data=None))
    shown = permuted_twins(lab)
    found = tried(lab, CLAIMS["neighbours"], 2, 7)
    assert (found.total, shown["total"]) == (10_000, 10_000)
    assert (
        found.verdict == {"equivalent": "supported", "different": "refuted", "undecided": "undecided"}[shown["verdict"]]
    )
    assert found.values["p"] == p_text(shown["p_value"])
    assert [found.values[name] for name in ("low", "high")] == [percent(shown[name]) for name in ("low", "high")]


def test_a_claim_without_models_leases_none(lab: Lab) -> None:
    assert tried(lab, CLAIMS["intermediate"], 1, 0).models == ()
    assert lab.registry.state() == ()


def test_a_missing_model_is_an_error_that_is_not_kept(folders: Path) -> None:
    bare = lab_of(folders, ("mlp-cifar10-permuted",))
    for _ in range(2):
        with pytest.raises(UnavailableError, match="mlp-cifar10-permuted"):
            tried(bare, CLAIMS["neighbours"], 3, 0)
    assert len(bare.results) == 0


def test_who_waits_hears_how_far_the_models_are(lab: Lab) -> None:
    heard: list[float] = []
    tried(lab, CLAIMS["parameters"], 1, 0, heard.append)
    assert heard[-1] == 1.0
    assert heard == sorted(heard)


def test_every_part_of_a_claim_has_its_model() -> None:
    jobs = {spec.name: spec.job for spec in CATALOG}
    assert {part for claim in CLAIMS.values() for part in claim.parts} == set(PARTS)
    assert all(jobs[name] == job for job, name in PARTS.values() if name)
