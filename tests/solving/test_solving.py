"""Sizes that keep budgets, against looking at every value of the size."""

import random

import pytest

from seqshape.algebra import symbol
from seqshape.engine import Engine
from seqshape.solving import solved
from seqshape.solving.asking import Unanswerable
from seqshape.solving.finding import Unsound
from seqshape.solving.result import Asked, Budget, Solution
from seqshape.sweeping.variants import WrongWords
from tests.sweeping.sweeping import GRU, PLAIN, sweep, variants_of

HEADS = """\
dims: {Heads: 4, D: 12}
layers:
  - {name: x, type: Input, shape: [6, D]}
  - {name: att, type: MultiHeadAttention, num_heads: Heads, key_dim: D//Heads, inputs: {query: x, value: x}}
"""
FOLDED = """\
dims: {T: 12}
layers:
  - {name: x, type: Input, shape: [T, 2]}
  - {name: fold, type: Reshape, target_shape: [4, T*2//4]}
  - {name: out, type: Dense, units: 3}
"""
TOWER = """\
dims: {N: 2}
layers:
  - {name: x, type: Input, shape: [8]}
  - name: tower
    repeat: N
    layers:
      - {name: dense, type: Dense, units: 8}
"""
SHRINKING = """\
dims: {S: 2}
layers:
  - {name: x, type: Input, shape: [40, 3]}
  - {name: conv, type: Conv1D, filters: 4, kernel_size: 2, strides: S}
  - {name: flat, type: Flatten}
  - {name: out, type: Dense, units: 5}
"""


def solve(text: str, engine: Engine, name: str, **given: object) -> Solution:
    """The answer; numbers of quantities are budgets, sizes in `others` are set."""
    names = ("params", "bytes", "macs")
    budgets = tuple(Budget(each, int(str(given.pop(each)))) for each in names if each in given)
    others = dict(given.pop("others", {}))  # type: ignore[call-overload]
    asked = Asked(name, budgets, others=tuple(others.items()), **given)  # type: ignore[arg-type]
    return solved(variants_of(text, (name, *others), engine), asked)


def by_looking(found: Solution, text: str, engine: Engine) -> int | None:
    """The value that a sweep of the whole range gives."""
    asked = found.asked
    values = tuple(range(asked.first, asked.last + 1, asked.multiple))
    work = any(each.quantity == "macs" for each in asked.budgets)
    grid = {**{name: (size,) for name, size in asked.others}, asked.name: values}
    rows = sweep(text, grid, engine, trace=True, work=work).combinations
    good = [dict(each.sizes)[asked.name] for each in rows if each.ok and asked.holds(each)]
    numbers = [value for value in good if value is not None]
    return (max if asked.most else min)(numbers, default=None)


def test_the_textbook(engine: Engine) -> None:
    found = solve(GRU, engine, "H", params=1_000_000)
    # 3·H² + 3·15·H + 6·H + 15·H + 15 is 998,439 at 566 and 1,001,904 at 567
    assert (found.status, found.value) == ("found", 566)
    assert found.answer is not None
    assert found.beyond is not None
    assert found.answer.quantity("params") == 998_439
    assert dict(found.beyond.sizes) == {"H": 567}
    assert found.beyond.quantity("params") == 1_001_904
    assert found.answer.traced
    h = symbol("H")
    assert found.formulas == (("params", str(3 * h**2 + 66 * h + 15)),)
    assert not found.gaps


def test_the_smallest_that_reaches_a_number(engine: Engine) -> None:
    found = solve(GRU, engine, "H", params=1_000_000, most=False)
    assert found.value == 567
    assert found.beyond is not None
    assert dict(found.beyond.sizes) == {"H": 566}


def test_multiples(engine: Engine) -> None:
    assert solve(GRU, engine, "H", params=1_000_000, multiple=8).value == 560
    assert solve(GRU, engine, "H", params=1_000_000, multiple=8, most=False).value == 568


def test_several_budgets_and_other_sizes(engine: Engine) -> None:
    # 4 bytes a parameter: 1,999,999 hold at 399 (504,000 parameters would pass at 400: 506,415)
    found = solve(GRU, engine, "H", params=10**9, bytes=4 * (3 * 399**2 + 66 * 399 + 15))
    assert found.value == 399
    # at 10 steps each sample takes 10·(3·(15·H + H²) + 15·H), 40 is the last below 72,001
    assert solve(GRU, engine, "H", macs=10 * (60 * 40 + 3 * 1600), others={"T": 10}).value == 40


