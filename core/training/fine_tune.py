"""``--base``: fine-tune a BEiT checkpoint by transformers' own Trainer, as the reference does.

The Trainer takes care of several processes or GPUs (``accelerate launch -m core.training …``), of mixed precision and
of resuming. Figures are computed from counts that add up over processes.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import TrainingArguments

from core.data.decoding import require_room
from core.errors import DataError
from core.training.counting import CountingTrainer, Seconds, epochs_of, figures_of
from core.training.fine_tune_data import LabelledPictures, LabelledScenes
from core.training.precision import chosen_device, fast_bfloat16
from core.training.recipe import Options, Recipe
from core.training.recipes import scratch_recipe
from core.training.run import ROOM, finish, machine
from core.training.task import Length

BASES = {
    "beit-cifar10": "microsoft/beit-base-patch16-224",
    "beit-street": "microsoft/beit-base-finetuned-ade-640-640",
}


@dataclass(frozen=True)
class Reference:
    """The reference's settings for one recipe."""

    epochs: int = 5
    batch_size: int = 8
    learning_rate: float = 6e-5
    train_size: int | None = None
    test_size: int | None = None


REFERENCES = {
    "beit-cifar10": Reference(train_size=5000, test_size=2000),
    "beit-street": Reference(batch_size=2),
}


class FineTuned(Recipe):
    """A checkpoint and its data; what is written is evaluated like a model trained from scratch."""

    mixes = torch.cuda.is_available()  # the Trainer is asked for it on a GPU only

    def __init__(self, options: Options, scratch: type[Recipe]) -> None:
        from transformers import AutoImageProcessor

        torch.manual_seed(options.seed)  # a new classifier starts alike in every process
        self.options, self.scratch = options, scratch
        self.base = options.base or BASES[options.name]
        self.settings = REFERENCES[options.name]
        self.data_terms = scratch.data_terms
        self.scenes = options.name == "beit-street"
        try:
            self.processor = AutoImageProcessor.from_pretrained(self.base, backend="pil")
            self.model = self.scenes_model() if self.scenes else self.picture_model()
        except (OSError, ValueError) as error:
            raise DataError("training.no_base", base=self.base) from error
        maker = LabelledScenes if self.scenes else LabelledPictures
        size, processor, config = self.settings, self.processor, self.model.config
        self.train = maker(options, "train", options.train_size or size.train_size, processor, config, options.seed)
        self.test = maker(options, "test", options.test_size or size.test_size, processor, config, None)
        self.length = Length(epochs=options.epochs or self.settings.epochs)

    @property
    def headline(self) -> str:
        return "mean_iou" if self.scenes else "accuracy"

    def picture_model(self) -> Any:
        """The checkpoint with a classifier for ten classes, new where it had another."""
        from transformers import BeitForImageClassification

        from core.data.labels import CIFAR10

        names = dict(enumerate(CIFAR10))
        return BeitForImageClassification.from_pretrained(
            self.base,
            id2label=names,
            label2id={name: i for i, name in names.items()},
            ignore_mismatched_sizes=True,
            dtype=torch.float32,
        )

    def scenes_model(self) -> Any:
        """The checkpoint with its own classes, which must be ADE20K's or some of them."""
        from transformers import BeitForSemanticSegmentation

        return BeitForSemanticSegmentation.from_pretrained(self.base, dtype=torch.float32)

    def arguments(self) -> TrainingArguments:
        """The Trainer's arguments: evaluation, logging and a checkpoint each epoch, the best one kept."""
        options, settings = self.options, self.settings
        gpu = chosen_device(options.device).type == "cuda"
        several = int(os.environ.get("WORLD_SIZE", "1")) > 1  # as accelerate launch and torchrun set it
        return TrainingArguments(
            output_dir=str(options.work / f"{options.folder}-fine-tuned"),
            per_device_train_batch_size=options.batch_size or settings.batch_size,
            per_device_eval_batch_size=options.batch_size or settings.batch_size,
            learning_rate=options.learning_rate or settings.learning_rate,
            num_train_epochs=self.length.epochs,
            eval_strategy="epoch",
            save_strategy="epoch",
            logging_strategy="epoch",
            save_total_limit=2,
            load_best_model_at_end=True,
            metric_for_best_model=self.headline,
            greater_is_better=True,
            remove_unused_columns=False,
            report_to=[],
            seed=options.seed,
            use_cpu=not gpu,
            ddp_backend="gloo" if several and not gpu else None,
            bf16=gpu and fast_bfloat16("cuda"),
            torch_compile=options.compile,
            dataloader_pin_memory=gpu,
        )

    def fine_tune(self) -> Path | None:
        """Train, and write the folder from the one process that does so; None in the others."""
        for folder in (self.options.work, self.options.destination.parent):
            require_room(folder, ROOM + 16 * sum(p.numel() for p in self.model.parameters()))
        arguments = self.arguments()
        checkpoints = Path(arguments.output_dir)
        if not self.options.resume and arguments.process_index == 0:
            shutil.rmtree(checkpoints, ignore_errors=True)
        seconds = Seconds()
        trainer = CountingTrainer(
            model=self.model,
            args=arguments,
            train_dataset=self.train,
            eval_dataset=self.test,
            compute_metrics=figures_of,
            callbacks=[seconds],
        )
        resume = self.options.resume and any(checkpoints.glob("checkpoint-*"))
        trainer.train(resume_from_checkpoint=resume or None)
        if not trainer.is_world_process_zero():
            return None
        logs = epochs_of(trainer.state.log_history, seconds.by_epoch)
        network = trainer.accelerator.unwrap_model(trainer.model).cpu()
        where = [machine(self.mixes, chosen_device(self.options.device))]
        return finish(self.options, self, network, logs, self.headline, where)

    def write(self, network: nn.Module, folder: Path) -> None:
        model: Any = network
        model.save_pretrained(folder)
        self.processor.save_pretrained(folder)

    def evaluate(self, folder: Path) -> dict[str, Any]:
        return self.scratch.measure(folder, self.options)

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        return scratch_recipe(options.name).measure(folder, options)

    def facts(self) -> dict[str, Any]:
        arguments = self.arguments()
        return {
            "base": Path(self.base).name if Path(self.base).exists() else self.base,
            "training_pictures": len(self.train),
            "test_pictures": len(self.test),
            "optimizer": "the Trainer's AdamW, linear schedule",
            "learning_rate": arguments.learning_rate,
            "batch_size": arguments.per_device_train_batch_size,
            "processes": arguments.world_size,
        }
