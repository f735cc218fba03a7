"""Recipes that train, resume, evaluate and write a complete model folder: ``python -m core.training NAME``."""
