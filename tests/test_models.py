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


def given(operation: Any, call: int) -> list[tuple[tuple[int | None, ...], str, bool]]:
    """Shape, dtype and whether it is masked, of each tensor that a call of an operation of a model gives."""
    return [
        (
            tensor.shape,
            keras.backend.standardize_dtype(tensor.dtype),
            getattr(tensor, "_keras_mask", None) is not None,
        )
        for tensor in keras.tree.flatten(operation._inbound_nodes[call].output_tensors)
    ]


def compare(report: Report, model: keras.Model) -> None:
    """Row by row: tensors, parameters, calls; then that the model has no other layer, and the totals."""
    operations = {operation.name: operation for operation in model.operations}
    calls: Counter[str] = Counter()
    for row in report.rows:
        own = row.shares or row.path
        assert own in operations
        operation = operations[own]
        tensors = [each.tensor for each in row.outputs]
        found = [(each.shape, each.dtype, each.mask is not None) for each in tensors]
        assert found == given(operation, calls[own]), row.path
        has_weights = isinstance(operation, keras.Layer) and not calls[own]
        assert row.params == (operation.count_params() if has_weights else 0), row.path
        calls[own] += 1
    assert set(calls) >= {layer.name for layer in model.layers}
    assert report.totals.params == model.count_params()
    trainable = sum(weight.value.numpy().size for weight in model.trainable_weights)
    assert report.totals.trainable_params == trainable


def test_every_spec_has_a_twin() -> None:
    assert set(TWINS) == {path.stem for path in MODELS.iterdir()}


def test_no_two_twins_have_a_name() -> None:
    assert len(TWINS) == sum(name in TWINS for family in FAMILIES for name in vars(family))


def test_nothing_is_wrong_with_it(report: Report) -> None:
    allowed = {"SEQ303"}  # a note on TimeDistributed(Dense)
    if keras.__version__.startswith("3.8."):  # its attention fails on a mask where lengths differ
        allowed.add("SEQ309")
    assert {item.code for item in report.diagnostics} <= allowed
    assert all(row.traced for row in report.rows)


def test_it_expects_its_outputs_and_its_total(name: str, engine: Engine) -> None:
    """The `expect` at the end is in force: with the total made wrong by one, it fails."""
    text = (MODELS / f"{name}.yaml").read_text(encoding="utf-8")
    head, found, expected = text.rpartition("\nexpect:\n")
    assert found
    assert "outputs: {" in expected
    total = expected.split()[1]
    wrong = head + found + expected.replace(total, str(int(total) + 1), 1)
    report = inspect_bytes(f"{name}.yaml", wrong.encode(), engine=engine)
    assert [item.code for item in report.diagnostics if item.severity == "error"] == ["SEQ402"]


def test_it_is_the_model_that_keras_builds(name: str, report: Report) -> None:
    model = TWINS[name]()
    assert model.count_params() <= LARGEST
    compare(report, model)


@pytest.mark.parametrize(
    ("name", "dims"),
    [
        ("addition_seq2seq", {"H": 64}),
        ("addition_seq2seq", {"Out": 5}),
        ("crnn_any_width", {"W": 256}),
    ],
)
def test_a_model_of_other_sizes_is_told_apart(name: str, dims: dict[str, int], engine: Engine) -> None:
    report = inspect(MODELS / f"{name}.yaml", dims=dims, engine=engine)
    with pytest.raises(AssertionError):
        compare(report, TWINS[name]())
