"""The stations joined: what a whole file gives."""

import pytest

from seqshape.engine import Engine
from seqshape.faults import KerasBroken, KerasMissing, KerasTooOld
from seqshape.pipeline import Report, UnknownDim, inspect, inspect_bytes
from seqshape.places import TOP
from seqshape.render import renderer
from seqshape.render._surface import Options, Surface
from seqshape.report import Run
from tests.marked import mismatches

X = "layers:\n  - {name: x, type: Input, shape: [8, 4]}\n"


def report(text: str, engine: Engine, **dims: int | None) -> Report:
    return inspect_bytes("x.yaml", text.encode(), dims=dims, engine=engine)


def codes(text: str, engine: Engine) -> list[tuple[str, int]]:
    return [(item.code, item.place.line) for item in report(text, engine).diagnostics]


MARKED = {
    "words that cannot be silenced": """
layers:
  - {type: Input, shape: [3]}
  - {type: Dens, units: 3, ignore: SEQ102}  # SEQ102: did you mean `Dense`? # SEQ119: cannot be silenced
""",
    "an empty block": """
layers:
  - {name: x, type: Input, shape: [3]}
  - {name: b, layers: []}  # SEQ105: at least one entry
  - {type: Dense, units: 3}
  - {type: Dense, units: 3, inputs: b}
""",
    "a layer that wraps itself": """
layers:
  - {name: x, type: Input, shape: [3]}
  - {name: e, reuse: e}  # SEQ109: reads itself
  - {name: t, type: TimeDistributed, layer: {reuse: t}, inputs: x}  # SEQ109: reads itself
""",
    "an op that is wrapped": """
layers:
  - {name: x, type: Input, shape: [3, 4]}
  - {name: r, type: ops.relu}
  - {type: TimeDistributed, layer: {reuse: r}}  # SEQ117: only a layer can be wrapped
""",
    "an op without a tensor": """
layers:
  - {name: x, type: Input, shape: [3]}
  - {name: big, type: ops.full, shape: [1000000, 1000000], fill_value: 0, inputs: {}}  # SEQ116: nothing to read
  - {name: none, type: Concatenate, inputs: []}  # SEQ116: nothing to read
""",
    "an input given twice": """
layers:
  - {name: x, type: Input, shape: [3, 4]}
  - {type: ops.relu, x: 3}  # SEQ117: it is what `inputs` gives
""",
    "a Reshape that is called again": """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: y, type: Input, shape: [6]}
  - {name: r, type: Reshape, target_shape: [2, 2], inputs: x}
  - {name: s, reuse: r, inputs: y}  # SEQ205: Reshape to [2, 2] holds 4 elements a sample, and `y` (batch, 6) has 6
  - name: long  # SEQ205: has 4
    type: Reshape
    target_shape: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    inputs: x
""",
    "every refused argument": """
keras: {floatx: float32}
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - name: g
    type: GRU
    units: 4
    activation: tahn  # SEQ210: activation: tahn
    recurrent_activation: sigmod  # SEQ210: recurrent_activation: sigmod
""",
    "every refused setting": """
keras:
  floatx: float99  # SEQ120: float99
  dtype_policy: nope  # SEQ120: nope
layers:
  - {name: x, type: Input, shape: [4, 3]}
""",
    "a text where true or false belongs": """
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - {type: GRU, units: 4, return_sequences: no}  # SEQ105: takes `true` or `false`, and this is the text `no`
""",
    "an expectation of several outputs": """
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - {name: enc, type: GRU, units: 4, return_state: true, expect: {shape: [batch, 4]}}
outputs: [enc.*]
expect:
  outputs:
    enc: [batch, 4]  # SEQ110: enc.state
    enc.state: [batch, 4]
""",
    "a type by its module": """
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - {type: keras.layers.Dense, units: 4}  # SEQ102: did you mean `Dense`?
  - {type: keras.ops.add, x2: 1}  # SEQ102: did you mean `ops.add`?
""",
    "a slip beside right sizes": """
dims: {T: 8, C: 4}
layers:
  - {name: x, type: Input, shape: [T, CC]}  # SEQ112: did you mean `C`?
  - {name: z, type: Input, shape: [T, Features]}  # SEQ112: no dim `Features`
  - {name: y, type: Input, shape: [T, C + 1, Q + 1]}  # SEQ112: no dim `Q`
""",
    "a function that takes a function": """
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - {type: ops.map, f: abc}  # SEQ113: Python function
""",
    "layers with another name": """
layer: []  # SEQ101: did you mean `layers`?
""",
    "no inputs at all": """
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - {type: Dense, units: 1, inputs: null}  # SEQ105: inputs
  - {type: Dense, units: 1, inputs: [[x]]}  # SEQ105: inputs
""",
    "an endless count": f"""
layers:
  - {{name: x, type: Input, shape: [4, 3]}}
expect: {{params: {"9" * 5000}k}}  # SEQ112: is no size
""",
    "habits of Python": """
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - {name: y, tpye: Dense, units: 3}  # SEQ101: did you mean `type`?
  - {name: r, type: Reshape, target_shape: (4, 3), inputs: x}  # SEQ103: square brackets
  - {name: g, type: GRU, units: 3, initial_state: [x], inputs: x}  # SEQ103: belongs to the call
  - {name: a, type: Attention, inputs: {query: x}}  # SEQ114: it has `inputs`
""",
    "a misspelt Input is one mistake": """
layers:
  - {name: x, type: Inptu, shape: [4, 3]}  # SEQ102: did you mean `Input`?
  - {type: Dense, units: 3}
""",
    "a shape with the batch in it": """
layers:
  - {name: x, type: Input, shape: [batch, 4, 3]}  # SEQ210: leave the batch axis out
  - {name: y, type: Input, shape: (4)}  # SEQ210: square brackets
""",
    "steps that were dropped": """
layers:
  - {name: x, type: Input, shape: [4, 3]}
  - {name: a, type: LSTM, units: 3}
  - {name: b, type: LSTM, units: 3}  # SEQ203: return_sequences: true
""",
    "reuse with company": """
layers:
  - {name: x, type: Input, shape: [3, 4]}
  - {name: d, type: Dense, units: 4}
  - {type: TimeDistributed, layer: {reuse: d, units: 4}}  # SEQ117: nothing beside it
  - {type: TimeDistributed, layer: {reuse: [d]}, inputs: x}  # SEQ105: the name of an earlier layer
  - {type: Dense, units: 1, kernel_initializer: {reuse: d}, inputs: x}  # SEQ117: takes no layer
  - {type: Dense, units: 1, kernel_initializer: {type: Dense, units: 2}, inputs: x}  # SEQ102: Dense
  - {name: y, reuse: x}  # SEQ117: data that comes in
""",
    "a block of several outputs": """
layers:
  - {name: x, type: Input, shape: [3, 4]}
  - name: enc
    layers:
      - {name: g, type: GRU, units: 4, return_state: true}
  - {name: d, type: Dense, units: 2}  # SEQ110: `enc.output` or `enc.state`
  - {name: e, type: Dense, units: 2, inputs: enc.state}
""",
    "several wrong axes": """
layers:
  - {type: Input, shape: [3], expect: {shape: [Q, R, 3]}}  # SEQ112: Q # SEQ112: R
""",
    "dims in the wrong order": """
dims: {H: 2*T, T: 4, G: 2*G}  # SEQ112: `T` is not known there yet # SEQ112: `G` is not known there yet
layers:
  - {type: Input, shape: [T]}
""",
    "a broken alias says so once": """
layers: *nope  # SEQ005: nope
""",
    "an alias of a wrong entry": """
layers:
  - {name: x, type: Input, shape: [3]}
  - &d {type: Dense, units: 3, foo: 3}  # SEQ103: foo
  - *d
  - *d
""",
    "a wrong word inside a wrapper": """
layers:
  - {name: x, type: Input, shape: [3, 4]}
  - type: TimeDistributed
    layer:
      type: Dense
      units: 1
      activation: rleu  # SEQ210: Dense does not take `activation: rleu`
""",
    "a list of one": """
layers:
  - {name: x, type: Input, shape: [3, 4]}
  - {type: GRU, units: 2, inputs: [x]}  # SEQ299: write `x` to pass the tensor itself
""",
    "an undeclared dim": """
layers:
  - {name: x, type: Input, shape: [T, 4]}  # SEQ210: declare its names in `dims`
""",
    "an infinite rate": """
layers:
  - {name: x, type: Input, shape: [4]}
  - {type: Dropout, rate: .inf}  # SEQ210: `rate: .inf`
""",
    "a vocabulary is a list": """
layers:
  - {name: x, type: Input, shape: [4], dtype: string}
  - {type: StringLookup, vocabulary: /etc/passwd}  # SEQ105: never opened
""",
    "no objects of Keras by their serialized form": """
layers:
  - {name: x, type: Input, shape: [4]}
  - {type: Dense, units: 1, activation: {class_name: Lambda, config: {function: x}}}  # SEQ117: class_name
""",
    "copies of a block and a name like theirs": """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: a, repeat: 2, layers: [{name: d, type: Dense, units: 4}]}
  - {name: a_0, type: Dense, units: 4}  # SEQ106: a_0
  - {name: a_1.d, type: Dense, units: 4}  # SEQ106: a_1.d
""",
    "a layer that nobody registered": """
layers:
  - {name: x, type: Input, shape: [4]}
  - {type: Mine>Layer, units: 4}  # SEQ102: no custom layer is registered
""",
    "a name of an inner layer": """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: b, repeat: 2, layers: [{name: d, type: Dense, units: 4}]}
  - {name: f, reuse: d, inputs: x}  # SEQ107: there is no entry `d`
  - {name: g, reuse: b_1.d, inputs: x}
""",
}


