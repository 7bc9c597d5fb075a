"""A spec at many sizes, against textbook formulas and against judging each combination by itself."""

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from seqshape.render._surface import Surface
from seqshape.sweeping import to_table
from seqshape.sweeping.choosing import MOST_ALL, chosen
from seqshape.sweeping.result import Work
from seqshape.sweeping.rows import swept
from seqshape.sweeping.variants import NoSuchSize, NotASpec, WrongWords
from tests.abilities import HEADS_BY_NAME
from tests.sweeping.sweeping import GRU, PLAIN, at, sweep, variants_of

ATTENTION = """\
dims: {A: 8, B: 8}
layers:
  - {name: query, type: Input, shape: [5, A]}
  - {name: keys, type: Input, shape: [6, B]}
  - {name: met, type: Attention, inputs: [query, keys]}
"""
HEADS = """\
dims: {Heads: 4, T: 6}
layers:
  - {name: x, type: Input, shape: [T, 16]}
  - {name: att, type: MultiHeadAttention, num_heads: Heads, key_dim: 16//Heads, inputs: {query: x, value: x}}
"""


def gru(units: int, features: int) -> int:
    return 3 * (units * features + units * units + 2 * units)


def test_parameters_bytes_and_work_are_the_textbooks(engine: Engine) -> None:
    found = sweep(GRU, {"H": (16, 32, 5), "T": (64, 7)}, engine)
    assert [dict(each.sizes) for each in found.combinations] == [
        {"H": h, "T": t} for h in (16, 32, 5) for t in (64, 7)
    ]
    for each in found.combinations:
        sizes = dict(each.sizes)
        h, t = sizes["H"], sizes["T"]
        assert h is not None
        assert t is not None
        params = gru(h, 15) + 15 * h + 15
        assert each.ok
        assert each.totals is not None
        assert (each.totals.params, each.totals.weight_bytes) == (params, 4 * params)
        assert each.work == Work(t * (3 * (h * 15 + h * h) + 15 * h), left_out=())
        assert each.outputs == (("logits", (None, t, 15)),)
    assert found.ok


def test_an_unknown_size_leaves_a_formula(engine: Engine) -> None:
    found = sweep(GRU, {"T": (None, 64)}, engine)
    assert at(found, T=None).outputs == (("logits", (None, None, 15)),)
    work = at(found, T=None).work
    assert work is not None
    assert (work.number, work.formula) == (None, "1728*T")  # 3·(16·15 + 16·16) + 16·15
    assert at(found, T=None).quantity("macs") is None
    assert at(found, T=64).quantity("macs") == 1728 * 64


def test_numbers_in_arguments_by_their_entry(engine: Engine) -> None:
    found = sweep(PLAIN, {"gru.units": (16, 4), "chars.shape[1]": (15, 2), "chars.shape[0]": (9,)}, engine)
    for each in found.combinations:
        (_, h), (_, c), _ = each.sizes
        assert h is not None
        assert c is not None
        assert each.quantity("params") == gru(h, c) + 4 * h + 4
        assert each.quantity("macs") == 9 * 3 * (h * c + h * h) + 4 * h


def test_copies_of_a_block(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [8]}\n  - name: tower\n    repeat: 2\n    layers:\n      - {name: dense, type: Dense, units: 8}\n"
    found = sweep(text, {"tower.repeat": (1, 2, 5)}, engine)
    assert [each.quantity("params") for each in found.combinations] == [72, 144, 360]
    assert [each.quantity("macs") for each in found.combinations] == [64, 128, 320]