def test_work_that_rises_and_falls(engine: Engine) -> None:
    # with n = Heads·(12//Heads) a sample takes 6·4·12·n + 2·6·6·n = 360·n; n is at most 10 for 5, 7, 8, 9, 10
    found = solve(HEADS, engine, "Heads", macs=3600, high=12, ended=True)
    assert (found.value, found.gaps) == (10, True)


def test_numbers_in_arguments(engine: Engine) -> None:
    found = solve(PLAIN, engine, "gru.units", params=1584 + 68)
    assert (found.value, found.formulas) == (16, (("params", "3*gru.units**2 + 55*gru.units + 4"),))


def test_an_unknown_dim_can_be_looked_for(engine: Engine) -> None:
    text = GRU.replace("T: 64", "T: null")
    assert solve(text, engine, "T", macs=1728 * 100 + 5).value == 100
    assert solve(PLAIN, engine, "chars.shape[0]", macs=1488 * 7 + 64).value == 7


@pytest.mark.parametrize("seed", range(6))
def test_answers_are_those_of_looking_at_every_value(seed: int, engine: Engine) -> None:
    luck = random.Random(seed)
    text, name, limit = luck.choice(
        [
            (GRU, "H", 24),
            (GRU, "C", 24),
            (HEADS, "Heads", 14),
            (HEADS, "D", 24),
            (FOLDED, "T", 24),
            (TOWER, "N", 7),
            (SHRINKING, "S", 20),
        ]
    )
    edge = luck.choice(sweep(text, {name: tuple(range(1, limit))}, engine, work=False).combinations)
    params = edge.quantity("params") or luck.randint(1, 3000)
    budget = params + luck.choice([-1, 0, 1])
    multiple = luck.choice([1, 1, 2, 3])
    for most in (True, False):
        found = solve(
            text, engine, name, params=budget, most=most, multiple=multiple, high=limit, ended=True
        )
        expected = by_looking(found, text, engine)
        if found.status == "any":  # the size changes nothing
            assert not found.depends
        else:
            assert found.value == expected, (text, name, budget, most, multiple)


