"""Keras's messages without what Keras wraps round them."""

import pytest

from seqshape.engine.messages import clean


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "Exception encountered when calling Reshape.call().\n\n\x1b[1mThe total size must be unchanged.\x1b[0m\n\n"
            "Arguments received by Reshape.call():\n  • args=('<KerasTensor shape=(None, 2)>',)",
            "The total size must be unchanged.",
        ),
        (
            "Received <KerasTensor shape=(None, 32, 512), dtype=float32, sparse=False, name=keras_tensor_810>",
            "Received (None, 32, 512) float32",
        ),
        ("got <class 'keras.src.layers.core.dense.Dense'>", "got Dense"),
        ("keras.src.layers.core.dense.Dense.__init__() got multiple values", "Dense got multiple values"),
        ("a <keras.src.layers.rnn.GRU object at 0x7f3a51>", "a GRU"),
        ("Expected one of {'b', 'c', 'a'}. Received: {'k': 1}", "Expected one of {'a', 'b', 'c'}. Received: {'k': 1}"),
    ],
)  # fmt: skip
def test_clean(message: str, said: str) -> None:
    assert clean(ValueError(message)) == said


def test_a_message_that_is_none_has_the_kind_of_the_error() -> None:
    assert clean(RecursionError()) == "RecursionError"
    assert clean(KeyError("axis")) == "KeyError: 'axis'"
    assert len(clean(ValueError("x" * 10_000))) < 2100


def test_long_values_are_cut_and_sentences_are_not() -> None:
    prose = "Received (which is a list, and that is not taken here) " * 8
    said = clean(ValueError(f"Bad `x`. {prose}Received: x={[*range(900)]}. Expected a number."))
    assert said.startswith(f"Bad `x`. {prose}Received: x=[0, 1, 2")
    assert said.endswith("898, 899]. Expected a number.")
    assert len(said) < len(prose) + 200


def test_a_value_that_never_ends_is_cut_too() -> None:
    said = clean(ValueError(f"Received: {{'a': {'[1, ' * 3000}"))
    assert len(said) < 200


def test_of_a_layer_that_cannot_be_made_again_only_the_reason_is_left() -> None:
    said = (
        "<class 'keras.src.layers.core.dense.Dense'> could not be deserialized properly. Please ensure …\n\n"
        "config={'module': 'keras.layers', 'class_name': 'Dense'}.\n\n"
        "Exception encountered: Error when deserializing class 'Dense' using config={'units': 3}.\n\n"
        "Exception encountered: Unrecognized keyword arguments passed to Dense: {'go_backwards': True}"
    )
    assert clean(TypeError(said)) == (
        "Unrecognized keyword arguments passed to Dense: {'go_backwards': True}"
    )
