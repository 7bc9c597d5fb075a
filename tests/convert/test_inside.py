"""Models inside layers, to specs and back: names, counts and what they compute stay."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy
import pytest
from keras import Input, Model, ops
from keras import layers as kl

from seqshape.convert import NotWritable, Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from tests.convert.converting import compare, converted, loaded, report_of, run


def executed(program: str) -> Model:
    """The model of a program with its weights, in names as a fresh process gives them."""
    keras.backend.clear_session(free_memory=False)
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(program, "program.py", "exec"), names)
    model = names["model"]
    assert isinstance(model, Model)
    return model


BACK: dict[str, Callable[[str], Model]] = {"keras-json": keras.models.model_from_json, "python": executed}


def residual() -> Model:
    frame = Input((6, 6, 3))
    x = kl.Conv2D(3, 3, padding="same", name="conv")(frame)
    x = kl.BatchNormalization(name="norm")(kl.Add(name="sum")([frame, x]))
    return Model(frame, kl.GlobalAveragePooling2D(name="mean")(x), name="residual")


def over_a_residual() -> Model:
    video = Input((4, 6, 6, 3), name="video")
    frames = kl.TimeDistributed(residual(), name="frames")(video)
    return Model(video, kl.GRU(2, name="gru")(frames))


def over_operations() -> Model:
    inside = Input((6, 4))
    dense = kl.Dense(4, name="dense")(inside)
    x = ops.concatenate([ops.relu(dense) * 2.0 + inside, dense[:, ::-1]], axis=-1)
    inner = Model(inside, kl.GRU(3, name="gru")(x))
    x = Input((5, 6, 4), name="x")
    return Model(x, ops.max(kl.TimeDistributed(inner, name="each")(x), axis=1))


def over_a_shared_layer_and_words() -> Model:
    words = Input((7,), dtype="int32")
    vectors = kl.Embedding(20, 4, name="vectors")(words)
    shared = kl.Dense(4, name="shared")
    twice = shared(kl.LayerNormalization(name="norm")(shared(vectors)))
    inner = Model(words, kl.GlobalMaxPooling1D(name="most")(kl.Add(name="sum")([vectors, twice])))
    lines = Input((3, 7), dtype="int32", name="lines")
    return Model(lines, kl.GRU(2, name="gru")(kl.TimeDistributed(inner, name="each")(lines)))


def over_attention() -> Model:
    inside = Input((6, 8))
    attended = kl.MultiHeadAttention(2, 4, name="attention")(inside, inside, use_causal_mask=True)
    _, state = kl.GRU(3, return_state=True, name="gru")(kl.Add(name="sum")([inside, attended]))
    inner = Model(inside, kl.Dense(2, name="end")(state))
    x = Input((4, 6, 8), name="x")
    return Model(x, kl.TimeDistributed(inner, name="each")(x))


def over_a_model_in_a_model() -> Model:
    deepest, deep, outer = Input((3,)), Input((5, 3)), Input((2, 5, 3))
    first = kl.Dense(3, name="first")(deepest)
    cell = Model(deepest, kl.Add(name="sum")([deepest, first]), name="cell")
    steps = kl.TimeDistributed(cell, name="steps")(deep)
    inner = Model(deep, kl.Concatenate(name="both")([steps, deep]), name="inner")
    x = kl.TimeDistributed(inner, name="rows")(outer)
    return Model(outer, kl.Dense(2, name="end")(x))


def a_chain_with_a_residual() -> Model:
    frames = keras.Sequential(
        [
            kl.Conv2D(3, 1, name="conv"),
            kl.TimeDistributed(kl.Dense(3), name="dense"),
            kl.Reshape((1, 6, 6, 3), name="one"),
            kl.TimeDistributed(residual(), name="residual"),
            kl.Flatten(name="flat"),
        ]
    )
    video = Input((4, 6, 6, 3), name="input_layer")
    end = kl.Dense(2, name="dense")(kl.TimeDistributed(frames, name="frames")(video))
    return Model(video, end)


def called_twice() -> Model:
    inside = Input((None, 4))
    dense = kl.Dense(4, name="dense")(inside)
    inner = Model(inside, kl.LSTM(3, name="lstm")(kl.Multiply(name="gate")([inside, dense])))
    each = kl.TimeDistributed(inner, name="each")
    x, y = Input((2, 5, 4), name="x"), Input((3, 6, 4), name="y")
    return Model([x, y], [each(x), each(y)])


def over_a_frozen_model() -> Model:
    inner = residual()
    inner.trainable = False
    video = Input((4, 6, 6, 3), name="video")
    return Model(video, kl.Dense(2, name="dense")(kl.TimeDistributed(inner, name="frames")(video)))


MODELS = (
    over_a_residual,
    over_operations,
    over_a_shared_layer_and_words,
    over_attention,
    over_a_model_in_a_model,
    a_chain_with_a_residual,
    called_twice,
    over_a_frozen_model,
)


def told(model: Model) -> Iterator[tuple[object, ...]]:
    """The layers of a model, and of the models inside these, with their weights."""
    for layer in model.layers:
        if isinstance(layer, kl.InputLayer):
            continue
        weights = [tuple(weight.shape) for weight in layer.weights]
        trainable = [tuple(weight.shape) for weight in layer.trainable_weights]
        inner: Any = getattr(layer, "layer", None)
        inside = list(told(inner)) if isinstance(inner, Model) else type(inner).__name__
        yield layer.name, type(layer).__name__, weights, trainable, inside


def outputs(model: Model, given: list[Any]) -> list[Any]:
    return [
        numpy.asarray(each) for each in keras.tree.flatten(model(given[0] if len(given) == 1 else given))
    ]


@pytest.fixture(scope="module")
def numbers() -> numpy.random.Generator:
    return numpy.random.default_rng(0)


@pytest.mark.parametrize("make", MODELS)
def test_a_model_with_models_inside_comes_back(
    make: Callable[[], Model], engine: Engine, numbers: numpy.random.Generator
) -> None:
    model = make()
    given = [
        numbers.integers(0, 20, (2, *tensor.shape[1:]))
        if tensor.dtype == "int32"
        else numbers.normal(size=(2, *tensor.shape[1:])).astype("float32")
        for tensor in model.inputs
    ]
    expected = outputs(model, given)
    spec = converted(model.to_json(), "yaml", engine)
    assert report_of(spec, engine).totals.params == model.count_params()
    for form, load in BACK.items():
        again = load(converted(spec, form, engine))
        assert list(told(again)) == list(told(model))
        again.set_weights(model.get_weights())
        for found, wanted in zip(outputs(again, given), expected, strict=True):
            numpy.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
        assert converted(again.to_json(), "yaml", engine) == spec


def program(entries: str, engine: Engine, *, before: str = "", shape: str = "[5, 8]") -> str:
    """The program of a TimeDistributed called `each` over a block of entries."""
    return converted(spec(entries, before=before, shape=shape), "python", engine)


def spec(entries: str, *, before: str = "", shape: str = "[5, 8]", type_: str = "TimeDistributed") -> str:
    return f"""
{before}
layers:
  - {{name: x, type: Input, shape: {shape}}}
  - {{name: each, type: {type_}, layer: {{layers: [{entries}]}}}}
