"""What a program looks like, and that no text of a spec becomes code."""

import json
import re
import sys
from pathlib import Path

import keras
import pytest

from seqshape.convert import NotWritable, Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from tests.convert.converting import compare, converted, loaded, report_of, run

HOSTILE = [
    '"; import os; "',
    "a'b\"c",
    "two\nlines",
    "{number}",
    "class",
    "print",
    "x",
    "keras",
    "naïve ✓",
    "1st",
    "}} {{",
    '"""',
    "back\\slash",
]


def program(text: str, engine: Engine) -> str:
    return converted(text, "python", engine)


def test_a_program_is_as_a_person_would_write_it(engine: Engine) -> None:
    text = """
name: tiny
layers:
  - {name: chars, type: Input, shape: [64, 15]}
  - {name: gru, type: GRU, units: 16, return_sequences: true, return_state: true}
  - {type: Dense, units: 16, activation: tanh, inputs: gru.output, kernel_regularizer: {type: L2, l2: 0.02}}
  - {type: Dense, units: 16}
  - {name: both, type: Add, inputs: [gru.output, dense_1]}
"""
    assert program(text, engine) == (
        "import keras\n"
        "from keras import layers\n"
        "\n"
        'chars = keras.Input(shape=(64, 15), name="chars")\n'
        "gru, _ = layers.GRU(16, return_sequences=True, return_state=True)(chars)\n"
        'x = layers.Dense(16, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.02))(\n'
        "    gru\n"
        ")\n"
        "x = layers.Dense(16)(x)\n"
        'both = layers.Add(name="both")([gru, x])\n'
        "\n"
        'model = keras.Model(inputs=chars, outputs=both, name="tiny")\n'
        "\n"
        'if __name__ == "__main__":\n'
        "    model.summary()\n"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_a_text(name: str, engine: Engine) -> None:
    own, rest, inner = (json.dumps(each + name) for each in ("", "rest ", "inner "))
    text = f"""
name: {own}
layers:
  - {{name: a, type: Input, shape: [4]}}
  - {{name: {own}, type: Dense, units: 4}}
  - name: {rest}
    repeat: 3
    layers: [{{name: {own}, type: Dense, units: 4}}, {{name: b, type: Dense, units: 4}}]
  - {{name: {inner}, layers: [{{name: {own}, type: Dense, units: 4}}]}}
"""
    model = run(program(text, engine))
    assert model.name == name
    names = [layer.name for layer in model.layers]
    assert names == [
        "a",
        name,
        *(f"rest {name}_{copy}_{each}" for copy in range(3) for each in (name, "b")),
        f"inner {name}",
    ]
    again = converted(text, "yaml", engine)
    assert [row.path for row in report_of(again, engine).rows] == [
        row.path for row in report_of(text, engine).rows
    ]


def test_names_that_keras_would_number_otherwise_are_written(engine: Engine) -> None:
    text = """
layers:
  - {type: Input, shape: [5, 4]}
  - {type: TimeDistributed, layer: {type: Dense, units: 4}}
  - {type: Dense, units: 4}
  - {name: dense_7, type: Dense, units: 4}
  - {type: Dense, units: 4}
"""
    model = run(program(text, engine))
    assert [layer.name for layer in model.layers[1:]] == ["time_distributed", "dense", "dense_7", "dense_1"]


def test_a_name_that_keras_gives_a_function_too_is_told(engine: Engine) -> None:
    text = "layers: [{name: a, type: Input, shape: [4]}, {name: f, type: ops.add, x2: 1}, {name: add, type: Dense, units: 3}]"
    with pytest.raises(NotWritable, match="Keras calls an operation of `f` `add` too"):
        program(text, engine)


def test_settings_and_policies(engine: Engine) -> None:
    text = """
keras: {dtype_policy: mixed_float16}
layers:
  - {name: a, type: Input, shape: [4]}
  - {name: half, type: Dense, units: 4}
  - {name: whole, type: Dense, units: 4, dtype: float32}
"""
    written = program(text, engine)
    assert 'keras.config.set_dtype_policy("mixed_float16")\n' in written
    assert written.count("dtype=") == 1
    compare(report_of(text, engine), loaded(converted(text, "keras-json", engine)))


REUSED = """
layers:
  - {name: question, type: Input, shape: [20, 8]}
  - {name: answer, type: Input, shape: [50, 8]}
  - name: encoder
    inputs: question
    layers:
      - {name: steps, type: GRU, units: 16, return_sequences: true}
      - {name: last, type: GRU, units: 16}
  - {name: encoded, reuse: encoder, inputs: answer}
  - {name: both, type: Concatenate, axis: 1, inputs: [encoder.steps, encoded.steps]}
  - {name: dense, type: Dense, units: 5}
  - {name: again, reuse: dense, inputs: both}
outputs: [encoded, dense, again]
"""


def test_a_block_called_again_is_one_model(engine: Engine) -> None:
    report = report_of(REUSED, engine)
    assert "encoder = build_encoder()\n" in program(REUSED, engine)
    for model in (run(program(REUSED, engine)), loaded(converted(REUSED, "keras-json", engine))):
        assert model.count_params() == report.totals.params
        assert [tuple(tensor.shape) for tensor in model.outputs] == [
            (None, 16),
            (None, 70, 5),
            (None, 70, 5),
        ]
        assert [layer.name for layer in model.layers if isinstance(layer, type(model))] == ["encoder"]


def test_a_block_in_a_layer_is_a_sequential(engine: Engine) -> None:
    text = """
layers:
  - {name: video, type: Input, shape: [10, 32, 32, 3]}
  - name: frames
    type: TimeDistributed
    layer: {layers: [{type: Conv2D, filters: 3, kernel_size: 3}, {type: GlobalAveragePooling2D}]}
"""
    report = report_of(text, engine)
    for model in (run(program(text, engine)), loaded(converted(text, "keras-json", engine))):
        assert model.count_params() == report.totals.params
        assert tuple(model.outputs[0].shape) == (None, 10, 3)


def test_a_function_of_several_operations(engine: Engine) -> None:
    text = "layers: [{name: x, type: Input, shape: [5, 8]}, {name: unit, type: ops.normalize, axis: 1}, {name: d, type: Dense, units: 2}]"
    report = report_of(text, engine)
    for model in (run(program(text, engine)), loaded(converted(text, "keras-json", engine))):
        compare(report, model)


def test_several_outputs_with_long_names_are_taken_apart_on_a_line_of_their_own(engine: Engine) -> None:
    name = "a_name_of_a_layer_that_fills_it"
    written = program(
        f"""
layers:
  - {{name: x, type: Input, shape: [5, 4]}}
  - {{name: {name}, type: Bidirectional, layer: {{type: GRU, units: 3, return_sequences: true, return_state: true}}}}
  - {{type: Dense, units: 2, inputs: {name}.output}}
  - {{type: Concatenate, inputs: [{name}.forward_state, {name}.backward_state]}}
""",
        engine,
    )
    assert f"{name}_outputs = layers.Bidirectional(\n" in written
    assert f"{name}_backward_state, = {name}_outputs " in re.sub(r"[\s()]+", " ", written)
    run(written)


def test_a_variable_is_never_longer_than_half_a_line(engine: Engine) -> None:
    name = "long_" * 20 + "name"
    written = program(
        f"""
layers:
  - {{name: x, type: Input, shape: [5, 4]}}
  - {{name: {name}, type: Dense, units: 4}}
  - {{name: {name}_2, type: Dense, units: 4}}
  - {{type: Add, inputs: [{name}, {name}_2]}}
  - {{type: Add, inputs: [add, {name}]}}
""",
        engine,
    )
    assert max(map(len, re.findall(r"^\w+", written, re.MULTILINE))) <= 50
    assert [layer.name for layer in run(written).layers][1:3] == [name, f"{name}_2"]


@pytest.mark.parametrize(
    "text",
    [
        "{type: Masking, inputs: {inputs: x}}",
        "{type: GRU, units: 3, inputs: {sequences: x}}",
        "{type: MultiHeadAttention, num_heads: 1, key_dim: 2, inputs: {value: x, key: x, query: x}}",
        "{type: ops.concatenate, axis: 1, inputs: {xs: [x, x]}}",
        "{type: ops.where, inputs: {condition: x, x1: x, x2: x}}",
        "{type: Bidirectional, layer: {type: LSTM, units: 3}, inputs: {sequences: x}}",
        "{type: RNN, cell: {type: GRUCell, units: 3}, inputs: {sequences: x}}",
        "{type: TimeDistributed, layer: {type: Dense, units: 3}, inputs: {inputs: x}}",
        "{type: SpectralNormalization, layer: {type: Dense, units: 3}, inputs: {inputs: x}}",
    ],
)
def test_parameters_by_name_run(text: str, engine: Engine) -> None:
    """`inputs` as a keyword is none that every layer takes: the first parameter is passed by its place."""
    spec = f"layers: [{{name: x, type: Input, shape: [5, 4]}}, {text}]"
    written = program(spec, engine)
    assert "inputs=" not in written.partition("model =")[0]
    compare(report_of(spec, engine), run(written))


def test_the_import_of_a_plugin_makes_the_program_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a module of its own: registered classes stay registered in the process."""
    source = """
import keras
@keras.saving.register_keras_serializable(package="Programs")
class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2
"""
    (tmp_path / "program_plugin.py").write_text(source, encoding="utf-8")
    engine = Engine(tmp_path / "cache", ["program_plugin"], tmp_path)
    text = "layers: [{name: x, type: Input, shape: [4]}, {name: twice, type: Programs>Doubled}]"
    found = judged("model.yaml", text.encode(), engine=engine)
    assert found.subject is not None
    written = target("python").write(found.subject, Options(plugins=("program_plugin",))).text
    assert "import program_plugin  # registers Programs>Doubled" in written
    for name in [name for name in keras.saving.get_custom_objects() if name.startswith("Programs>")]:
        del keras.saving.get_custom_objects()[name]
    monkeypatch.delitem(sys.modules, "program_plugin")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [layer.name for layer in run(written).layers] == ["x", "twice"]