def test_work_where_nothing_divides_is_not_taken_from_where_it_does(engine: Engine) -> None:
    found = sweep(HEADS, {"Heads": (4, 3, 5)}, engine)
    for each in found.combinations:
        heads = dict(each.sizes)["Heads"]
        assert heads is not None
        inner = heads * (16 // heads)  # 16, 15, 15
        assert each.quantity("macs") == 6 * 4 * 16 * inner + 2 * 6 * 6 * inner


def test_a_wrong_combination_is_a_row_with_its_first_fault(engine: Engine) -> None:
    found = sweep(HEADS, {"Heads": (4, 17, 8, 0)}, engine)
    assert [each.ok for each in found.combinations] == [True, False, True, False]
    wrong = at(found, Heads=17)
    assert wrong.fault is not None
    assert (wrong.fault.code, wrong.fault.layer, wrong.totals, wrong.work) == ("SEQ210", "att", None, None)
    assert ("key_dim: 0" in wrong.fault.message) == HEADS_BY_NAME
    zero = at(found, Heads=0)  # 16//0 is a word that is wrong for this combination alone
    assert zero.fault is not None
    assert zero.fault.code == "SEQ112"
    assert not found.ok


def test_each_row_says_what_inspect_says(engine: Engine) -> None:
    found = sweep(HEADS, {"Heads": (1, 3, 5, 16, 20), "T": (1, 6, None)}, engine)
    for each in found.combinations:
        report = inspect_bytes("x.yaml", HEADS.encode(), dims=dict(each.sizes), engine=engine)
        assert each.ok == report.ok
        if each.totals is not None:
            assert each.totals == report.totals
            assert each.outputs[0][1] == report.rows[-1].outputs[0].tensor.shape
        else:
            first = next(item for item in report.diagnostics if item.severity == "error")
            assert each.fault is not None
            assert (each.fault.code, each.fault.layer) == (first.code, first.layer)


def test_where_tracing_some_shows_an_error_all_are_traced(engine: Engine) -> None:
    widths = tuple(range(1, MOST_ALL + 3))
    found = sweep(ATTENTION, {"B": widths}, engine, work=False)
    assert [dict(each.sizes)["B"] for each in found.combinations if each.ok] == [8]
    built = sweep(ATTENTION, {"B": widths[:3]}, engine, trace=False, work=False)
    assert all(each.ok for each in built.combinations)  # Keras builds what cannot run


def test_of_many_sound_ones_some_are_traced(engine: Engine) -> None:
    text = "dims: {H: 3}\nlayers:\n  - {name: x, type: Input, shape: [4]}\n  - {name: d, type: Dense, units: H}\n"
    found = sweep(text, {"H": tuple(range(1, 101))}, engine)
    traced = [dict(each.sizes)["H"] for each in found.combinations if each.traced]
    assert 8 <= len(traced) < 30
    assert {1, 100} <= set(traced)
    assert [each.quantity("params") for each in found.combinations] == [5 * h for h in range(1, 101)]
    assert [each.quantity("macs") for each in found.combinations] == [4 * h for h in range(1, 101)]


def test_a_sample_has_every_kind_of_combination() -> None:
    grid = [(("A", a), ("B", b)) for a in (None, *range(10)) for b in (None, *range(10))]
    kinds = {tuple(size is None for _, size in grid[number]) for number in chosen(grid)}
    assert kinds == {(False, False), (False, True), (True, False), (True, True)}
    assert len(chosen(grid)) < len(grid) / 2
    assert chosen(grid[:MOST_ALL]) == frozenset(range(MOST_ALL))


def test_nothing_counted_is_no_zero(engine: Engine) -> None:
    text = "dims: {H: 3}\nlayers:\n  - {name: x, type: Input, shape: [H]}\n  - {name: r, type: ReLU}\n"
    (only,) = sweep(text, {"H": (4,)}, engine).combinations
    assert only.work is not None
    assert not only.work.counted
    assert only.quantity("macs") is None


def test_work_that_takes_too_long_is_no_number(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    text = GRU.replace("C: 15", "C: 13")
    monkeypatch.setattr("seqshape.sweeping.working.PATIENCE", 1e-6)
    found = sweep(text, {"H": (4, 5)}, engine)
    assert [each.work for each in found.combinations] == [Work(None, late=True)] * 2
    assert [each.quantity("macs") for each in found.combinations] == [None, None]
    assert [each.ok for each in found.combinations] == [True, True]
    shown = to_table.render(found, Surface())
    assert "? counting took too long" in shown


def test_without_work_none_is_asked(engine: Engine) -> None:
    (only,) = sweep(GRU, {"H": (4,)}, engine, work=False).combinations
    assert only.work is None


def test_outputs_that_the_spec_names(engine: Engine) -> None:
    text = GRU.replace("expect: {params: 1839}", "outputs: [gru, logits]")
    (only,) = sweep(text, {"H": (4,)}, engine, work=False).combinations
    assert only.outputs == (("gru", (None, 64, 4)), ("logits", (None, 64, 15)))


def test_states_of_which_one_is_read_are_no_outputs(engine: Engine) -> None:
    text = """\
layers:
  - {name: x, type: Input, shape: [5, 3]}
  - {name: enc, type: LSTM, units: 4, return_state: true}
  - {name: out, type: Dense, units: 2, inputs: enc.state_h}
"""
    (only,) = sweep(text, {"enc.units": (6,)}, engine, work=False).combinations
    assert only.outputs == (("out", (None, 2)),)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (GRU, "HH", "the spec has no dim `HH`; did you mean `H`?"),
        (PLAIN, "gru.unit", "the spec has no size `gru.unit`; did you mean `gru.units`?"),
        (PLAIN, "H", "a dim is declared at the top, `dims: {H: 16}`"),
        (GRU, "zzz.qqqq", "it has `T`, `C`, `H`"),
    ],
)
def test_a_size_that_is_not_there(text: str, name: str, said: str, engine: Engine) -> None:
    with pytest.raises(NoSuchSize) as raised:
        variants_of(text, (name,), engine)
    assert said in str(raised.value)


