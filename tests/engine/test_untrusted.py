"""The engine makes layers from data alone: whatever a question says, no program runs and no file opens."""

import json
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from seqshape.engine.judge import Judge
from seqshape.engine.question import Call, Facts, Given, Question
from seqshape.engine.tensors import Tensor
from seqshape.pipeline import inspect_bytes


class Writes(tf.Module):  # type: ignore[misc]
    """A program that leaves a file behind when it is loaded."""

    def __init__(self, path: str) -> None:
        super().__init__()
        contents = tf.constant("ran")
        filename = tf.constant(path)
        self.table = _Resource(filename, contents)

    @tf.function(input_signature=[tf.TensorSpec([None, 8])])  # type: ignore[misc]
    def serve(self, x: Any) -> Any:
        tf.io.write_file(self.table.filename, self.table.contents)
        return x


class _Resource(tf.saved_model.experimental.TrackableResource):  # type: ignore[misc]
    """Runs its initializer when a saved program is loaded."""

    def __init__(self, filename: Any, contents: Any) -> None:
        super().__init__()
        self.filename = filename
        self.contents = contents

    def _create_resource(self) -> Any:
        return tf.raw_ops.MutableHashTableV2(key_dtype=tf.string, value_dtype=tf.int64)

    def _initialize(self) -> None:
        tf.io.write_file(self.filename, self.contents)


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A saved program, and the file that is there once it was loaded."""
    folder = tmp_path_factory.mktemp("trap")
    sprung = folder / "sprung"
    tf.saved_model.save(Writes(str(sprung)), str(folder / "program"))
    sprung.unlink(missing_ok=True)
    return str(folder / "program"), sprung


def test_the_trap_works(trap: tuple[str, Path]) -> None:
    program, sprung = trap
    keras.layers.TFSMLayer(program, call_endpoint="serve")
    assert sprung.exists()
    sprung.unlink()


def positions(evil: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A layer that must not be made, wherever one could stand."""
    call = {"name": "a", "layer": evil, "inputs": [[None, [[-1, None]], False]], "call": {}}
    calls = json.dumps([call])
    return {
        "the entry": evil,
        "a wrapped layer": {"type": "TimeDistributed", "layer": evil},
        "a cell": {"type": "RNN", "cell": [evil]},
        "an initializer": {"type": "Dense", "units": 4, "kernel_initializer": evil},
        "a list of layers": {"type": "Pipeline", "layers": [evil]},
        "an argument of an unknown class": {"type": "A>B", "z": evil},
        "an unknown class in an argument": {
            "type": "Dense", "units": 4, "kernel_initializer": {"type": "A>B", "layer": evil},
        },
        "a block": {"type": "TimeDistributed", "layer": {"layers": calls}},
        "the class of blocks": {"type": "seqshape>Block", "calls": calls},
        "text of a block beside a type": {"type": "TimeDistributed", "layer": {"type": "Pipeline", "layers": calls}},
        "any mapping": {"type": "Dense", "units": 4, "name": {"deep": [{"deeper": evil}]}},
    }  # fmt: skip


NAMES = list(positions({}))


def asked(layer: dict[str, Any], shape: tuple[int | None, ...] = (None, 5, 8)) -> Any:
    given = (Given(None, (Tensor(shape, "float32"),), False),)
    return Judge()(Question(Call(json.dumps(layer), given), trace=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_program_is_not_loaded(name: str, trap: tuple[str, Path]) -> None:
    program, sprung = trap
    evil = {"type": "TFSMLayer", "filepath": program, "call_endpoint": "serve"}
    assert not isinstance(asked(positions(evil)[name]), Facts)
    assert not sprung.exists()


@pytest.mark.parametrize("name", NAMES)
def test_keras_is_not_left_to_find_a_class(name: str, trap: tuple[str, Path]) -> None:
    program, sprung = trap
    config = {"filepath": program, "call_endpoint": "serve"}
    evil = {"module": "keras.layers", "class_name": "TFSMLayer", "config": config, "registered_name": None}
    layer = positions(evil)[name]
    if "type" not in layer:
        layer = {"type": "TimeDistributed", "layer": [layer]}
    assert not isinstance(asked(layer), Facts)
    assert not sprung.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_vocabulary_is_not_read_from_a_file(name: str, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("tripwire\n", encoding="utf-8")
    found = asked(positions({"type": "StringLookup", "vocabulary": str(words)})[name])
    assert not isinstance(found, Facts)
    assert "tripwire" not in repr(found)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("thorough", [False, True])
def test_nor_from_a_spec(name: str, thorough: bool, trap: tuple[str, Path], engine: Any) -> None:
    program, sprung = trap
    evil = {"type": "TFSMLayer", "filepath": program, "call_endpoint": "serve"}
    entries = [{"name": "x", "type": "Input", "shape": [5, 8]}, positions(evil)[name]]
    report = inspect_bytes(
        "x.json", json.dumps({"layers": entries}).encode(), engine=engine, thorough=thorough
    )
    assert not report.ok
    assert not sprung.exists()


@pytest.mark.parametrize("name", NAMES)
def test_nor_from_a_saved_model(name: str, trap: tuple[str, Path], engine: Any) -> None:
    program, sprung = trap

    def saved(value: Any) -> Any:
        """The value as Keras would save it."""
        if isinstance(value, list):
            return [saved(item) for item in value]
        if not isinstance(value, dict):
            return value
        rest = {key: saved(item) for key, item in value.items() if key != "type"}
        if "type" not in value:
            return rest
        own = value["type"] if ">" in value["type"] else None
        return {
            "module": "keras.layers", "class_name": value["type"].rpartition(">")[2], "config": rest,
            "registered_name": own,
        }  # fmt: skip

    evil = {"type": "TFSMLayer", "filepath": program, "call_endpoint": "serve"}
    first = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, 5, 8]}}
    layers = [first, saved(positions(evil)[name])]
    model = {"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": layers}}
    report = inspect_bytes("x.json", json.dumps(model).encode(), engine=engine, thorough=True)
    assert not sprung.exists()
    assert not report.ok or name == "any mapping"  # a name that is no text is passed over
