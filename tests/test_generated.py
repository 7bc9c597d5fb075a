"""Random functional models of up to 30 layers: the report against Keras itself."""

import keras
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from tests.generated import Model, generated

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def holds(model: Model, engine: Engine, *, trace: bool) -> None:
    """Each row against Keras's own tensors and weights."""
    report = inspect_bytes("x.yaml", model.spec().encode(), engine=engine, trace=trace)
    assert report.ok, [(item.code, item.message, item.keras) for item in report.diagnostics]
    assert [row.path for row in report.rows] == list(model.calls)
    for row in report.rows:
        expected = [
            (tuple(each.shape), keras.backend.standardize_dtype(each.dtype), each._keras_mask is not None)
            if hasattr(each, "_keras_mask")
            else (tuple(each.shape), keras.backend.standardize_dtype(each.dtype), False)
            for each in model.calls[row.path]
        ]
        found = [
            (each.tensor.shape, each.tensor.dtype, each.tensor.mask is not None) for each in row.outputs
        ]
        assert found == expected, row.path
        layer = model.layers.get(row.path)
        counted = layer is not None and row.shares is None
        assert row.params == (layer.count_params() if counted else 0), row.path
        if counted:
            assert row.weight_bytes == sum(_bytes(weight) for weight in layer.weights), row.path
    built = model.keras()
    assert report.totals.params == built.count_params()
    trainable = {id(weight): weight for weight in built.trainable_weights}
    assert report.totals.trainable_params == sum(_elements(weight) for weight in trainable.values())


def _elements(weight: keras.Variable) -> int:
    product = 1
    for axis in weight.shape:
        product *= axis
    return product


def _bytes(weight: keras.Variable) -> int:
    return _elements(weight) * {"float32": 4, "float16": 2}[weight.dtype]


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_inspection_holds_against_keras(engine: Engine, data: st.DataObject) -> None:
    holds(generated(data.draw), engine, trace=False)


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
def test_what_runs_in_keras_is_no_error(engine: Engine, data: st.DataObject) -> None:
    holds(generated(data.draw, runs=True), engine, trace=True)
