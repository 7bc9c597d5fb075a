"""Names that Keras takes and a spec would read as something else."""

import keras
import pytest
from keras import Input, Model
from keras import layers as kl

from seqshape.convert import Options, Subject, target
from seqshape.engine import Engine
from seqshape.judged import Judged, judged
from tests.convert.against import agree

NAMES = [
    "", " ", "a b", "no", "1e6", "null", "0", "x-own", "naïve", "日本", "input", "input.0", "a.b", ".",
    "a.", "*", "a.*", "#", "a: b", "'", "new\nline", "<<", "\ufeff", "block_0",
]  # fmt: skip


def named(name: str) -> Model:
    """A model with the name at two levels, once as a state's reference would be written."""
    inside = Input((5, 4), name="i")
    first = kl.Dense(4, name=name)(inside)
    inner = Model(inside, kl.Add(name="sum")([first, inside]), name="inner")
    x = Input((5, 4), name="x")
    states = kl.GRU(4, return_state=True, return_sequences=True, name="gru")(inner(x))
    end = kl.Dense(4, name=name)(states[0])
    return Model(x, kl.Add(name="end")([end, states[0], x]))


def clashing(outer: str, inner: str) -> Model:
    """A model in which a layer is called as a path to another one, or to one of its outputs."""
    inside = Input((5, 4), name="i")
    made = Model(inside, kl.Dense(4, name=inner)(kl.Dense(4, name="mid")(inside)), name=outer)
    x = Input((5, 4), name="x")
    reached = made(x)
    other = kl.Dense(4, name=f"{outer}.{inner}")(reached)
    return Model(x, kl.Add(name="end")([reached, other, kl.Dense(4, name="mid")(x)]))


def states(*names: str) -> Model:
    """A model whose layers are called as the outputs of one of them."""
    x = Input((5, 4), name="x")
    found = kl.LSTM(4, return_state=True, name="enc")(x)
    dense = [kl.Dense(4, name=name)(found[1]) for name in names]
    return Model(x, kl.Add(name="end")([found[0], found[2], *dense]))


def wrapped(name: str) -> Model:
    """A model inside a layer, with entries that are called as what flows into it."""
    inside = Input((4,), name="i")
    first = kl.Dense(4, name=name)(inside)
    inner = Model(inside, kl.Add(name="sum")([first, kl.Dense(4, name="second")(first), inside]))
    return keras.Sequential([Input((5, 4), name="x"), kl.TimeDistributed(inner, name="steps")])


def read(model: Model, engine: Engine) -> Judged:
    return judged("model.json", model.to_json().encode(), engine=engine, trace=False)


def subject_of(model: Model, engine: Engine) -> Subject:
    subject = read(model, engine).subject
    assert subject is not None
    return subject


def again(text: str, engine: Engine) -> Subject:
    found = judged("model.yaml", text.encode(), engine=engine, trace=False)
    assert found.report.ok, [item.message for item in found.report.diagnostics]
    assert found.subject is not None
    return found.subject


def wiring(subject: Subject) -> list[object]:
    """What each call reads and gives, without names."""
    return [
        (row.sources, [output.tensor.shape for output in row.outputs], row.params) for row in subject.rows
    ]


MODELS = {
    **{f"named {name!r}": (named, name) for name in NAMES},
    "a path": (clashing, "a", "dense"),
    "a path of dots": (clashing, "a.b", "c"),
    "what flows in": (clashing, "input", "input"),
    "an output": (clashing, "a", "0"),
    "states": (states, "enc.0", "enc.state_h", "enc.2"),
}


@pytest.mark.parametrize("case", MODELS)
def test_any_name_of_keras_is_right(case: str, engine: Engine) -> None:
    make, *names = MODELS[case]
    keras.backend.clear_session()
    model = make(*names)
    found = read(model, engine)
    agree(found.report, model)
    assert found.subject is not None
    written = target("yaml").write(found.subject, Options())
    assert wiring(again(written.text, engine)) == wiring(found.subject)


@pytest.mark.parametrize("name", ["input", "input.0", "", "a.b", "sum.0"])
@pytest.mark.parametrize("form", ["yaml", "keras-json"])
def test_any_name_inside_a_layer(name: str, form: str, engine: Engine) -> None:
    model = wrapped(name)
    found = read(model, engine)
    assert [row.name for row in found.report.rows] == ["x", "steps"]
    assert found.report.totals.params == model.count_params()
    assert found.subject is not None
    text = target(form).write(found.subject, Options()).text
    assert wiring(again(text, engine)) == wiring(found.subject)


def test_a_name_changes_only_where_it_would_mean_something_else(engine: Engine) -> None:
    model = states("enc.output", "enc.0", "other.0", "x.y")
    written = target("yaml").write(subject_of(model, engine), Options())
    names = [row.name for row in again(written.text, engine).rows]
    assert names == ["x", "enc", "enc_output", "enc.0", "other.0", "x.y", "end"]
    assert written.hints == (
        "the name `enc.output` would mean something else in a spec; it is `enc_output` there",
    )


def test_a_new_name_is_one_that_no_layer_has(engine: Engine) -> None:
    written = target("yaml").write(subject_of(states("enc.output", "enc_output"), engine), Options())
    names = [row.name for row in again(written.text, engine).rows]
    assert names == ["x", "enc", "enc_output_1", "enc_output", "end"]


def test_a_name_in_a_block_is_told_with_the_block(engine: Engine) -> None:
    written = target("yaml").write(subject_of(named("input"), engine), Options())
    assert written.hints == (
        "the name `input` in `inner` would mean something else in a spec; it is `input_1` there",
    )


def test_many_new_names_are_told_shortly(engine: Engine) -> None:
    names = [f"{letter}*" for letter in "abcdefg"]
    written = target("yaml").write(subject_of(states(*names), engine), Options())
    assert len(written.hints) == 6
    assert written.hints[-1] == "2 more names are others for that reason"
