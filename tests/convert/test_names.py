"""The names of layers in programs: those of the report, said where Keras would give others, and nowhere else."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import keras
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape import Report
from seqshape.convert import NotWritable
from seqshape.engine import Engine
from seqshape.spec_reader import snake_case
from tests.convert.converting import converted, loaded, report_of, run
from tests.generated import Model, generated

SPECS = Path(__file__).parents[2] / "specs"
SOUND = sorted(
    str(path.relative_to(SPECS)) for path in SPECS.rglob("*.yaml") if "mismatch" not in path.name
)
NOT_IN_JSON = {"shared_dense.yaml"}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def names_of(model: keras.Model) -> list[str]:
    """The names of all layers in the order of the model, of nested models too."""
    found: list[str] = []
    for layer in model.layers:
        found.append(layer.name)
        if isinstance(layer, keras.Model):
            found.extend(names_of(layer))
    return found


def anonymous(model: Model) -> tuple[str, dict[str, str]]:
    """The spec without names, and by name of a layer the one that the spec gives it now."""
    counts: Counter[str] = Counter()
    types = {entry["name"]: entry.get("type") for entry in model.entries}
    words: dict[str, str] = {}
    for entry in model.entries:
        base = snake_case(entry.get("type") or types[entry["reuse"]])
        number = counts[base]
        counts[base] += 1
        words[entry["name"]] = base if number == 0 else f"{base}_{number}"

    def reworded(value: Any) -> Any:
        if isinstance(value, list):
            return [reworded(item) for item in value]
        if isinstance(value, dict):
            return {key: reworded(item) for key, item in value.items()}
        name, dot, rest = value.partition(".")
        return words[name] + dot + rest

    entries = []
    for entry in model.entries:
        said = {key: value for key, value in entry.items() if key != "name"}
        said.update({key: reworded(said[key]) for key in ("inputs", "reuse") if key in said})
        entries.append(said)
    outputs = [reworded(each.word) for each in model.outputs]
    return json.dumps({"layers": entries, "outputs": outputs}), words


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
def test_layers_without_names_have_those_of_the_report(engine: Engine, data: st.DataObject) -> None:
    model = generated(data.draw, most=12)
    text, words = anonymous(model)
    built = run(converted(text, "python", engine))
    expected = model.keras()

    def told(layer: Any, name: str) -> tuple[object, ...]:
        tensors = keras.tree.flatten(layer._inbound_nodes[0].output_tensors)
        return name, layer.count_params(), [tuple(tensor.shape) for tensor in tensors]

    assert [told(layer, layer.name) for layer in built.layers] == [
        told(layer, words[layer.name]) for layer in expected.layers
    ]


ATTENDING = """
layers:
  - {name: x, type: Input, shape: [5, 4]}
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 2, dropout: 0.1, inputs: {query: x, value: x}}
  - {type: Dropout, rate: 0.1}
  - {type: Softmax}
  - {type: Dropout, rate: 0.1}
"""
WRAPPED = """
layers:
  - {name: x, type: Input, shape: [5, 4, 4]}
  - {type: TimeDistributed, layer: {type: TimeDistributed, layer: {type: Dense, units: 4}}}
  - {type: TimeDistributed, layer: {type: Bidirectional, layer: {type: GRU, units: 2}}}
  - {type: GRU, units: 3, return_sequences: true}
  - {type: RNN, cell: [{type: GRUCell, units: 2}, {type: LSTMCell, units: 2}], return_sequences: true}
  - {type: SpectralNormalization, layer: {type: Dense, units: 4}}
  - {type: Dense, units: 4}
"""
SHARED = """
layers:
  - {name: x, type: Input, shape: [5, 4]}
  - {type: Input, shape: [5, 4]}
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, dropout: 0.1, inputs: {query: x, value: x}}
  - {type: Dropout, rate: 0.1}
  - {reuse: multi_head_attention, inputs: {query: dropout, value: x}, name: again}
  - {type: Dropout, rate: 0.1}
  - {reuse: dropout, name: third}
  - {type: Dropout, rate: 0.1}
  - {type: Add, inputs: [dropout_2, input]}
"""
NESTED = """
layers:
  - {name: x, type: Input, shape: [5, 4]}
  - {type: Dropout, rate: 0.1}
  - name: encoder
    layers:
      - {type: MultiHeadAttention, num_heads: 2, key_dim: 2, dropout: 0.1, inputs: {query: input, value: input}}
      - {type: Dropout, rate: 0.1}
      - {type: Add, inputs: [dropout, input]}
  - {reuse: encoder, name: encoder2}
  - {type: Dropout, rate: 0.1}
"""
INSIDE = """
layers:
  - {name: x, type: Input, shape: [3, 5, 4]}
  - type: TimeDistributed
    layer:
      layers:
        - {type: MultiHeadAttention, num_heads: 2, key_dim: 2, dropout: 0.1, inputs: {query: input, value: input}}
        - {type: Dropout, rate: 0.1}
  - {type: Dropout, rate: 0.1}
  - {type: Softmax}
  - type: TimeDistributed
    layer: {layers: [{type: Dense, units: 3}, {type: GRU, units: 3, return_sequences: true}]}
  - {name: input_layer_1, type: Input, shape: [3, 5, 3]}
  - {type: Add, inputs: [time_distributed_1, input_layer_1]}
