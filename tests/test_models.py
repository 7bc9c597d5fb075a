"""Every spec of `specs/models` against the same model written in Keras by hand, in `tests/models`."""

from collections import Counter
from pathlib import Path
from typing import Any

import keras
import pytest

from seqshape import Report, inspect
from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from tests.models import FAMILIES, TWINS

MODELS = Path(__file__).parent.parent / "specs" / "models"
LARGEST = 5_000_000
"""Parameters of the largest model: a twin allocates what the tool does not."""


@pytest.fixture(params=sorted(TWINS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def report(name: str, engine: Engine) -> Report:
    """The report of the spec; the engine remembers what it was asked, so a second one costs little."""
    return inspect(MODELS / f"{name}.yaml", engine=engine)


def given(operation: Any, call: int) -> list[tuple[tuple[int | None, ...], str]]:
    """Shape and dtype of each tensor that a call of an operation of a model gives."""
    tensors = keras.tree.flatten(operation._inbound_nodes[call].output_tensors)
    return [(tensor.shape, keras.backend.standardize_dtype(tensor.dtype)) for tensor in tensors]


def test_every_spec_has_a_twin() -> None:
    assert set(TWINS) == {path.stem for path in MODELS.iterdir()}


def test_no_two_twins_have_a_name() -> None:
    assert len(TWINS) == sum(name in TWINS for family in FAMILIES for name in vars(family))


def test_nothing_is_wrong_with_it(report: Report) -> None:
    assert report.diagnostics == ()


def test_it_expects_its_outputs_and_its_total(name: str, engine: Engine) -> None:
    """The `expect` at the end is in force: with the total made wrong by one, it fails."""
    text = (MODELS / f"{name}.yaml").read_text(encoding="utf-8")
    head, found, expected = text.rpartition("\nexpect:\n")
    assert found
    assert "outputs: {" in expected
    total = expected.split()[1]
    wrong = head + found + expected.replace(total, str(int(total) + 1), 1)
    report = inspect_bytes(f"{name}.yaml", wrong.encode(), engine=engine)
    assert [item.code for item in report.diagnostics] == ["SEQ402"]


def test_it_is_the_model_that_keras_builds(name: str, report: Report) -> None:
    model = TWINS[name]()
    operations = {operation.name: operation for operation in model.operations}
    calls: Counter[str] = Counter()
    for row in report.rows:
        own = row.shares or row.path
        operation = operations[own]
        tensors = [(output.tensor.shape, output.tensor.dtype) for output in row.outputs]
        assert tensors == given(operation, calls[own]), row.path
        if isinstance(operation, keras.Layer) and not calls[own]:
            assert row.params == operation.count_params(), row.path
        else:
            assert row.params == 0, row.path
        calls[own] += 1
    assert set(calls) >= {layer.name for layer in model.layers}
    assert model.count_params() == report.totals.params <= LARGEST
    trainable = sum(weight.value.numpy().size for weight in model.trainable_weights)
    assert trainable == report.totals.trainable_params