@pytest.mark.parametrize("name", MARKED)
def test_diagnostics_stand_where_they_are_marked(name: str, engine: Engine) -> None:
    text = MARKED[name]
    assert mismatches(text, report(text, engine).diagnostics) == []


def test_texts_stay_texts_beside_dims_of_the_same_name(engine: Engine) -> None:
    text = """
dims: {A: 8, T: 8}
layers:
  - {name: x, type: Input, shape: [4], dtype: string}
  - {type: StringLookup, vocabulary: [A, C, G, T], output_mode: multi_hot, expect: {shape: [batch, 5]}}
  - {type: StringLookup, vocabulary: ["C//", "I*I", "2*3"], inputs: x, expect: {shape: [batch, 4]}}
"""
    assert codes(text, engine) == []


def test_everything_that_flows_into_a_block(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: y, type: Input, shape: [4]}
  - name: b
    inputs: [x, y]
    layers:
      - {name: all, type: Concatenate, inputs: input.*, expect: {shape: [batch, 8]}}
      - {name: same, type: Concatenate, inputs: input, expect: {shape: [batch, 8]}}
      - {name: one, type: Dense, units: 1, inputs: input.1}
"""
    assert codes(text, engine) == []


def test_one_mistake_one_diagnostic(engine: Engine) -> None:
    text = f"{X}  - {{type: LSTM, units: 4, inputs: {{sequence: x}}}}\n  - {{type: GRU, unit: 4}}\n"
    assert codes(text, engine) == [("SEQ114", 3), ("SEQ103", 4)]


def test_rows_of_wrong_entries_are_errors_and_the_others_skipped(engine: Engine) -> None:
    text = f"x-d: &d {{type: Dense, unit: 3}}\n{X}  - {{<<: *d}}\n  - {{type: Dense, units: 2}}\n"
    assert [row.status for row in report(text, engine).rows] == ["skipped", "error", "skipped"]


def test_a_useless_ignore_is_told_where_keras_was_asked(engine: Engine) -> None:
    entry = "  - {type: Dense, units: 2, ignore: [SEQ201]}\n"
    assert codes(X + entry, engine) == [("SEQ118", 3)]
    assert codes(f"{X}{entry}  - {{type: Dnse}}\n", engine) == [("SEQ102", 4)]


def test_an_ignored_refusal_is_silent(engine: Engine) -> None:
    found = report(f"{X}  - {{type: Dense, units: 2, activation: rleu, ignore: SEQ210}}\n", engine)
    assert (found.diagnostics, [row.status for row in found.rows]) == ((), ["ok", "error"])


@pytest.mark.parametrize(
    ("line", "other"),
    [("units: 2, ignore: [SEQ401]", ""), ("units: 2", "  # seqshape: ignore[SEQ401]")],
    ids=["key", "comment"],
)
def test_an_expectation_can_be_ignored(line: str, other: str, engine: Engine) -> None:
    entry = f"  - {{type: Dense, {line}, expect: {{shape: [1]}}}}{other}\n"
    assert codes(X + entry, engine) == []


def test_dims_are_replaced_and_unknown_ones_refused(engine: Engine) -> None:
    text = "dims: {H: 2}\nlayers: [{type: Input, shape: [H]}]\n"
    assert report(text, engine, H=7).rows[0].outputs[0].tensor.shape == (None, 7)
    with pytest.raises(UnknownDim, match="no dim `HH`; did you mean `H`"):
        report(text, engine, HH=7)


def test_a_missing_file_is_an_os_error(engine: Engine) -> None:
    with pytest.raises(FileNotFoundError):
        inspect("no/such/file.yaml", engine=engine)


@pytest.mark.parametrize(
    "fault",
    [
        KerasMissing(TOP, "Keras is not installed"),
        KerasTooOld(TOP, "2.15", "3.8"),
        KerasBroken(TOP, "no libz", "W0000 chatter"),
    ],
    ids=["missing", "old", "broken"],
)
def test_without_keras_the_words_of_the_language_are_still_judged(fault: object, tmp_path: object) -> None:
    from seqshape.engine import KerasUnavailable

    class Without(Engine):
        def catalogue(self) -> object:  # type: ignore[override]
            raise KerasUnavailable(fault)  # type: ignore[arg-type]

    found = report(f"nam: x\n{X}", Without(tmp_path))  # type: ignore[arg-type]
    assert sorted(item.code[:4] for item in found.diagnostics) == ["SEQ1", "SEQ9"]
    assert found.keras is None
    shown = renderer("table").render(Run((found,)), Surface(), Options())
    assert "Traceback" not in shown
    if isinstance(fault, KerasBroken):
        assert "W0000 chatter" in shown


def test_a_message_of_keras_is_the_same_in_every_process(engine: Engine) -> None:
    found = report("keras: {floatx: float99}\nlayers: [{type: Input, shape: [3]}]\n", engine)
    names = found.diagnostics[0].keras.partition("{")[2].partition("}")[0].split(", ")
    assert len(names) > 2
    assert names == sorted(names)


def test_standard_formats_of_the_same_spec(engine: Engine) -> None:
    as_yaml = report(f"{X}  - {{type: Dense, units: 2}}\n", engine)
    as_json = report(
        '{"layers": [{"name": "x", "type": "Input", "shape": [8, 4]}, {"type": "Dense", "units": 2}]}',
        engine,
    )
    assert [row.outputs for row in as_yaml.rows] == [row.outputs for row in as_json.rows]
