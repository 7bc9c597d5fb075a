"""What became of a report since an earlier one: held against edits whose consequence is known."""

import random
from collections.abc import Callable

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import Report, inspect_bytes
from seqshape.render._since import Since
from seqshape.since import since, unjudged

BASE = [
    "{name: x, type: Input, shape: [64, 15]}",
    "{name: gru, type: GRU, units: 16, return_sequences: true}",
    "{type: Dense, units: 8}",
    "{type: Dense, units: 8}",
    "{name: sum, type: Add, inputs: [dense, dense_1]}",
    "{name: out, type: Dense, units: 4}",
]


Read = Callable[[list[str]], Report]


@pytest.fixture
def read(engine: Engine) -> Read:
    def read(entries: list[str]) -> Report:
        text = "layers:\n" + "".join(f"  - {entry}\n" for entry in entries)
        return inspect_bytes("m.yaml", text.encode(), engine=engine)

    return read


def edited(place: int, *entries: str, dropped: int = 1) -> list[str]:
    return [*BASE[:place], *entries, *BASE[place + dropped :]]


def marks(found: Since, now: Report) -> dict[str, str]:
    return {row.path: each.mark for row, each in zip(now.rows, found.rows, strict=True) if each.mark}


def test_the_same_spec_has_no_mark(read: Read) -> None:
    one = read(BASE)
    found = since(
        one, one.diagnostics, read(["{name: x, type: Input, shape: [64, 15]}  # a remark", *BASE[1:]])
    )
    assert (found.marks, found.new, found.resolved, found.totals) == (False, (), (), one.totals)


def test_an_argument_marks_its_row_and_what_follows_from_it(read: Read) -> None:
    one = read(BASE)
    now = read(edited(1, "{name: gru, type: GRU, units: 32, return_sequences: true}"))
    found = since(one, one.diagnostics, now)
    assert marks(found, now) == {"gru": "~", "dense": "~"}
    gru, dense = found.rows[1:3]
    assert (gru.was, dense.was) == (one.rows[1], one.rows[2])
    assert {"output", "params"} <= gru.columns
    assert not gru.columns & {"layer", "inputs", "dtype"}
    assert "params" in dense.columns
    assert "output" not in dense.columns


def test_a_row_that_is_put_between_marks_itself_and_the_one_that_reads_it(read: Read) -> None:
    """Numbers that come by themselves move, which is no change."""
    entries = edited(2, "{name: first, type: Dropout, rate: 0.5}", dropped=0)
    one, now = read(BASE), read(entries)
    found = since(one, one.diagnostics, now)
    assert marks(found, now) == {"first": "+", "dense": "~"}
    assert found.rows[3].columns == {"inputs"}
    back = since(now, now.diagnostics, one)
    assert marks(back, one) == {"dense": "~"}
    assert [(each.place, [row.name for row in each.rows]) for each in back.gone] == [(2, ["first"])]


def test_a_named_row_before_one_like_it_is_new_alone(read: Read) -> None:
    """What stands below an edit stands for itself, though the row above it could stand for it too."""
    one = read(["{type: Input, shape: [8]}", "{type: Dense, units: 8}"])
    now = read(
        ["{type: Input, shape: [8]}", "{name: first, type: Dense, units: 8}", "{type: Dense, units: 8}"]
    )
    assert marks(since(one, one.diagnostics, now), now) == {"first": "+", "dense": "~"}


def test_equal_layers_renumbered_are_the_same_rows(read: Read) -> None:
    chain = ["{type: Input, shape: [8]}", *["{type: Dense, units: 8}"] * 6]
    one, now = read(chain), read([*chain, "{type: Dense, units: 8}"])
    assert list(marks(since(one, one.diagnostics, now), now).values()) == ["+"]
    assert sum(len(each.rows) for each in since(now, now.diagnostics, one).gone) == 1


def test_rows_at_both_ends_that_are_gone(read: Read) -> None:
    one = read([*BASE, "{name: last, type: Dense, units: 2}", "{name: very_last, type: Dense, units: 2}"])
    now = read(BASE)
    (gone,) = since(one, one.diagnostics, now).gone
    assert (gone.place, [row.name for row in gone.rows]) == (len(now.rows), ["last", "very_last"])
    assert gone.rows[1].sources == (0,)  # counted from the first of them, so that equal ones fold


