"""Which files of a folder are specs."""

import pytest

from seqshape import recognition
from seqshape.containers import Contents


def is_spec(data: bytes) -> bool:
    return recognition.is_spec(Contents(data))


SPEC = "layers:\n  - {type: Input, shape: [3]}\n"


@pytest.mark.parametrize(
    "text",
    [
        SPEC,
        f"name: x\ndims: {{H: 3}}\nexpect: {{outputs: {{a: [1, 2]}}}}\n{SPEC}",
        f"# a comment\n---\n{SPEC}",
        "{name: x, layers: []}",
        '{"name": "x", "layers": []}',
        '"layers": []',
        "layers:",
        "name: [broken\nlayers:\n  - {type: Input}\n",
        "a: 1\nlayers:\n\t- {type: Input}\n",
        "name: *missing\nlayers: []\n",
        f"{SPEC}---\nname: second\n",
    ],
)
def test_a_spec(text: str) -> None:
    assert is_spec(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name: x\n",
        "layers",
        "- layers\n",
        "- layers: []\n",
        "image:\n  layers: []\n",
        "{image: {layers: []}}",
        "image: layers\n",
        "[layers, 1]: 3\n",
        "{? {layers: 1} : 2, a: layers}",
        "name: x\n---\nlayers: []\n",
        "broken: [\n  layers: 3\n",
        "my-layers: []\n",
    ],
)
def test_no_spec(text: str) -> None:
    assert not is_spec(text.encode())


def test_other_encodings_and_binary_files() -> None:
    assert is_spec(SPEC.encode("utf-16"))
    assert is_spec(b"\xef\xbb\xbf" + SPEC.encode())
    assert is_spec(b"name: \xff\n" + SPEC.encode())
    assert not is_spec(b"\x00\xff\xfe layers:")


def test_deep_nesting_ends_neither_the_process_nor_the_search() -> None:
    deep = "a: " + "[" * 100_000 + "]" * 100_000
    assert is_spec(f"{SPEC}{deep}\n".encode())
    assert not is_spec(f"{deep}\n# layers\n".encode())


def test_what_stands_where_keras_keeps_a_model_is_one_whatever_its_layers() -> None:
    subclassed = b'{"class_name": "MyModel", "config": {"units": 3}}'
    assert recognition.is_spec(Contents(subclassed, packed=True))
    assert not recognition.is_spec(Contents(subclassed))
