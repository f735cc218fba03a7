"""The recipes by name: which class trains which model from random weights."""

from __future__ import annotations

from importlib import import_module

from core.training.recipe import Recipe

# Imported when asked for: a check of arguments should not wait for transformers.
RECIPES = {
    "mlp-cifar10": "core.training.mlp:MlpCifar10",
    "beit-scenes": "core.training.beit_scenes:BeitScenes",
    "beit-street": "core.training.beit_street:BeitStreet",
    "bert-sentiment": "core.training.bert_sentiment:BertSentiment",
    "bert-imdb": "core.training.bert_imdb:BertImdb",
    "beit-cifar10-pretrained": "core.training.beit_cifar10_pretrained:BeitCifar10Pretrained",
    "beit-cifar10": "core.training.beit_cifar10:BeitCifar10",
}
PRETRAINED = ("bert-imdb", "beit-cifar10")  # that can also be trained without it
TUNED = ("beit-cifar10", "beit-street")  # that can also fine-tune a checkpoint


def scratch_recipe(name: str) -> type[Recipe]:
    """The class that trains a model of that name from random weights."""
    module, made = RECIPES[name].split(":")
    found: type[Recipe] = getattr(import_module(module), made)
    return found
