"""Random specs over random dims: their formulas, evaluated at other dims, are what Keras says there."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape.algebra.polynomial import Unknown
from seqshape.engine import Engine
from seqshape.formulas import NotFitting
from seqshape.pipeline import inspect_bytes
from tests.symbolic.reading import formulas

SIZE = st.sampled_from(["A", "B", "2*A", "A + B", "B//2 + 1", "7"])
WINDOW = st.sampled_from(["1", "2", "3", "K"])
DIMS = st.fixed_dictionaries(
    {"T": st.integers(8, 40), "A": st.integers(2, 24), "B": st.integers(2, 24), "K": st.integers(1, 3)}
)
SEQUENCES = [
    "type: GRU, units: {size}, return_sequences: true",
    "type: LSTM, units: {size}, return_sequences: true",
    "type: SimpleRNN, units: {size}, return_sequences: true",
    "type: Bidirectional, layer: {{type: GRU, units: {size}, return_sequences: true}}",
    "type: Dense, units: {size}",
    "type: TimeDistributed, layer: {{type: Dense, units: {size}}}",
    "type: Conv1D, filters: {size}, kernel_size: {window}, padding: same",
    "type: Conv1D, filters: {size}, kernel_size: {window}, strides: 2, padding: same",
    "type: Conv1D, filters: {size}, kernel_size: {window}, padding: causal, dilation_rate: 2",
    "type: SeparableConv1D, filters: {size}, kernel_size: {window}, padding: same, depth_multiplier: K",
    "type: UpSampling1D, size: K",
    "type: ZeroPadding1D, padding: {window}",
    "type: BatchNormalization",
    "type: LayerNormalization",
]
ENDS = [
    "type: GRU, units: {size}",
    "type: LSTM, units: {size}, return_state: false",
    "type: Bidirectional, layer: {{type: LSTM, units: {size}}}",
    "type: Flatten",
    "type: GlobalAveragePooling1D",
]


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A chain over a sequence, with residual sums and joints, then a vector and a Dense on it."""
    entries = ["{name: x, type: Input, shape: [T, A]}"]
    last = "x"
    for number in range(draw(st.integers(1, 4))):
        entry = draw(st.sampled_from(SEQUENCES)).format(size=draw(SIZE), window=draw(WINDOW))
        entries.append(f"{{name: s{number}, {entry}, inputs: {last}}}")
        last = f"s{number}"
        if draw(st.booleans()):
            entries.append(f"{{name: d{number}, type: Dense, units: {draw(SIZE)}, inputs: {last}}}")
            entries.append(f"{{name: j{number}, type: Concatenate, inputs: [{last}, d{number}]}}")
            last = f"j{number}"
    end = draw(st.sampled_from(ENDS)).format(size=draw(SIZE))
    entries += [f"{{name: end, {end}, inputs: {last}}}", f"{{name: y, type: Dense, units: {draw(SIZE)}}}"]
    return "".join(f"  - {entry}\n" for entry in entries)


@given(specs(), DIMS, DIMS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_formulas_give_at_any_dims_what_keras_gives(
    engine: Engine, layers: str, own: dict[str, int], other: dict[str, int]
) -> None:
    dims = ", ".join(f"{name}: {size}" for name, size in own.items())
    text = f"dims: {{{dims}}}\nlayers:\n{layers}"
    found = formulas(text, engine)
    report = inspect_bytes("x.yaml", text.encode(), dims=other, engine=engine, trace=False)
    assert report.ok
    try:
        numbers = found.evaluate(other)
    except Unknown:
        assert found.uneven
        return
    except NotFitting as error:
        raise AssertionError("nothing in these specs ties dims to one another") from error
    assert numbers.total_params == report.totals.params
    assert numbers.weight_bytes == report.totals.weight_bytes
    assert numbers.params == tuple(row.params for row in report.rows)
    assert numbers.shapes == tuple(
        tuple(output.tensor.shape for output in row.outputs) for row in report.rows
    )
