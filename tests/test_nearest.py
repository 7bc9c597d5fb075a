"""Which right word a wrong one is near to."""

import pytest

from seqshape.engine import Engine
from seqshape.nearest import nearest, ranked


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Dnese", "Dense"),
        ("dense", "Dense"),
        ("lstm", "LSTM"),
        ("batch_normalization", "BatchNormalization"),
        ("LayerNorm", "LayerNormalization"),
        ("Batchnorm", "BatchNormalization"),
        ("Conv", "Conv1D"),
        ("ConvTranspose", "Conv1DTranspose"),
        ("TimeDist", "TimeDistributed"),
        ("MHA", "MultiHeadAttention"),
        ("BN", "BatchNormalization"),
        ("GAP", "GlobalAveragePooling1D"),
        ("RNNCell", "SimpleRNNCell"),
        ("Attn", "Attention"),
        ("LTSM", "LSTM"),
        ("Xylophone", None),
    ],
)
def test_the_layer_that_was_meant(word: str, meant: str | None, engine: Engine) -> None:
    layers = [name for name in engine.catalogue().names(None) if not name.startswith("ops.")]
    assert nearest(word, layers) == meant


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("relu", ["relu6", "elu", "ReLU", "selu"], "ReLU"),  # letters' case before all else
        ("unit", ["unit_forget_bias", "units"], "units"),  # of what begins so the shortest
        ("tahn", ["tanh_shrink", "tanh"], "tanh"),  # a slip before a word that lost letters
        ("returnSequences", ["return_state", "return_sequences"], "return_sequences"),
        ("re", ["return_sequences", "recurrent_dropout"], None),  # two letters say too little
    ],
)
def test_what_counts_more(word: str, known: list[str], found: str | None) -> None:
    assert nearest(word, known) == found
    assert nearest(word, reversed(known)) == found


def test_the_likeliest_come_first_and_no_more_than_asked_for() -> None:
    known = [f"Conv{number}D" for number in range(9)]
    assert ranked("Conv3d", known, 1) == ("Conv3D",)
    assert len(ranked("Conv", known, 4)) == 4


def test_a_word_of_any_length_is_answered() -> None:
    assert nearest("A" * 10**6, ["A"]) is None
    assert nearest("", ["A"]) is None
