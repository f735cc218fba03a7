"""Every error that a person may read, as one tree.

    LabError
    ├── InputError                what was sent cannot be used
    │   ├── TextError
    │   ├── ImageError
    │   └── RangeError            a number or a name outside what is allowed
    ├── ModelError
    │   ├── UnknownModelError     not in the catalog
    │   ├── UnavailableError      in the catalog, but out of reach (offline, 404, a broken connection)
    │   ├── WeightsError          the file is not the one that the catalog names
    │   └── MemoryLimitError      no room for it now
    ├── DataError                 a data set is missing, or is not what it should be
    └── BusyError                 come back in a moment
        └── FetchingError         it is on its way over the network

An error is raised with a code, ``ImageError("images.too_many_pixels", limit=25)``. Its sentence stands under
``errors.too_many_pixels`` in ``assets/texts/<language>/images.json``, so that it can be read in every language.
"""

from __future__ import annotations

from core.plurals import filled
from core.texts import digits, texts


class LabError(Exception):
    """An error with a code ``area.name`` and the values that its sentence mentions."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def sentence(self, language: str = "en") -> str:
        """The sentence for a person, in ``language``, or in English where that language has none."""
        area, _, name = self.code.partition(".")
        key = f"{area}.errors.{name}"
        template = texts(language).get(key) or texts("en").get(key)
        if template is None:
            return f"{self.code}: {self.values}" if self.values else self.code
        return filled(template, self.values, language, digits(language))

    def __str__(self) -> str:
        return self.sentence()


class InputError(LabError):
    """What was sent cannot be used."""


class TextError(InputError):
    """A text that is empty, too long, or not text."""


class ImageError(InputError):
    """An image that is broken, too large, or of a kind that is not read here."""


class RangeError(InputError):
    """A number or a name outside what is allowed."""


class ModelError(LabError):
    """A model cannot be used."""


class UnknownModelError(ModelError):
    """The catalog has no model of that name for that job."""


class UnavailableError(ModelError):
    """The model cannot be fetched now."""


class WeightsError(ModelError):
    """The file at hand is not the one that the catalog names."""


class MemoryLimitError(ModelError):
    """There is no room for the model now."""


class DataError(LabError):
    """A data set is missing, or is not what it should be."""


class BusyError(LabError):
    """Too much is going on; the same request may work in a moment."""


class FetchingError(BusyError):
    """What was asked for is on its way over the network; ``values["fetch"]`` is the key under which to follow it."""
