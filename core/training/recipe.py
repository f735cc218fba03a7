"""What every recipe has in common: the options of the command, and the steps from data to a model folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from torch import nn

from core.errors import DataError
from core.training.pack import Pack, read_pack
from core.training.task import Length, Task

MODELS = Path(__file__).resolve().parent.parent.parent / "assets" / "models"
RUNS = Path("runs")


@dataclass(frozen=True)
class Options:
    """The options of ``python -m core.training NAME``; None where the recipe's own value holds."""

    name: str
    data: Path | None = None
    output: Path | None = None
    work: Path = RUNS
    minutes: float | None = None
    epochs: int | None = None
    seed: int = 0
    resume: bool = False
    base: str | None = None
    train_size: int | None = None
    test_size: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    preset: Literal["reference", "small"] | None = None
    permute: bool = False
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compile: bool = False
    pretraining: bool = True

    @property
    def from_file(self) -> bool:
        """Whether the data is one packed file."""
        return self.data is not None and self.data.is_file()

    @property
    def folder(self) -> str:
        """The name of the model folder."""
        if not self.pretraining:
            return f"{self.name}-without-pretraining"
        return f"{self.name}-permuted" if self.permute else self.name

    @property
    def destination(self) -> Path:
        """Where the finished folder goes."""
        return self.output or MODELS / self.folder

    def length(self, epochs: int) -> Length:
        """Minutes if they were given, else the epochs that were, else ``epochs``."""
        if self.minutes is not None and self.epochs is None:
            return Length(minutes=self.minutes)
        return Length(epochs=self.epochs or epochs)

    def command(self) -> str:
        """The command that repeats this run; folders are left out, as they differ from machine to machine."""
        words = ["python -m core.training", self.name]
        for name in ("minutes", "epochs", "seed", "base", "train_size", "test_size", "batch_size", "learning_rate"):
            value = getattr(self, name)
            if value is not None and (name, value) != ("seed", 0):
                words.append(f"--{name.replace('_', '-')} {value:g}" if name != "base" else f"--base {value}")
        words += [f"--preset {self.preset}"] if self.preset else []
        words += [] if self.pretraining else ["--no-pretraining"]
        return " ".join([*words, "--permute"] if self.permute else words)


@dataclass(frozen=True)
class Told:
    """What a recipe adds to its card: values for the sentence on what it is, names of figures, sections (Markdown)."""

    values: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    sections: str = ""


class Recipe(ABC):
    """One of the models: its data, its task, its folder and its evaluation.

    A recipe that can be trained from one file (``core.training.pack``) says ``packs`` and has three hooks: ``load``
    reads its data from the data sets, into whatever its ``__init__`` wants, ``packed`` turns that into arrays and
    facts, and ``unpacked`` turns these back. Its ``__init__`` takes its data from :meth:`needed` alone.
    """

    options: Options
    task: Task
    length: Length
    data_terms: tuple[str, ...]  # keys of the sentences about the data in the card
    mixes: bool = True  # whether its products are in bfloat16 where that is fast
    packs: bool = False  # whether it can be trained from one packed file
    threads: int | None = None  # more would wait for one another longer than they compute

    @abstractmethod
    def __init__(self, options: Options) -> None: ...

    @classmethod
    def needed(cls, options: Options) -> Any:
        """The data of a training: from the file where ``--data`` names one, else from the data sets."""
        if options.from_file:
            assert options.data is not None
            return cls.unpacked(read_pack(options.data, options.name))
        return cls.load(options)

    @classmethod
    def load(cls, options: Options) -> Any:
        """Everything that the training reads, held-out data too, from the data sets."""
        raise DataError("training.no_pack", name=options.name)

    @classmethod
    def packed(cls, data: Any, limit: int | None) -> Pack:
        """What :meth:`load` gave as arrays and facts of at most ``limit`` bytes.

        Pictures may be shrunken for it, texts cut. Raises DataError where it cannot be made as small.
        """
        raise NotImplementedError(cls.__name__)

    @classmethod
    def unpacked(cls, pack: Pack) -> Any:
        """The inverse of :meth:`packed`; imports neither ``datasets`` nor anything else that reads data sets."""
        raise NotImplementedError(cls.__name__)

    @abstractmethod
    def write(self, network: nn.Module, folder: Path) -> None:
        """Write configuration, weights and processor or tokenizer files."""

    def evaluate(self, folder: Path) -> dict[str, Any]:
        """Load the written folder and measure it on the test split: what ``evaluation.json`` holds."""
        return self.measure(folder, self.options)

    @staticmethod
    @abstractmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        """The same of any folder that this recipe could have written."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """Hyper-parameters for the log and the card."""

    def told(self, evaluation: dict[str, Any]) -> Told:
        """What the card says beyond figures, settings and terms; nothing by default."""
        return Told()

    @property
    @abstractmethod
    def headline(self) -> str:
        """The figure of the evaluation by which two folders are compared, such as ``accuracy``."""