def test_an_alias_cannot_have_two_sizes(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [3]}\n  - {name: a, type: Dense, units: &u 3}\n  - {name: b, type: Dense, units: *u}\n"
    with pytest.raises(NoSuchSize, match="one number in the file"):
        variants_of(text, ("a.units", "b.units"), engine)


def test_wrong_words_end_it_once(engine: Engine) -> None:
    text = GRU.replace("type: GRU", "type: GRUU")
    with pytest.raises(WrongWords) as raised:
        sweep(text, {"H": (1, 2, 3)}, engine)
    assert [item.code for item in raised.value.report.diagnostics] == ["SEQ102"]


@pytest.mark.parametrize("text", ["", "- 1\n", "layers: [", "layers: 3\n"])
def test_no_spec_at_all(text: str, engine: Engine) -> None:
    with pytest.raises(WrongWords):
        variants_of(text, ("H",), engine)


def test_a_saved_model_has_no_sizes_to_give(engine: Engine) -> None:
    saved = '{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "name": "i"}}, {"class_name": "Dense", "config": {"units": 2, "name": "d"}}]}}'
    with pytest.raises(NotASpec, match="seqshape convert"):
        variants_of(saved, ("H",), engine)


def test_an_interrupt_leaves_what_was_found(engine: Engine) -> None:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == 3:
            raise KeyboardInterrupt

    grid = {"H": (1, 2, 3, 4, 5)}
    found = swept(variants_of(GRU, ("H",), engine), grid, work=False, step=step)
    assert (found.complete, found.ok, len(found.combinations), found.total) == (False, False, 3, 5)


def test_hostile_names_stay_text(engine: Engine) -> None:
    text = "layers:\n  - {name: 'x, \"y\"\\n=', type: Input, shape: [3]}\n  - {name: d, type: Dense, units: 2}\n"
    (name,) = (each for each in _names(text) if each.endswith("shape[0]"))
    found = sweep(text, {name: (4,)}, engine, work=False)
    assert found.combinations[0].quantity("params") == 10


def _names(text: str) -> tuple[str, ...]:
    from seqshape.named_sizes import arguments_sizes
    from tests.test_named_sizes import read

    document, spec = read(text)
    return tuple(arguments_sizes(spec, document))