"""


RESIDUAL = "{name: d, type: Dense, units: 8}, {name: sum, type: Add, inputs: [input, d]}"


def test_a_model_inside_is_built_by_a_function(engine: Engine) -> None:
    assert program(RESIDUAL, engine) == (
        "import keras\n"
        "from keras import layers\n"
        "\n"
        "\n"
        "def build_each():\n"
        '    """The model `each`."""\n'
        '    inputs = keras.Input(shape=(8,), name="input")\n'
        '    x = layers.Dense(8, name="d")(inputs)\n'
        '    sum_2 = layers.Add(name="sum")([inputs, x])\n'
        '    return keras.Model(inputs, sum_2, name="each")\n'
        "\n"
        "\n"
        'inputs = keras.Input(shape=(5, 8), name="x")\n'
        'each = layers.TimeDistributed(build_each(), name="each")(inputs)\n'
        "\n"
        "model = keras.Model(inputs=inputs, outputs=each)\n"
        "\n"
        'if __name__ == "__main__":\n'
        "    model.summary()\n"
    )


def test_a_chain_inside_stays_one(engine: Engine) -> None:
    written = program("{name: d, type: Dense, units: 8}, {name: e, type: Dense, units: 4}", engine)
    assert 'keras.Sequential([layers.Dense(8, name="d"), layers.Dense(4, name="e")])' in written
    assert "def " not in written


SPECS = {
    "a block inside that is repeated": spec(f"{{name: deep, repeat: 3, layers: [{RESIDUAL}]}}"),
    "a block inside that is called again": spec(
        f"{{name: deep, layers: [{RESIDUAL}]}}, {{name: more, reuse: deep}}"
    ),
    "a long block in a short model": spec(
        ", ".join(f"{{name: d{number}, type: Dense, units: 8}}" for number in range(9))
    ),
    "an entry with the name of what flows in": spec(
        "{name: input, type: Dense, units: 8}, {type: Add, inputs: [input, input]}"
    ),
    "an entry of several outputs at once": spec(
        "{name: g, type: GRU, units: 8, return_state: true}, {type: Add, inputs: [g.*]}",
        shape="[5, 4, 8]",
    ),
    "half precision": spec(
        "{name: d, type: Dense, units: 8}, {type: ops.add, x2: 1.0}, {name: e, type: Add, inputs: [input, add]}",
        before="keras: {dtype_policy: mixed_float16}",
    ),
}


@pytest.mark.parametrize("text", SPECS.values(), ids=list(SPECS))
def test_a_spec_with_a_model_inside_comes_back(text: str, engine: Engine) -> None:
    report = report_of(text, engine)
    assert report.totals.params > 0
    for form, load in (("keras-json", loaded), ("python", run)):
        compare(report, load(converted(text, form, engine)))


REPEATED = """
layers:
  - {name: x, type: Input, shape: [5, 9, 9, 3]}
  - name: block
    repeat: 2
    layers:
      - name: each
        type: TimeDistributed
        layer:
          layers:
            - {name: c, type: Conv2D, filters: 3, kernel_size: 3, padding: PADDING}
            - {type: Multiply, inputs: [c, c]}
