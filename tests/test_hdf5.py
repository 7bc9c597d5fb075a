"""The one attribute of an HDF5 file, against h5py, and files that were damaged on purpose."""

import io
import random
import time
from pathlib import Path
from typing import Any

import h5py
import numpy
import pytest

from seqshape import hdf5

MOST = 1_000_000
FORMS: list[dict[str, Any]] = [
    {},
    {"libver": "latest"},
    {"libver": ("earliest", "v108")},
    {"userblock_size": 1024},
    {"userblock_size": 512, "libver": "latest"},
    {"track_order": True},
    {"track_order": True, "libver": "latest"},
]
TEXTS = ["x" * 10, "é" * 100_000, b"y" * 300_000, numpy.bytes_(b"q" * 5_000)]


def made(path: Path, text: Any, form: dict[str, Any]) -> bytes:
    with h5py.File(path, "w", **form) as file:
        file.attrs["keras_version"] = "2.4.0"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = text
        file.create_group("model_weights").create_dataset("kernel", data=numpy.zeros((3, 4)))
    return path.read_bytes()


def read(data: bytes, most: int = MOST) -> bytes | None:
    file = io.BytesIO(data)
    start = hdf5.offset(file)
    assert start is not None
    return hdf5.attribute(file, start, "model_config", most)


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{type(text).__name__} {len(text)}")
def test_a_text_comes_out_as_h5py_put_it_in(text: Any, form: dict[str, Any], tmp_path: Path) -> None:
    expected = text.encode() if isinstance(text, str) else bytes(text)
    assert read(made(tmp_path / "model.h5", text, form)) == expected


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_file_without_the_attribute(form: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "weights.h5"
    with h5py.File(path, "w", **form) as file:
        file.attrs["layer_names"] = ["a", "b"]
    assert read(path.read_bytes()) is None


def test_no_more_is_read_than_is_asked_for(tmp_path: Path) -> None:
    data = made(tmp_path / "model.h5", "x" * 100_000, {})
    found = read(data, 1_000)
    assert found is not None
    assert len(found) == 1_001


def test_what_is_no_hdf5_has_no_start() -> None:
    assert hdf5.offset(io.BytesIO(b"")) is None
    assert hdf5.offset(io.BytesIO(b"layers: []" * 1_000)) is None


def test_links_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        file["weights"] = h5py.ExternalLink("/etc/passwd", "/")
        file["soft"] = h5py.SoftLink("/nothing")
        file.attrs["model_config"] = "{}"
    assert read(path.read_bytes()) == b"{}"


@pytest.mark.parametrize(
    "value",
    [7, numpy.zeros(3), numpy.array(["a", "b"], dtype=h5py.string_dtype())],
    ids=["int", "floats", "texts"],
)
def test_an_attribute_that_is_no_text_is_told(value: Any, tmp_path: Path) -> None:
    with pytest.raises(hdf5.Damaged, match="no text"):
        read(made(tmp_path / "model.h5", value, {}))


def test_attributes_in_a_heap_are_told(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    with h5py.File(path, "w", libver="latest") as file:
        for number in range(40):
            file.attrs[f"a{number}"] = "x"
        file.attrs["model_config"] = "{}"
    with pytest.raises(hdf5.Damaged, match="so many attributes"):
        read(path.read_bytes())


def test_damaged_files_are_answered_at_once(tmp_path: Path) -> None:
    seeds = [made(tmp_path / f"{number}.h5", "x" * 5_000, form) for number, form in enumerate(FORMS)]
    chance = random.Random(20)
    answers: set[str] = set()
    start = time.perf_counter()
    for _ in range(6_000):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 10)):
            at = chance.randrange(8, 1_500)
            size = chance.choice((1, 1, 2, 4, 8))
            data[at : at + size] = chance.choice((b"\xff" * size, b"\0" * size, chance.randbytes(size)))
        if chance.random() < 0.2:
            del data[chance.randrange(8, len(data)) :]
        if hdf5.offset(io.BytesIO(data)) is None:
            continue
        try:
            found = read(bytes(data), 10_000)
        except hdf5.Damaged as error:
            answers.add(str(error))
        else:
            answers.add(type(found).__name__)
            assert found is None or len(found) <= 10_001
    assert {"bytes", "NoneType", "it ends before it should"} <= answers
    assert time.perf_counter() - start < 30
