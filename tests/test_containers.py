"""Files that hold a text, told apart by how they start; archives that are made to do harm."""

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from seqshape.containers import ARCHIVE, HDF5, Contents, contents
from seqshape.faults import BadContainer, OverLimit

MOST = 100_000
CONFIG = b'{"class_name": "Sequential", "config": {}}'


def archive(*members: tuple[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as made:
        for name, data in members:
            made.writestr(name, data)
    return file.getvalue()


def read(data: bytes, most: int = MOST) -> Contents:
    return contents(io.BytesIO(data), most)


def problem(data: bytes) -> str:
    fault = read(data).fault
    assert isinstance(fault, BadContainer)
    assert fault.remedy
    return fault.problem


class Pipe(io.BytesIO):
    """Standard input that cannot go back."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError("a pipe cannot seek")


@pytest.mark.parametrize("data", [b"", b"layers: []\n", b'{"a": 1}', b"P", b"\x89HDF", b"PKlayers: []"])
def test_a_text_is_as_it_is(data: bytes) -> None:
    assert read(data) == Contents(data)
    assert contents(Pipe(data), MOST) == Contents(data)


def test_of_a_long_text_one_byte_more_than_allowed_is_read() -> None:
    assert len(read(b"x" * 1_000, 10).data) == 11
    assert isinstance(contents(Pipe(b"x" * 1_000), 10).fault, OverLimit)


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_gives_its_config(how: int) -> None:
    data = archive(("metadata.json", b"{}"), ("config.json", CONFIG), ("model.weights.h5", b"w"), how=how)
    assert read(data) == Contents(CONFIG, packed=True)
    assert contents(Pipe(data), MOST) == Contents(CONFIG, packed=True)


def test_weights_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("config.json", CONFIG)
        info = zipfile.ZipInfo("model.weights.h5")
        with made.open(info, "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(bytes(1024 * 1024))
    tracemalloc.start()
    with path.open("rb") as file:
        assert contents(file, MOST) == Contents(CONFIG, packed=True)
    assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    tracemalloc.stop()


def encrypted(data: bytes) -> bytes:
    """The archive with the mark that its members are encrypted."""
    changed = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature)
        changed[at + flags] |= 1
    return bytes(changed)


def claiming(data: bytes, size: int) -> bytes:
    """The archive with another size claimed for its first member."""
    changed = bytearray(data)
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<II", changed, at + 20, size, size)
    return bytes(changed)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return archive(("config.json", CONFIG), ("config.json", b"{}"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: archive(("model.weights.h5", b"w")), "no `config.json`"),
        (lambda: archive(("folder/config.json", CONFIG)), "no `config.json`"),
        (lambda: archive(), "no `config.json`"),
        (lambda: archive(("config.json", CONFIG), ("/etc/passwd", b"x")), "leads out of it"),
        (lambda: archive(("config.json", CONFIG), ("../../x", b"x")), "leads out of it"),
        (lambda: archive(("config.json", CONFIG), ("a/..\\x", b"x")), "leads out of it"),
        (lambda: archive(("config.json", CONFIG), ("C:\\x", b"x")), "leads out of it"),
        (twice, "2 members `config.json`"),
        (lambda: encrypted(archive(("config.json", CONFIG))), "encrypted"),
        (lambda: archive(("config.json", CONFIG), how=zipfile.ZIP_BZIP2), "compressed in a way"),
        (lambda: archive(("config.json", CONFIG), how=zipfile.ZIP_LZMA), "compressed in a way"),
        (lambda: archive(("config.json", CONFIG))[:-30], "damaged"),
        (lambda: archive(("config.json", CONFIG))[:40], "damaged"),
        (lambda: archive(("config.json", CONFIG)).replace(b"Sequential", b"Sequentiel"), "damaged"),
        (lambda: claiming(archive(("config.json", CONFIG)), 2**31), "damaged"),
        (lambda: b"PK\x03\x04" + b"\xff" * 200, "damaged"),
    ],
)
def test_a_bad_archive_is_told(make: Callable[[], bytes], words: str) -> None:
    assert words in problem(make())


def test_a_bomb_is_cut_off_at_the_limit() -> None:
    data = archive(("config.json", b" " * 200_000_000), how=zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    assert isinstance(read(data).fault, OverLimit)
    assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024
    tracemalloc.stop()


def test_a_directory_without_end_is_not_read() -> None:
    data = archive(*((f"member-{number:040}", b"") for number in range(30_000)), ("config.json", CONFIG))
    start = time.perf_counter()
    assert "damaged" in problem(data)
    assert time.perf_counter() - start < 5


def test_hdf5_without_a_model_is_told(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "weights.h5"
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = "a"
    data = path.read_bytes()
    assert "no `model_config`" in problem(data)
    assert "damaged" in problem(data[:60])
    fault = read(data).fault
    assert isinstance(fault, BadContainer)
    assert fault.kind == HDF5
    archived = read(archive(("a", b""))).fault
    assert isinstance(archived, BadContainer)
    assert archived.kind == ARCHIVE


def test_hdf5_with_a_model_larger_than_the_limit(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = "x" * 1_000
    assert read(path.read_bytes(), 1_000) == Contents(b"x" * 1_000, packed=True)
    assert isinstance(read(path.read_bytes(), 999).fault, OverLimit)
