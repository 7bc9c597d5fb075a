"""Every model of `keras.applications`: exported here without weights, read again, equal layer by layer.

Some fifty seconds for all of them, of which building them in Keras takes a third.
"""

import gc
import inspect
from collections.abc import Iterator

import keras
import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from tests.convert.against import agree

MODELS = sorted(name for name, value in vars(keras.applications).items() if inspect.isfunction(value))
TRACED = {"MobileNetV3Small", "ResNet50", "VGG16"}
"""Models of which each call is traced too; the others are built alone."""


@pytest.fixture(autouse=True, scope="module")
def unwatched() -> Iterator[None]:
    """Keeps Python from looking for garbage among what Keras and TensorFlow hold: a third of the time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def test_there_are_models() -> None:
    assert len(MODELS) >= 38
    assert set(MODELS) >= TRACED


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_keras_applications(name: str, engine: Engine) -> None:
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
    data = model.to_json().encode()
    agree(inspect_bytes(f"{name}.json", data, engine=engine, trace=name in TRACED), model)
