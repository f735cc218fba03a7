"""A server on loopback for one file, which misbehaves as it is told; and small archives of the authors' form."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image

from core.data.fetch.download import Remote

KNOWN = b"all that there is to know, byte by byte, " * 5000  # 205,000 bytes


class FileServer(ThreadingHTTPServer):
    """``faults``: what goes wrong with the next answers, one each; then all goes well.

    ``cut N``: the connection breaks after N bytes. ``no ranges``: asked for a part, it gives the whole. ``stall``: it
    sends half and waits. ``status N``, ``portal``, ``longer``, ``other range``, ``chunked``: as they say.
    """

    daemon_threads = True

    def __init__(self, content: bytes, *faults: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.faults = content, list(faults)
        self.asked: list[str | None] = []  # the Range of each request
        self.release, self.halfway = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/file.bin"

    def remote(self, content: bytes | None = None) -> Remote:
        """What is known of its file, or of another that it should have."""
        content = self.content if content is None else content
        return Remote(self.url, len(content), hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        self.release.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    server: FileServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        server, asked = self.server, self.headers.get("Range")
        server.asked.append(asked)
        fault, _, number = (server.faults.pop(0) if server.faults else "").partition(" ")
        content = server.content
        self.close_connection = True
        if fault == "portal":
            return self.say(200, b"<html>Please log in</html>", {"Content-Type": "text/html"})
        if fault == "status":
            return self.say(int(number), b"")
        if fault == "silence":
            self.connection.close()
            return None
        if fault == "chunked":
            return self.chunked(content + b"and more" if number == "longer" else content)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and fault != "no" else 0
        head = (
            {"Content-Range": f"bytes {start + (fault == 'other')}-{len(content) - 1}/{len(content)}"} if start else {}
        )
        if number == "and cut":
            number = str(len(content) // 2)
        end = start + int(number) if fault in ("cut", "no") and number.isdigit() else len(content)
        return self.say(206 if start else 200, content[start:], head, content[start:end], stall=fault == "stall")

    def say(
        self,
        status: int,
        content: bytes,
        head: dict[str, str] | None = None,
        sent: bytes | None = None,
        stall: bool = False,
    ) -> None:
        self.send_response(status)
        for name, value in {**(head or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if stall:
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.server.halfway.set()
            self.server.release.wait(60)
            return
        self.wfile.write(content if sent is None else sent)

    def chunked(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(content), 10_000):
            part = content[start : start + 10_000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")


def tar(files: dict[str, bytes], *more: tarfile.TarInfo) -> bytes:
    """A ``.tar.gz`` of files, and of members without content."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for member in more:
            archive.addfile(member)
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    """A member of a tar that is a link."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def zipped(files: Iterable[tuple[str | zipfile.ZipInfo, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def cifar10_files(batch: int = 20, seed: int = 0) -> tuple[dict[str, bytes], np.ndarray, np.ndarray]:
    """The six files of CIFAR-10 with ``batch`` pictures each; pixels (6 · batch, 32, 32, 3) and labels, test last."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (6 * batch, 32, 32, 3), dtype=np.uint8)
    labels = rng.integers(0, 10, 6 * batch, dtype=np.uint8)
    records = np.concatenate([labels[:, None], pixels.transpose(0, 3, 1, 2).reshape(6 * batch, -1)], axis=1)
    names = [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]
    parts = {name: records[i * batch : (i + 1) * batch].tobytes() for i, name in enumerate(names)}
    return {f"cifar-10-batches-bin/{name}": part for name, part in parts.items()}, pixels, labels


def imdb_files(each: int = 3) -> dict[str, bytes]:
    """``each`` reviews of both labels in both splits, and what else lies in the archive."""
    files = {"aclImdb/README": b"Large Movie Review Dataset", "aclImdb/train/unsup/0_0.txt": b"nobody labelled this"}
    for split in ("train", "test"):
        for label, rating in (("pos", 9), ("neg", 2)):
            for i in reversed(range(each)):
                files[f"aclImdb/{split}/{label}/{i}_{rating}.txt"] = f"{split} {label} {i}: très «beau»".encode()
    return files


def scene_files(count: int = 3) -> dict[str, bytes]:
    """``count`` validation scenes with their annotations, one of training, and what else lies in the archive."""
    rng = np.random.default_rng(1)
    files = {"ADEChallengeData2016/objectInfo150.txt": json.dumps({"Idx": 1}).encode()}
    for split, short in (("training", "train"), ("validation", "val")):
        for i in range(count if short == "val" else 1):
            stem = f"ADE_{short}_{i + 1:08d}"
            picture, ids = rng.integers(0, 256, (8 + i, 12, 3)), rng.integers(0, 151, (8 + i, 12))
            files[f"ADEChallengeData2016/annotations/{split}/{stem}.png"] = encoded(ids, "PNG")
            files[f"ADEChallengeData2016/images/{split}/{stem}.jpg"] = encoded(picture, "JPEG")
    return files


def encoded(pixels: np.ndarray, kind: str) -> bytes:
    stored = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(stored, kind)
    return stored.getvalue()