"""


@pytest.mark.parametrize("text", [ATTENDING, WRAPPED, SHARED, NESTED, INSIDE])
def test_what_layers_make_for_themselves_moves_no_name(text: str, engine: Engine) -> None:
    rows = report_of(text, engine).rows
    own = [row.path.rpartition(".")[2] for row in rows if row.shares is None]
    found = names_of(run(converted(text, "python", engine)))
    assert sorted(set(found) - {"encoder", "input"}) == sorted(set(own) - {"input"})
    assert found == names_of(loaded(converted(text, "keras-json", engine)))


def test_a_name_is_written_only_where_keras_gives_another(engine: Engine) -> None:
    written = converted(ATTENDING, "python", engine)
    assert re.findall(r"(?<=[ (])name=[^)]+", written) == [
        'name="x"',
        'name="dropout"',
        'name="softmax"',
    ]
    assert 'Dropout(0.1, name="dropout")' in written
    assert "MultiHeadAttention(num_heads=2, key_dim=2, dropout=0.1)" in written


def test_copies_have_the_names_that_keras_gives(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [5, 4]}
  - name: encoder
    repeat: 3
    layers:
      - {type: MultiHeadAttention, num_heads: 2, key_dim: 2, dropout: 0.1, inputs: {query: input, value: input}}
      - {type: Dropout, rate: 0.1}
"""
    written = converted(text, "python", engine)
    assert "for _ in range(3):" in written
    assert written.count("name=") == 1
    model = run(written)
    attention = ["multi_head_attention", "multi_head_attention_1", "multi_head_attention_2"]
    assert [layer.name for layer in model.layers[1::2]] == attention
    assert names_of(model) == names_of(loaded(converted(text, "keras-json", engine)))
    again = converted(model.to_json(), "yaml", engine)
    assert "repeat: 3" in again
    assert names_of(run(converted(again, "python", engine))) == names_of(model)


def test_an_operation_that_keras_calls_as_a_layer_is_told(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [5], dtype: int32}
  - {type: Embedding, input_dim: 9, output_dim: 4, mask_zero: true}
  - {type: Concatenate, inputs: [embedding, embedding]}
  - {type: Concatenate, inputs: [concatenate, concatenate]}
  - {type: GRU, units: 3}
"""
    with pytest.raises(NotWritable, match="`concatenate_1` too; give one another name"):
        converted(text, "python", engine)
    other = text.replace(
        "{type: Concatenate, inputs: [concatenate,", "{name: wide, type: Concatenate, inputs: [concatenate,"
    )
    assert "wide" in names_of(run(converted(other, "python", engine)))


@pytest.mark.parametrize("path", sorted(set(SOUND) - NOT_IN_JSON))
def test_rows_keep_names_and_order_in_json(path: str, engine: Engine) -> None:
    before = report_of((SPECS / path).read_text(encoding="utf-8"), engine)
    written = converted((SPECS / path).read_text(encoding="utf-8"), "keras-json", engine)
    after = report_of(written, engine)
    assert len(after.rows) == len(before.rows)
    # JSON has the calls of a layer together: where it says them in another order, its rows alone stay
    rows = [row for row in after.rows if row.shares is None]
    expected = [row for row in before.rows if row.shares is None]
    for row, own in zip(rows, expected, strict=True):
        assert (row.type, row.outputs, row.weights) == (own.type, own.outputs, own.weights)
        assert len(rows) < len(after.rows) or row.sources == own.sources
        found, name = row.path.replace(".", "_"), own.path.replace(".", "_")
        is_numbered = re.compile(rf"{snake_case(row.type)}(_\d+)?")  # in a copy Keras numbers them
        assert found == name or (is_numbered.fullmatch(own.name) and is_numbered.fullmatch(row.name))


@pytest.mark.parametrize("path", sorted(set(SOUND) - NOT_IN_JSON))
def test_a_program_and_json_make_layers_of_equal_names_and_order(path: str, engine: Engine) -> None:
    text = (SPECS / path).read_text(encoding="utf-8")
    made = run(converted(text, "python", engine))
    assert names_of(made) == names_of(loaded(converted(text, "keras-json", engine)))


def told(report: Report) -> list[tuple[object, ...]]:
    """The rows with their names; a function has none in a program."""
    return [
        ("" if row.type.startswith("ops.") else row.path, row.type, row.outputs, row.sources)
        for row in report.rows
    ]


def test_rows_keep_names_and_order_through_python(engine: Engine) -> None:
    """Keras orders the layers of a model by their depth; from there on the order stays."""
    for path in SOUND:
        model = run(converted((SPECS / path).read_text(encoding="utf-8"), "python", engine)).to_json()
        first = report_of(model, engine)
        again = run(converted(converted(model, "yaml", engine), "python", engine)).to_json()
        second = report_of(again, engine)
        assert told(second) == told(first), path