def test_findings_are_new_or_resolved_and_not_because_their_line_moved(read: Read) -> None:
    refused = "{name: bad, type: Dense, units: 0}"
    one = read([*BASE, refused])
    moved = read([f"{BASE[0]}\n  # a remark\n", *BASE[1:], refused])
    assert moved.diagnostics[0].place != one.diagnostics[0].place
    assert since(one, one.diagnostics, moved) == Since(
        since(one, one.diagnostics, moved).rows, totals=one.totals
    )
    good = read(BASE)
    assert since(good, good.diagnostics, one).new == one.diagnostics
    assert since(one, one.diagnostics, good).resolved == one.diagnostics
    twice = read([*BASE, refused, "{name: other, type: Dense, units: 0, inputs: out}"])
    assert [item.layer for item in since(one, one.diagnostics, twice).new] == ["other"]


def test_what_could_not_be_found_again_is_not_resolved(read: Read) -> None:
    """A layer behind one that Keras refuses, words that are wrong, and a file that cannot be read."""
    refused = "{name: bad, type: Dense, units: 0}"
    one = read([*BASE, refused])
    for broken in (
        [BASE[0], "{name: sick, type: GRU, units: 0}", *BASE[2:], refused],
        [*BASE, "{name: typo, type: GRUU}", refused],
        ["{name: x, type: Input, shape: [64, 15]"],
    ):
        now = read(broken)
        found = since(one, one.diagnostics, now)
        assert found.resolved == ()
        known = unjudged(one.diagnostics, now)
        assert [item.layer for item in known] == ["bad"]
        back = since(now, (*now.diagnostics, *known), one)
        assert back.new == ()
        assert set(back.resolved) == set(now.diagnostics)
    assert unjudged(one.diagnostics, read(BASE)) == ()
    assert unjudged(one.diagnostics, one) == ()


def test_wrong_words_are_resolved_while_keras_still_refuses(read: Read) -> None:
    wrong, refused = "{name: bad, type: Dens, units: 0}", "{name: bad, type: Dense, units: 0}"
    one, now = read([*BASE, wrong]), read([*BASE, refused])
    found = since(one, one.diagnostics, now)
    assert [item.code for item in found.resolved] == ["SEQ102"]
    assert found.new == now.diagnostics


def test_formulas_are_compared_where_they_are_shown(engine: Engine) -> None:
    def symbolic(text: str) -> Report:
        return inspect_bytes("m.yaml", text.encode(), engine=engine, symbolic=True)

    text = "dims: {T: 64, H: 16}\nlayers:\n" + "".join(f"  - {entry}\n" for entry in BASE).replace(
        "[64, 15]", "[T, 15]"
    ).replace("units: 16", "units: H")
    one = symbolic(text)
    unknown = symbolic(text.replace("T: 64", "T: null"))
    formulas = frozenset(("shape", "params", "formula"))
    assert not since(one, (), unknown, formulas).marks
    assert since(one, (), unknown).marks
    doubled = symbolic(text.replace("units: H", "units: 2*H"))
    found = since(one, (), doubled, formulas)
    assert one.formulas is not None
    assert marks(found, doubled) == {"gru": "~", "dense": "~"}
    assert found.rows[1].formulas == one.formulas.reduced().layers[1]
    assert "shape" in found.rows[1].columns
    fewer = symbolic(text.replace(f"  - {BASE[-1]}\n", ""))
    (gone,) = since(one, (), fewer, formulas).gone
    assert gone.formulas == one.formulas.reduced().layers[-1:]


def test_rows_are_compared_with_the_last_that_there_were(read: Read) -> None:
    one, wrong = read(BASE), read(edited(1, "{name: gru, type: GRUU, units: 32}"))
    now = read(edited(1, "{name: gru, type: GRU, units: 32, return_sequences: true}"))
    assert not wrong.asked
    assert since(one, one.diagnostics, wrong).rows == ()
    found = since(one, wrong.diagnostics, now)
    assert marks(found, now) == {"gru": "~", "dense": "~"}
    assert [item.code for item in found.resolved] == ["SEQ102"]
    assert since(None, None, now) == Since()


@pytest.mark.parametrize("seed", range(5))
def test_every_row_of_both_is_accounted_for(seed: int, read: Read) -> None:
    """Entries dropped, doubled and swapped at random: what is no more, and what is new, adds up."""
    chance = random.Random(seed)
    texts = []
    for _ in range(2):
        entries = [BASE[0]]
        for number in range(chance.randrange(4, 9)):
            name = chance.choice(
                ["", f"name: layer_{number}, ", f"name: layer_{chance.randrange(20, 90)}, "]
            )
            entries.append(f"{{{name}type: Dense, units: {chance.choice([2, 3])}}}")
        texts.append(read(entries))
    one, now = texts
    found = since(one, one.diagnostics, now)
    gone = sum(len(each.rows) for each in found.gone)
    new = sum(each.mark == "+" for each in found.rows)
    assert len(one.rows) - gone == len(now.rows) - new
    assert all(each.was is not None for each in found.rows if each.mark == "~")
