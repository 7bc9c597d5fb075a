"""A spec as a spec: what a file says stays, and what is written is written so again."""

import keras
import pytest
from keras import layers

from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from tests.convert.converting import converted


def hints(text: str, name: str, engine: Engine) -> tuple[str, ...]:
    found = judged("model.yaml", text.encode(), engine=engine, trace=False)
    assert found.subject is not None
    return target(name).write(found.subject, Options()).hints


REPEATED = """\
dims: {N: 3, H: 8}
layers:
  - {name: x, type: Input, shape: [H]}
  - name: first
    repeat: N
    layers:
      - {type: Dense, units: H}
      - {type: Dropout, rate: 0.1}
  - name: second
    repeat: 2*N
    layers:
      - {type: Dense, units: H}
      - {type: Dropout, rate: 0.2}
"""
OWN = """\
x-team: {mail: a@b, list: [1, 2, {answer: no}], rate: 1e-06, size: H, text: '12', empty: null}
x-note: one word
"""


def test_copies_stay_counted_in_dims(engine: Engine) -> None:
    assert converted(REPEATED, "yaml", engine) == REPEATED


def test_keys_of_the_user_stay(engine: Engine) -> None:
    dims, rest = REPEATED.split("\n", 1)
    text = f"{dims}\n{OWN}{rest}"
    assert converted(text, "yaml", engine) == text


@pytest.mark.parametrize("axes", [None, 1, (1,)])
@pytest.mark.parametrize("shape", [4, (4,)])
def test_a_list_of_one_size_is_written_once_and_for_all(
    shape: int | tuple[int], axes: int | tuple[int] | None, engine: Engine
) -> None:
    x = keras.Input((5, 4), name="x")
    attention = layers.MultiHeadAttention(2, 2, output_shape=shape, attention_axes=axes, name="attention")
    text = converted(keras.Model(x, attention(x, x)).to_json(), "yaml", engine)
    assert "output_shape: 4" in text
    assert converted(text, "yaml", engine) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# of a kind\n" + REPEATED, "the comments of the file are not written"),
        (REPEATED.replace("rate: 0.1}", "rate: &rate 0.1}"), "the anchors of the file are not written"),
        (
            REPEATED.replace("rate: 0.1}", "rate: &rate 0.1} # of a kind"),
            "the comments and the anchors of the file are not written",
        ),
    ],
)
def test_what_a_file_says_to_readers_alone_is_told(text: str, said: str, engine: Engine) -> None:
    assert hints(text, "yaml", engine) == (said,)
    assert hints(text, "python", engine) == ()


@pytest.mark.parametrize("end", ["", "# seqshape: ignore[SEQ301]\n"])
def test_where_nothing_is_lost_nothing_is_told(end: str, engine: Engine) -> None:
    quoted = REPEATED.replace("layers:", 'x-note: "# no comment"\nlayers:', 1)
    assert hints(quoted + end, "yaml", engine) == ()
