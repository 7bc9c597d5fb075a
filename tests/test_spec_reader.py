"""A tree to a spec: names, sizes, inputs, and every wrong word in one run."""

import pytest

from seqshape.faults import (
    BadSize,
    Fault,
    MissingKey,
    NotASpec,
    StrayWord,
    TakenName,
    UnknownKey,
    WrongKind,
)
from seqshape.spec import Block, Entry
from seqshape.spec_reader import snake_case
from seqshape.tree import plain
from tests.reading import spec_of


def arguments(entry: Entry | Block) -> dict[str, object]:
    assert isinstance(entry, Entry)
    return {argument.name.text: plain(argument.value) for argument in entry.arguments}


def named(faults: tuple[Fault, ...]) -> list[tuple[str, int]]:
    return [(type(fault).__name__, fault.place.line) for fault in faults]


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("GRU", "gru"),
        ("LSTM", "lstm"),
        ("TimeDistributed", "time_distributed"),
        ("Conv2D", "conv2d"),
        ("MaxPooling2D", "max_pooling2d"),
        ("GlobalAveragePooling1D", "global_average_pooling1d"),
        ("ops.expand_dims", "expand_dims"),
        ("My>CoolLayer", "cool_layer"),
        ("PReLU", "p_re_lu"),
    ],
)
def test_automatic_names_are_those_of_keras(type_: str, name: str) -> None:
    assert snake_case(type_) == name


def test_names_are_numbered_per_spec_and_pass_over_taken_ones() -> None:
    spec, faults = spec_of(
        """
        layers:
          - {type: Input, shape: [3]}
          - {type: Dense, units: 1}
          - {type: Dense, units: 2}
          - {name: dense_1, type: Dense, units: 3}
          - {type: Dense, units: 4}
          - {reuse: dense}
        """
    )
    assert faults == ()
    names = [entry.name.text for entry in spec.entries]
    assert names == ["input", "dense", "dense_2", "dense_1", "dense_3", "dense_4"]


def test_sizes_are_worked_out_wherever_they_stand_and_texts_are_left() -> None:
    spec, faults = spec_of(
        """
        dims: {T: 64, H: 16, U: null, G: 2*H}
        layers:
          - type: Reshape
            target_shape: [T//2, "2*H", U]
            padding: SAME
            units: G
            words: !!str H
            pure: 2*3
            day: 2024-01-02
            inner: {type: Dense, units: H+1}
        """
    )
    assert faults == ()
    assert arguments(spec.entries[0]) == {
        "target_shape": [32, 32, None],
        "padding": "SAME",
        "units": 32,
        "words": "H",
        "pure": 6,
        "day": "2024-01-02",
        "inner": {"type": "Dense", "units": 17},
    }


def test_overrides_replace_dims_and_what_hangs_on_them() -> None:
    text = "dims: {H: 16, G: 2*H}\nlayers: [{type: Dense, units: G}]\n"
    spec, faults = spec_of(text, H=5)
    assert faults == ()
    assert spec.dims == {"H": 5, "G": 10}
    assert arguments(spec.entries[0]) == {"units": 10}


def test_inputs_in_their_three_forms() -> None:
    spec, faults = spec_of(
        """
        layers:
          - {name: a, type: Add, inputs: x}
          - {name: b, type: Add, inputs: [x, y.0]}
          - {name: c, type: GRU, inputs: {sequences: x, initial_state: [h, c]}}
          - {name: d, type: Add}
        """
    )
    assert faults == ()
    found = [
        None
        if entry.inputs is None
        else [
            (
                flow.parameter.text if flow.parameter else None,
                [word.text for word in flow.references],
                flow.listed,
            )
            for flow in entry.inputs
        ]
        for entry in spec.entries
    ]
    assert found == [
        [(None, ["x"], False)],
        [(None, ["x", "y.0"], True)],
        [("sequences", ["x"], False), ("initial_state", ["h", "c"], True)],
        None,
    ]


def test_a_type_with_layers_is_no_block() -> None:
    spec, faults = spec_of("layers:\n  - {type: Pipeline, layers: [{type: Rescaling, scale: 2}]}\n")
    assert faults == ()
    assert isinstance(spec.entries[0], Entry)


