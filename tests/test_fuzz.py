"""Specs of random words: whatever a file holds, the answer is a report, and every format can show it."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from seqshape.render import renderer
from seqshape.render._surface import Options, Surface
from seqshape.report import Run

ENGINE = Engine(Path(tempfile.mkdtemp(prefix="seqshape-test-")))
NAMES = ["a", "b", "c", "a.state", "input", "enc.*", "a.0", "é\n", ""]
TYPES = [
    "Input", "Dense", "GRU", "LSTM", "Concatenate", "Add", "Reshape", "TimeDistributed", "Bidirectional",
    "Attention", "MultiHeadAttention", "Embedding", "Conv1D", "RNN", "GRUCell", "Lambda", "Layer", "Flatten",
    "ops.expand_dims", "ops.split", "ops.einsum", "ops.add", "Dot", "StackedRNNCells", "No", "X>Y", "ops.", "",
]  # fmt: skip
ARGUMENTS = [
    "units", "return_state", "return_sequences", "shape", "axis", "target_shape", "layer", "cell", "activation",
    "kernel_initializer", "dtype", "filters", "kernel_size", "axes", "num_heads", "key_dim", "trainable", "cells",
    "merge_mode", "indices_or_sections", "subscripts", "input_dim", "output_dim", "backward_layer", "nonsense",
]  # fmt: skip

scalars = (
    st.sampled_from([None, True, False, 0, -1, 1, 2, 3, 8, 10**30, 0.5, float("nan"), float("inf"), 1e300])
    | st.sampled_from(
        ["H", "2*H", "H//0", "2*Q", "relu", "float16", "same", "concat", "abc->ab", "batch", *NAMES]
    )
    | st.text(max_size=4)
)
nested = st.deferred(lambda: typed | block)
values = st.recursive(
    scalars | nested,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "reuse", *ARGUMENTS]), inner, max_size=3)
    ),
    max_leaves=5,
)
typed = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES)},
    optional=dict.fromkeys(("units", "axis", "return_state", "return_sequences", "layer"), scalars),
)
references = st.sampled_from(NAMES)
block = st.deferred(
    lambda: st.fixed_dictionaries(
        {"layers": st.lists(st.builds(lambda one, more: {**one, **more}, typed, links), max_size=3)}
    )
)
"""A block that stands where Keras expects a layer."""
inputs = (
    references
    | st.lists(references, max_size=3)
    | st.dictionaries(
        st.sampled_from(["query", "value", "sequences", "initial_state", "x1", "x2", "nope"]),
        references | st.lists(references, max_size=2),
        max_size=3,
    )
)
links = st.fixed_dictionaries({}, optional={"name": references, "inputs": inputs})
expectation = st.dictionaries(
    st.sampled_from(["shape", "shapes", "params", "trainable_params", "dtype", "outputs", "nope"]),
    values,
    max_size=2,
)
entries = st.deferred(lambda: st.lists(entry, max_size=5))
entry: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        lambda head, arguments: {**arguments, **head},
        st.fixed_dictionaries(
            {"type": st.sampled_from(TYPES)},
            optional={
                "name": st.sampled_from(NAMES),
                "inputs": inputs,
                "call": values,
                "reuse": references,
                "expect": expectation,
                "ignore": st.sampled_from(["SEQ299", ["SEQ1"], 3]),
            },
        ),
        st.dictionaries(st.sampled_from(ARGUMENTS), values, max_size=3),
    ),
    st.fixed_dictionaries({"reuse": references}, optional={"inputs": inputs, "name": st.sampled_from(NAMES)}),
    st.fixed_dictionaries(
        {"layers": entries}, optional={"name": references, "repeat": st.sampled_from([0, 1, 3, "H", None]), "inputs": inputs}
    ),
    values,
)  # fmt: skip
sound = st.just(
    [
        {"name": "a", "type": "Input", "shape": [8, 4]},
        {"name": "b", "type": "GRU", "units": 4, "return_state": True},
    ]
)
specs = st.fixed_dictionaries(
    {"layers": st.builds(lambda first, more: first + more, sound, entries)},
    optional={
        "dims": st.dictionaries(st.sampled_from(["H", "T", "h"]), scalars, max_size=2),
        "outputs": inputs,
        "expect": expectation,
        "keras": st.dictionaries(st.sampled_from(["floatx", "dtype_policy", "nope"]), scalars, max_size=2),
        "x-mine": values,
        "nope": values,
    },
)


@given(specs, st.booleans())
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_every_spec_has_a_report(spec: dict[str, Any], thorough: bool) -> None:
    text = json.dumps(spec, indent=1)
    lines = text.count("\n") + 1
    report = inspect_bytes("x.json", text.encode(), engine=ENGINE, thorough=thorough)
    assert report.ok is not any(item.severity == "error" for item in report.diagnostics)
    for item in report.diagnostics:
        assert 1 <= item.place.line <= item.place.end_line <= lines
        assert item.message
        assert "seqshape__" not in item.message + item.keras
        assert "Traceback" not in item.message + item.keras
    for row in report.rows:
        assert row.status in ("ok", "error", "skipped")
        assert (row.status == "ok") == bool(row.outputs)
    for format_ in ("table", "json", "markdown"):
        for surface in (Surface(), Surface(40, color=True), Surface(90, unicode=False)):
            assert renderer(format_).render(Run((report,)), surface, Options(weights=True)).endswith("\n")
