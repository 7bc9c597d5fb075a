"""Wrong words and the right ones in their place: each kind of mistake, as it stands in the text."""

import pytest

from seqshape.engine import Engine
from tests.repair_search.asking import errors, fixed, report_of

X = "  - {name: xin, type: Input, shape: [9, 4]}\n"


@pytest.mark.parametrize(
    ("entry", "right", "argument"),
    [
        ("{name: a, type: GRUU, units: 4}", "{name: a, type: GRU, units: 4}", "type"),
        ("{name: a, type: 'GRUU', units: 4}", "{name: a, type: 'GRU', units: 4}", "type"),
        ('{"name": "a", "type": "GRUU", "units": 4}', '{"name": "a", "type": "GRU", "units": 4}', "type"),
        ("{name: a, type: GRU, unit: 4}  # é", "{name: a, type: GRU, units: 4}  # é", "units"),
        ("{name: a, type: GRU, units: 4, input: xin}", "{name: a, type: GRU, units: 4, inputs: xin}", "inputs"),
        ("{name: a, type: GRU, units: 4, inputs: xinn}", "{name: a, type: GRU, units: 4, inputs: xin}", "inputs"),
        ("{name: a, type: GRU, units: 2*Hiden}", "{name: a, type: GRU, units: 2*Hidden}", "units"),
        (
            "{name: a, type: GRU, units: 4, return_sequences: yes}",
            "{name: a, type: GRU, units: 4, return_sequences: true}",
            "return_sequences",
        ),
        (
            "{name: a, type: MultiHeadAttention, num_heads: 2, key_dim: 2, inputs: {query: xin}}",
            "{name: a, type: MultiHeadAttention, num_heads: 2, key_dim: 2, inputs: {query: xin, value: xin}}",
            "inputs",
        ),
    ],
)  # fmt: skip
def test_a_word_put_right(entry: str, right: str, argument: str, engine: Engine) -> None:
    head = f"dims: {{Hidden: 3}}\nlayers:\n{X}"
    text = f"{head}  - {entry}\n"
    (item,) = errors(report_of(text, engine))
    assert fixed(text, item) == f"{head}  - {right}\n"
    assert report_of(fixed(text, item), engine).ok
    assert item.cause is not None
    assert (item.cause.layer, item.cause.argument) == ("a", argument)


def test_each_of_two_wrong_words_of_one_entry(engine: Engine) -> None:
    text = f"layers:\n{X}  - {{name: a, type: GRUU, unit: 4}}\n"
    for left in (1, 0):
        item = errors(report_of(text, engine))[0]
        assert item.fixes[0].remaining == left
        text = fixed(text, item)
    assert text == f"layers:\n{X}  - {{name: a, type: GRU, units: 4}}\n"


def test_a_word_is_put_right_though_the_entry_does_not_fit(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [9]}\n  - {name: a, type: GRU, unit: 4}\n"
    (item,) = errors(report_of(text, engine))
    assert [(fix.title, fix.remaining) for fix in item.fixes] == [("write `units` for `unit`", 1)]


def test_a_word_like_no_other_is_left_alone(engine: Engine) -> None:
    text = f"layers:\n{X}  - {{name: a, type: Qwertyuiop, units: 4}}\n"
    (item,) = errors(report_of(text, engine))
    assert item.fixes == ()


def test_no_right_word_stands_where_it_is_refused(engine: Engine) -> None:
    """`inputs` near `output`? What does not hold when it is judged is not shown."""
    text = f"layers:\n{X}  - {{name: a, type: Dense, units: 4, inputs: xout}}\n"
    (item,) = errors(report_of(text, engine))
    for number in range(len(item.fixes)):
        assert report_of(fixed(text, item, number), engine).ok