def test_every_spec_of_the_list_by_looking(engine: Engine) -> None:
    for text, name, high in (
        (HEADS, "Heads", 15),
        (FOLDED, "T", 16),
        (SHRINKING, "S", 21),
        (TOWER, "N", 6),
    ):
        middle = sweep(text, {name: (high // 2,)}, engine, work=False).combinations[0]
        for most in (True, False):
            budget = middle.quantity("params") or 100
            found = solve(text, engine, name, params=budget, most=most, high=high, ended=True)
            assert found.value == by_looking(found, text, engine), (name, most)


def test_the_value_must_fit_the_spec(engine: Engine) -> None:
    # Dense(3) on T*2//4 numbers: 3·(T//2) + 3; the fold needs 2·T to be a multiple of 4
    found = solve(FOLDED, engine, "T", params=3 * 10 + 3)
    assert found.value == 20
    assert [dict(each.sizes)["T"] for each in found.refused] == [21]
    assert found.refused[0].fault is not None
    assert found.refused[0].fault.layer == "fold"


def test_where_it_fits_below_a_value_alone(engine: Engine) -> None:
    # D//Heads must not be 0: every larger number of heads keeps the budget, and none fits
    found = solve(HEADS, engine, "Heads", params=10**9)
    assert found.value == 12
    assert found.gaps is False


def test_a_formula_that_rises_and_falls(engine: Engine) -> None:
    found = solve(HEADS, engine, "Heads", params=4 * 9 * 12 + 3 * 9 + 12, high=12, ended=True)
    # parameters are 4·12·n + 3·n + 12 with n = Heads·(12//Heads), which is at most 9 for 7, 8 and 9 alone
    assert (found.value, found.gaps) == (9, True)


def test_none(engine: Engine) -> None:
    found = solve(GRU, engine, "H", params=10)
    assert (found.status, found.value) == ("none", None)
    assert found.extreme is not None
    assert found.extreme.quantity("params") == 3 + 66 + 15
    assert solve(GRU, engine, "H", params=10**9, most=False, high=50, ended=True).status == "none"


def test_a_size_that_changes_nothing(engine: Engine) -> None:
    found = solve(GRU, engine, "T", params=2000)
    assert (found.status, found.depends, found.value) == ("any", False, None)
    assert solve(GRU, engine, "T", params=1000).status == "none"
    assert solve(GRU, engine, "T", params=1000, most=False).status == "any"


def test_a_falling_quantity_has_no_largest_size(engine: Engine) -> None:
    text = "dims: {K: 3}\nlayers:\n  - {name: x, type: Input, shape: [40, 1]}\n  - {name: pool, type: AveragePooling1D, pool_size: K, strides: 1}\n  - {name: flat, type: Flatten}\n  - {name: out, type: Dense, units: 2}\n"
    # 2·(41 - K) + 2 parameters
    found = solve(text, engine, "K", params=2 * 30 + 2)
    assert found.value == 40  # K of 41 and more do not fit
    assert solve(text, engine, "K", params=2 * 30 + 2, most=False).value == 1
    assert solve(text, engine, "K", params=62, high=11, ended=True).value == 11
    assert solve(text, engine, "K", params=62, high=10, ended=True).status == "none"


def test_a_range_that_somebody_chose_ends_it(engine: Engine) -> None:
    found = solve(GRU, engine, "H", params=1_000_000, high=100, ended=True)
    assert (found.status, found.value, found.beyond) == ("found", 100, None)


def test_work_in_copies_has_a_formula(engine: Engine) -> None:
    found = solve(TOWER, engine, "N", macs=64 * 5 + 1)
    assert (found.value, found.formulas) == (5, (("macs", "64*N"),))
    assert solve(TOWER, engine, "N", macs=64 * 5 + 1, most=False).value == 6


WINDOWS = """\
dims: {W: 32, F: 8, K: 3, S: 2}
layers:
  - {name: img, type: Input, shape: [W, W, 3]}
  - {name: c1, type: Conv2D, filters: F, kernel_size: K, strides: S, padding: valid}
  - {name: p, type: MaxPooling2D, pool_size: 2}
  - {name: flat, type: Flatten}
  - {name: d, type: Dense, units: 10}
"""


def test_a_formula_that_divides_by_the_size(engine: Engine) -> None:
    def params(strides: int) -> int:
        side = ((32 - 3) // strides + 1) // 2
        return 3 * 3 * 3 * 8 + 8 + side * side * 8 * 10 + 10

    found = solve(WINDOWS, engine, "S", params=1000, most=False)
    assert found.formulas[0][1] is not None
    assert found.value == min(value for value in range(1, 30) if params(value) >= 1000)
    assert (found.falling, found.cut) == (("params",), True)
    assert found.answer is not None
    assert found.answer.quantity("params") == params(found.value)


def test_work_of_which_a_layer_has_no_formula(engine: Engine) -> None:
    each = 15 * 15 * 9 * 3 + 7 * 7 * 10  # of one filter: the convolution, then the weights that read it
    found = solve(WINDOWS, engine, "F", macs=each * 12 + 1)
    assert (found.value, found.formulas) == (12, (("macs", f"{each}*F"),))


def test_where_none_will_do_the_nearest_is_shown(engine: Engine) -> None:
    def params(kernel: int) -> int:
        side = ((32 - kernel) // 2 + 1) // 2
        return kernel * kernel * 3 * 8 + 8 + side * side * 8 * 10 + 10

    found = solve(WINDOWS, engine, "K", params=100)
    nearest = min(range(1, 30), key=params)
    assert found.status == "none"
    assert found.extreme is not None
    assert dict(found.extreme.sizes) == {"K": nearest}
    assert found.extreme.quantity("params") == params(nearest)


def test_a_spec_that_is_wrong_at_its_own_size(engine: Engine) -> None:
    found = solve(FOLDED.replace("T: 12", "T: 7"), engine, "T", params=33)
    assert found.value == 20


def test_a_spec_that_is_wrong_at_every_size(engine: Engine) -> None:
    with pytest.raises(Unsound):
        solve(GRU.replace("T, C]", "C]"), engine, "H", params=10)
    with pytest.raises(WrongWords):
        solve(GRU.replace("GRU", "GRUU"), engine, "H", params=10)


@pytest.mark.parametrize(
    ("text", "name", "others", "said"),
    [
        (GRU, "H", {"T": None}, "depend on `T`, which is unknown: give it a size, --set T=100"),
        (PLAIN, "gru.units", {}, "an axis of unknown size: give it one, as in --set chars.shape[0]=100"),
        (
            "dims: {H: 2}\nlayers:\n  - {name: x, type: Input, shape: [H]}\n  - {type: ReLU}\n",
            "H",
            {},
            "nothing in the model is counted",
        ),
    ],
)
def test_work_that_is_no_number(
    text: str, name: str, others: dict[str, int | None], said: str, engine: Engine
) -> None:
    with pytest.raises(Unanswerable) as raised:
        solve(text, engine, name, macs=100, others=others)
    assert said in str(raised.value)


def test_the_number_of_values_that_are_built_is_small(engine: Engine) -> None:
    assert solve(GRU, engine, "H", params=10**12).built == 2


def test_work_that_takes_too_long_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqshape.sweeping.working.PATIENCE", 0.0)
    with pytest.raises(Unanswerable, match="takes too long"):
        solve(GRU, engine, "H", macs=100)