def test_every_wrong_word_is_found_in_one_run() -> None:
    _, faults = spec_of(
        """\
        nam: x
        dims: {h: 1, T: x y}
        outputs: {a: 1}
        keras: {floatX: float16}
        layers:
          - {name: a, type: Dense, units: 2*Q}
          - {name: a, type: Dense}
          - {units: 3}
          - [1]
          - {reuse: a, units: 3}
          - {type: Dense, reuse: a}
          - {type: Dense, call: 3, name: [q], expect: {shapes: 1, params: {mix: 1}}}
          - {name: b, layers: [], repeat: 0, units: 3}
        """
    )
    assert named(faults) == [
        ("UnknownKey", 1),
        ("BadSize", 2),
        ("BadSize", 2),
        ("BadSize", 6),
        ("TakenName", 7),
        ("MissingKey", 8),
        ("WrongKind", 9),
        ("StrayWord", 10),
        ("StrayWord", 11),
        ("WrongKind", 12),
        ("WrongKind", 12),
        ("WrongKind", 12),
        ("UnknownKey", 12),
        ("UnknownKey", 13),
        ("WrongKind", 13),
        ("WrongKind", 13),
        ("WrongKind", 3),
        ("UnknownKey", 4),
    ]
    assert {type(fault) for fault in faults} == {
        UnknownKey,
        BadSize,
        TakenName,
        MissingKey,
        WrongKind,
        StrayWord,
    }


def test_a_repeated_alias_of_an_entry_has_its_name_twice() -> None:
    _, faults = spec_of("layers:\n  - &a {name: x, type: Input, shape: [1]}\n  - *a\n")
    assert named(faults) == [("TakenName", 2)]


@pytest.mark.parametrize("text", ["", "3", "[1]", "name: x", "null"])
def test_what_is_no_spec(text: str) -> None:
    spec, faults = spec_of(text)
    assert [type(fault) for fault in faults] == [NotASpec]
    assert spec.entries == ()


def test_own_keys_are_passed_over() -> None:
    assert spec_of("x-note: {a: [1]}\nlayers: [{type: Input, shape: [1]}]\n")[1] == ()


def test_ignores_come_from_keys_and_comments() -> None:
    spec, _ = spec_of(
        """
        # seqshape: ignore[SEQ302]
        layers:
          - {name: x, type: Input, shape: [1], ignore: SEQ301}
          - name: y
            type: Dense  # seqshape: ignore[SEQ303, SEQ304]
            units: 1
        """
    )
    assert [word.text for word in spec.ignore] == ["SEQ302"]
    assert [[word.text for word in entry.ignore] for entry in spec.entries] == [
        ["SEQ301"],
        ["SEQ303", "SEQ304"],
    ]


@pytest.mark.parametrize(
    ("count", "value"),
    [("1839", 1839), ("2M", 2_000_000), ("1.5k", 1500), ("5e6", 5_000_000), ("3B", 3 * 10**9), ("2*H", 32)],
)
def test_counts(count: str, value: int) -> None:
    spec, faults = spec_of(f"dims: {{H: 16}}\nlayers: [{{type: Input}}]\nexpect: {{params: {count}}}\n")
    assert faults == ()
    assert [budget.exact for budget in spec.expect.budgets] == [value]


@pytest.mark.parametrize("count", ["1.5", "two", "true", "[1]", "{}", "2m", "null"])
def test_what_is_no_count(count: str) -> None:
    _, faults = spec_of(f"layers: [{{type: Input}}]\nexpect: {{params: {count}}}\n")
    assert len(faults) == 1
    assert isinstance(faults[0], WrongKind | BadSize)


def test_expected_axes() -> None:
    spec, faults = spec_of(
        "dims: {T: null}\nlayers: [{type: Input, expect: {shape: [batch, T, any, 3, null]}}]\n"
    )
    assert faults == ()
    entry = spec.entries[0]
    assert [shape.axes for shape in entry.expect.shapes] == [(None, None, "any", 3, None)]
