"""What two specs differ in: what was changed, and no more; what says the same is the same."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape.comparison.words import verdict
from seqshape.convert import Options, target
from seqshape.engine import Engine
from tests.comparison.comparing import difference, only, side, spec

SPECS = Path(__file__).parents[2] / "specs"
INPUT = "name: x, type: Input, shape: [8, 6]"
SEVERAL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type: GRU, units: 3", "type: GRU, units: 3, reset_after: true, dropout: 0"),
        (
            "type: GRU, units: 3",
            "type: GRU, units: 3, activation: tanh, kernel_initializer: glorot_uniform",
        ),
        ("type: Conv1D, filters: 3, kernel_size: 2", "type: Conv1D, filters: 3, kernel_size: [2]"),
        ("type: Dense, units: 3, activation: relu", "type: Dense, activation: relu, units: 3"),
        ("type: Dense, units: 3", "name: dense_7, type: Dense, units: 3"),
        ("type: Dense, units: 3", "type: Dense, units: 3, inputs: x"),
        ("type: Dense, units: 3", "type: Dense, units: 3, inputs: {inputs: x}"),
        ("type: Dense, units: 3", "type: Dense, units: 3, expect: {params: {max: 5}}"),
        (
            "type: TimeDistributed, layer: {type: Dense, units: 3}",
            "type: TimeDistributed, layer: {type: Dense, units: 3, use_bias: true, name: other}",
        ),
        ("type: ops.mean, axis: 1", "type: ops.mean, axis: 1, keepdims: false"),
        ("type: Dense, units: 3, name: out", "type: Dense, units: 3, name: out, dtype: float32"),
    ],
)
def test_what_says_the_same_is_the_same(one: str, other: str, engine: Engine) -> None:
    found = difference(spec(INPUT, one), spec(INPUT, other), engine)
    assert found.same, found.differing


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("type: GRU, units: 3", "type: GRU, units: 4", {"units": (3, 4)}),
        ("type: GRU, units: 3", "type: GRU, units: 3, reset_after: false", {"reset_after": (True, False)}),
        ("type: GRU, units: 3, go_backwards: true", "type: GRU, units: 3", {"go_backwards": (True, False)}),
        (
            "type: TimeDistributed, layer: {type: Dense, units: 3}",
            "type: TimeDistributed, layer: {type: Dense, units: 4}",
            {"layer.units": (3, 4)},
        ),
        (
            "type: Bidirectional, layer: {type: GRU, units: 3}",
            "type: Bidirectional, layer: {type: GRU, units: 4}",
            {"layer.units": (3, 4)},
        ),
        (
            "type: RNN, cell: {type: StackedRNNCells, cells: [{type: GRUCell, units: 3}, {type: GRUCell, units: 4}]}",
            "type: RNN, cell: {type: StackedRNNCells, cells: [{type: GRUCell, units: 3}, {type: GRUCell, units: 5}]}",
            {"cell.cells[1].units": (4, 5)},
        ),
        (
            "type: Dense, units: 3",
            "type: Dense, units: 3, kernel_initializer: he_normal",
            {"kernel_initializer": ("GlorotUniform", "HeNormal")},
        ),
        ("type: GRU, units: 3", "type: LSTM, units: 3", {"type": ("GRU", "LSTM")}),
        ("type: Dense, units: 3, name: a", "type: Dense, units: 3, name: b", {"name": ("a", "b")}),
        ("type: ops.mean, axis: 1", "type: ops.mean, axis: 2", {"axis": (1, 2)}),
        (
            "type: Dense, units: 3",
            "type: TimeDistributed, layer: {type: Dense, units: 3}",
            {"type": ("Dense", "TimeDistributed(Dense)")},
        ),
    ],
)
def test_one_change_is_told_and_no_other(
    one: str, other: str, expected: dict[str, tuple[object, object]], engine: Engine
) -> None:
    found = difference(spec(INPUT, one), spec(INPUT, other), engine)
    kind, changed = only(found)
    assert kind.startswith("changed")
    assert changed == expected
    assert not found.same


def test_an_entry_between_two_is_one_difference(engine: Engine) -> None:
    ends = ("name: gru, type: GRU, units: 4", "name: out, type: Dense, units: 2")
    dropout = "name: drop, type: Dropout, rate: 0.5"
    shorter, longer = spec(INPUT, *ends), spec(INPUT, ends[0], dropout, ends[1])
    assert only(difference(shorter, longer, engine)) == ("added drop", {})
    assert only(difference(longer, shorter, engine)) == ("removed drop", {})


def test_what_an_entry_reads(engine: Engine) -> None:
    layers = (INPUT, "name: a, type: Dense, units: 4", "name: b, type: Dense, units: 4")
    one = spec(*layers, "name: sum, type: Subtract, inputs: [a, b]")
    other = spec(*layers, "name: sum, type: Subtract, inputs: [b, a]")
    assert only(difference(one, other, engine)) == (
        "changed sum",
        {"inputs": (["a", "b"], ["b", "a"])},
    )


def test_the_order_of_lines_says_nothing(engine: Engine) -> None:
    left, right = "name: a, type: Dense, units: 4, inputs: x", "name: b, type: Dense, units: 5, inputs: x"
    both = "name: both, type: Concatenate, inputs: [a, b]"
    assert difference(spec(INPUT, left, right, both), spec(INPUT, right, left, both), engine).same


def test_outputs_and_settings(engine: Engine) -> None:
    text = spec(INPUT, "name: a, type: Dense, units: 4", "name: b, type: Dense, units: 4")
    found = difference(text, text + "outputs: [a, b]\n", engine)
    assert found.outputs is not None
    assert (found.differing, found.same) == ((), False)
    assert difference(text, text + "outputs: [b]\n", engine).same
    found = difference(text, text + "keras: {dtype_policy: mixed_float16}\n", engine)
    assert [(change.name, change.one, change.other) for change in found.settings] == [
        ("dtype_policy", None, "mixed_float16")
    ]


def test_what_follows_from_a_change_is_told_apart(engine: Engine) -> None:
    dense = "name: out, type: Dense, units: 2"
    one = spec(INPUT, "name: gru, type: GRU, units: 4", dense)
    other = spec(INPUT, "name: gru, type: GRU, units: 5", dense)
    found = difference(one, other, engine)
    assert [(pair.row.name, pair.kind) for pair in found.differing] == [
        ("gru", "changed"),
        ("out", "affected"),
    ]
    assert [total.difference for total in found.totals][:3] == [
        3 * (6 * 5 + 5 * 5 + 2 * 5) + 5 * 2 - 3 * (6 * 4 + 4 * 4 + 2 * 4) - 4 * 2
    ] * 2 + [0]


def test_a_total_is_told_in_per_cent_of_the_first(engine: Engine) -> None:
    one, other = (spec("name: x, type: Input, shape: [4]", f"type: Dense, units: {n}") for n in (2, 3))
    total = difference(one, other, engine).totals[0]
    assert (total.one, total.other, total.difference, total.percent) == (10, 15, 5, 50.0)
    empty = spec("name: x, type: Input, shape: [4]")
    assert difference(empty, one, engine).totals[0].percent is None


def test_a_model_with_errors_is_compared_as_far_as_it_goes(engine: Engine) -> None:
    good = spec(INPUT, "name: a, type: Dense, units: 4", "name: b, type: GRU, units: 4")
    bad = spec(INPUT, "name: a, type: Dense, units: 5", "name: b, type: GRU, unitz: 4")
    found = difference(good, bad, engine)
    assert (found.complete, found.same) == (False, False)
    assert {pair.row.name: pair.kind for pair in found.differing} == {"a": "changed", "b": "changed"}
    assert verdict(found).startswith("B has errors; what could be judged is compared.")


def test_a_file_that_cannot_be_read_is_not_compared(engine: Engine) -> None:
    for one, names in ((spec(INPUT), "B"), ("layers: [", "A and B")):
        found = difference(one, "layers: [", engine)
        assert not found.same
        assert verdict(found) == f"There is nothing to compare: {names} cannot be read."


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_spec_equals_itself_and_its_other_forms(path: Path, engine: Engine) -> None:
    text = path.read_text(encoding="utf-8")
    one = side(text, engine)
    if one.subject is None:
        assert not difference(text, text, engine).differing
        return
    assert difference(text, text, engine).same
    for form in ("yaml", "keras-json"):
        if path.stem != "shared_dense" or form == "yaml":  # Keras's JSON has no way to say it
            written = target(form).write(one.subject, Options()).text
            assert difference(text, written, engine).same, form


Layers = list[tuple[str, int]]
LAYERS: st.SearchStrategy[Layers] = st.lists(
    st.tuples(st.sampled_from(("Dense", "GRU")), st.integers(1, 3)), min_size=1, max_size=6
)


def chain(layers: Layers, named: bool) -> str:
    entries: list[dict[str, object]] = [{"name": "x", "type": "Input", "shape": [4, 3]}]
    for number, (type_, units) in enumerate(layers):
        entry: dict[str, object] = {"type": type_, "units": units}
        if named:
            entry["name"] = f"l{number}"
        if type_ == "GRU":
            entry["return_sequences"] = True
        entries.append(entry)
    return json.dumps({"layers": entries})


@SEVERAL
@given(layers=LAYERS, named=st.booleans())
def test_a_chain_never_differs_from_itself(layers: Layers, named: bool, engine: Engine) -> None:
    assert difference(chain(layers, named), chain(layers, named), engine).same


@SEVERAL
@given(layers=LAYERS, place=st.integers(0, 5), named=st.booleans())
def test_other_units_of_one_layer_are_one_change(
    layers: Layers, place: int, named: bool, engine: Engine
) -> None:
    place %= len(layers)
    type_, units = layers[place]
    changed = [*layers[:place], (type_, units + 4), *layers[place + 1 :]]
    found = difference(chain(layers, named), chain(changed, named), engine)
    kind, said = only(found)
    assert kind.startswith("changed")
    assert said == {"units": (units, units + 4)}
    assert found.differing[0].other is found.other.rows[place + 1]


@SEVERAL
@given(layers=LAYERS, place=st.integers(0, 6))
def test_one_more_layer_is_one_addition(layers: Layers, place: int, engine: Engine) -> None:
    place %= len(layers) + 1
    longer = [*layers[:place], ("Dense", 9), *layers[place:]]
    kind, _ = only(difference(chain(layers, False), chain(longer, False), engine))
    assert kind.startswith("added dense")