"""


def test_copies_with_models_inside_are_a_loop_where_these_are_equal(engine: Engine) -> None:
    for padding, builders in (("same", 1), ("valid", 2)):
        text = REPEATED.replace("PADDING", padding)
        written = converted(text, "python", engine)
        assert written.count("def build_") == builders
        assert ("for number in range(2):" in written) == (padding == "same")
        compare(report_of(text, engine), run(written))


def test_equal_models_inside_have_one_function(engine: Engine) -> None:
    text = spec(RESIDUAL) + f"  - {{name: then, type: TimeDistributed, layer: {{layers: [{RESIDUAL}]}}}}\n"
    written = converted(text, "python", engine)
    assert written.count("def build_") == 1
    compare(report_of(text, engine), run(written))


def test_what_is_made_inside_counts_for_the_names_that_keras_gives(engine: Engine) -> None:
    text = (
        spec("{name: deep, type: TimeDistributed, layer: {type: Dense, units: 4}}", shape="[5, 3, 8]")
        + "  - {name: dense, type: Dense, units: 4}\n"
        + "  - {name: dense_1, type: Dense, units: 4}\n"
    )
    model = run(converted(text, "python", engine))
    assert [layer.name for layer in model.layers] == ["x", "each", "dense", "dense_1"]


def test_a_layer_with_the_name_of_the_function_hides_nothing(engine: Engine) -> None:
    text = (
        spec(RESIDUAL)
        + "  - {name: build_each, type: Dense, units: 4}\n  - {type: Add, inputs: [build_each, build_each]}\n"
    )
    compare(report_of(text, engine), run(converted(text, "python", engine)))


REFUSED = {
    "a model is no recurrent layer": (
        spec("{type: GRU, units: 8}", type_="Bidirectional"),
        "Keras's Bidirectional takes no model inside it .* class of your own",
    ),
    "nor is a residual one": (
        spec(
            "{name: g, type: GRU, units: 8, return_sequences: true}, {type: Add, inputs: [input, g]}",
            type_="Bidirectional",
        ),
        "Keras's Bidirectional takes no model inside it .* class of your own",
    ),
    "a dead end": (
        spec("{name: d, type: Dense, units: 8}, {name: e, type: Dense, units: 8, inputs: input}"),
        "nothing reads `d` inside it",
    ),
    "a name for two things": (
        spec("{name: input, type: Dense, units: 8}, {type: Add, inputs: [input.0, input]}"),
        "`input` or `add` names two things",
    ),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_no_model_of_keras_is_told(text: str, reason: str, engine: Engine) -> None:
    for form in ("keras-json", "python"):
        with pytest.raises(NotWritable, match=reason) as found:
            converted(text, form, engine)
        assert found.value.layer == "each"


def test_a_layer_of_a_block_that_a_later_one_wraps(engine: Engine) -> None:
    spec = """
layers:
  - {name: x, type: Input, shape: [3, 5, 4]}
  - name: each
    type: TimeDistributed
    layer:
      layers:
        - {name: dense, type: Dense, units: 4}
        - {name: again, type: TimeDistributed, layer: {reuse: dense}}
"""
    found = judged("model.yaml", spec.encode(), engine=engine)
    assert found.report.rows[1].outputs[0].tensor.shape == (None, 3, 5, 4)
    assert found.report.totals.params == 4 * 4 + 4
    assert found.subject is not None
    written = target("yaml").write(found.subject, Options()).text
    assert "{reuse: dense}" in written
