"""Makes the calls on a running app, and reduces each answer to what a record keeps.

Large arrays are kept as a shape and numbers that any real change moves: every value of a small attention, in
thousandths; of a large one the heaviest key of each row with its weight, and what each key receives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from tests.program import Program
from tests.replay.calls import Call

SMALL = 1_500  # values up to which all of them are kept
GRID = (16, 12)  # places across and down at which a mask is looked at
SERVICE = re.compile(r"^(?:# TYPE )(\w+)", re.MULTILINE)


def attention_kept(attention: list[list[list[float]]]) -> dict[str, Any]:
    """Heads × queries × keys → shape, and thousandths."""
    values = np.array(attention)
    thousandths = np.round(1000 * values).astype(int)
    kept: dict[str, Any] = {"shape": list(values.shape)}
    if values.size <= SMALL:
        return kept | {"thousandths": thousandths.ravel().tolist()}
    places = np.unique(np.linspace(0, values.shape[1] - 1, 24).astype(int))  # rows looked at
    rows = thousandths[:, places]
    received = np.round(1000 * values.mean(axis=1)).astype(int)[:, places]
    return kept | {
        "rows": places.tolist(),
        "heaviest": rows.argmax(axis=2).ravel().tolist(),
        "weight": rows.max(axis=2).ravel().tolist(),
        "received": received.ravel().tolist(),
    }


def mask_kept(path: str) -> dict[str, Any]:
    """A mask file → format, mode, size, pixels of each class, and the class at places of a grid."""
    with Image.open(path) as image:
        ids = np.array(image)
        kept = {"format": image.format, "mode": image.mode, "size": list(image.size)}
    down, across = (
        ((np.arange(n) + 0.5) * side / n).astype(int) for n, side in zip(GRID[::-1], ids.shape, strict=True)
    )
    counts = {str(number): count for number, count in sorted(Counter(ids.ravel().tolist()).items())}
    return kept | {"pixels": counts, "grid": ids[np.ix_(down, across)].ravel().tolist()}


def picture_file(picture: str, folder: Path) -> Path:
    """The file that a call names, one written into ``folder`` where its content is given."""
    package, _, rest = picture.partition(":")
    if package == "text":
        path = folder / "given.png"
        path.write_bytes(rest.encode("latin-1"))
        return path
    spec = find_spec(package)
    assert spec is not None, package
    (place, *_) = spec.submodule_search_locations or ()
    return Path(place) / rest


class Caller:
    """Clients of one app, one a language. ``folder``: for files to send."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.clients: dict[str, Client] = {}

    def client(self, language: str = "en") -> Client:
        """The client whose requests name that language as a page's do."""
        if language not in self.clients:
            files = self.folder / f"answers-{language}"
            self.clients[language] = Client(
                self.url, verbose=False, analytics_enabled=False, download_files=str(files),
                httpx_kwargs={"params": {"lang": language}, "timeout": 300},
            )  # fmt: skip
        return self.clients[language]

    def close(self) -> None:
        """Close what was opened."""
        for client in self.clients.values():
            client.close()

    def ask(self, call: Call) -> Any:
        """What the endpoint answers; AppError where it refuses. A stream's answer is its last item and a count."""
        client = self.client(call.language)
        files = [handle_file(picture_file(call.picture, self.folder))] if call.picture else []
        if call.endpoint != "/evaluate":
            return client.predict(*files, api_name=call.endpoint, **call.arguments)
        job = client.submit(api_name=call.endpoint, **call.arguments)
        return {"last": job.result(timeout=300), "items": len(job.outputs())}

    def kept(self, call: Call) -> dict[str, Any]:
        """``{"answer": …}`` as a record keeps it, or ``{"refused": the sentence}``."""
        try:
            answer = self.ask(call)
        except AppError as error:
            return {"refused": str(error)}
        if call.endpoint == "/attend":
            answer = {**answer, "attention": attention_kept(answer["attention"])}
        elif call.endpoint == "/segment":
            shares, mask = answer
            answer = {**shares, "mask": mask_kept(mask)}
        elif call.endpoint == "/restore":
            said, picture = answer
            with Image.open(picture) as image:
                quarters = (np.asarray(image.resize((2, 2), Image.Resampling.BOX)) / 255).round(4).ravel().tolist()
                kept = {"format": image.format, "mode": image.mode, "size": list(image.size), "quarters": quarters}
            answer = {**said, "picture": kept}
        return {"answer": answer}

    def described(self) -> dict[str, Any]:
        """Endpoints by name: what each takes, with its defaults, and how many values it returns."""
        found: dict[str, Any] = self.client().view_api(return_format="dict", print_info=False)  # type: ignore[assignment]
        return {
            name: {
                "takes": [
                    {key: taken.get(key) for key in ("parameter_name", "parameter_has_default", "parameter_default")}
                    for taken in endpoint["parameters"]
                ],
                "returns": len(endpoint["returns"]),
            }
            for name, endpoint in found["named_endpoints"].items()
        }

    def service(self) -> dict[str, Any]:
        """What the addresses for operators say: the fields of ``/healthz`` and the names of ``/metrics``."""
        health = httpx.get(f"{self.url}/healthz", timeout=300).json()
        metrics = httpx.get(f"{self.url}/metrics", timeout=300).text
        return {"healthz": sorted(health), "metrics": sorted(set(SERVICE.findall(metrics)))}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of the real program on its bundled models, offline, on the CPU."""
    program = Program(folder, "--offline")
    program.start()
    try:
        yield program.url
    finally:
        program.kill()
