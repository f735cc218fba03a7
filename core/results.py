"""What an analysis hands over: frozen, and free of any model. Arrays are numpy's."""

from __future__ import annotations
