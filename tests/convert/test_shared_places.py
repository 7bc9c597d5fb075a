"""One layer at several places of an archive: counted once where a spec can say so, told where not."""

from collections.abc import Callable
from pathlib import Path

import keras
import pytest
from keras import layers

from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from seqshape.pipeline import inspect_bytes
from tests.convert.converting import report_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")


def wrapped_after() -> keras.Model:
    """A layer is called, then again in a wrapper."""
    steps, dense = keras.Input((5, 4), name="steps"), layers.Dense(4, name="dense")
    return keras.Model(steps, layers.TimeDistributed(dense, name="each")(dense(steps)))


def wrapped_beside() -> keras.Model:
    """A layer and a wrapper of it read the same."""
    steps, dense = keras.Input((5, 4), name="steps"), layers.Dense(4, name="dense")
    return keras.Model(steps, layers.Add()([dense(steps), layers.TimeDistributed(dense)(steps)]))


def wrapped_twice() -> keras.Model:
    """A wrapper of a wrapper, of a layer that is called before."""
    pictures, dense = keras.Input((3, 5, 4), name="pictures"), layers.Dense(4, name="dense")
    each = layers.TimeDistributed(layers.TimeDistributed(dense))
    return keras.Model(pictures, each(dense(pictures)))


def in_a_sequence() -> keras.Model:
    """The same in a Sequential."""
    dense = layers.Dense(4, name="dense")
    return keras.Sequential([keras.Input((5, 4)), dense, layers.TimeDistributed(dense)])


def two_cells() -> keras.Model:
    """One cell twice in a stack."""
    steps, cell = keras.Input((5, 4), name="steps"), layers.GRUCell(4)
    return keras.Model(steps, layers.RNN([cell, cell], name="rnn")(steps))


def saved(model: keras.Model, folder: Path) -> bytes:
    """The archive of a model, which Keras itself can load with the same count of weights."""
    path = folder / "model.keras"
    model.save(path)
    assert keras.models.load_model(path).count_params() == model.count_params()
    return path.read_bytes()


@pytest.mark.parametrize("build", [wrapped_after, wrapped_beside, wrapped_twice, in_a_sequence])
def test_its_weights_are_counted_once(
    build: Callable[[], keras.Model], tmp_path: Path, engine: Engine
) -> None:
    model = build()
    data = saved(model, tmp_path)
    found = judged("model.keras", data, engine=engine)
    assert found.report.totals.params == model.count_params()
    assert found.subject is not None
    written = target("yaml").write(found.subject, Options()).text
    assert report_of(written, engine).totals.params == model.count_params()


def test_what_a_spec_cannot_say_is_told(tmp_path: Path, engine: Engine) -> None:
    model = two_cells()
    found = inspect_bytes("model.keras", saved(model, tmp_path), engine=engine)
    assert [(item.code, item.severity, item.layer) for item in found.diagnostics] == [
        ("SEQ123", "warning", "rnn")
    ]
    assert found.totals.params == 2 * model.count_params()
