"""What a change left: gone is gone, what was hidden is no news, and what is new makes it no repair."""

import pytest

from seqshape.engine import Engine
from seqshape.repairs.trial import Outlook, outlook
from tests.repair_search.asking import error_of, trial_of

BEFORE = """
layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: low, type: GRU, units: 3}
  - {name: high, type: GRU, units: 4, return_sequences: true}
  - {name: sum, type: Add, inputs: [x, high]}
  - {name: top, type: Dense, units: 2}
"""
HIGH = "{name: high, type: GRU, units: 4, return_sequences: true}"
KEPT = ("units: 3}", "units: 3, return_sequences: true}")


def after(
    engine: Engine, *changes: tuple[str, str], text: str = BEFORE, word: bool = False
) -> Outlook | None:
    before, changed = trial_of(text, engine), text
    for old, new in changes:
        assert old in changed
        changed = changed.replace(old, new)
    return outlook(before, trial_of(changed, engine), error_of(before), word=word)


def codes(found: Outlook | None) -> list[tuple[str, str | None]]:
    assert found is not None
    return [(item.code, item.layer) for item, _ in found.revealed]


def test_gone_and_nothing_new(engine: Engine) -> None:
    found = after(engine, KEPT)
    assert codes(found) == []
    assert found is not None
    assert found.changed == ("low",)
    assert found.unread == ()


def test_still_there(engine: Engine) -> None:
    assert after(engine, ("units: 3", "units: 5")) is None


def test_another_error_at_the_same_entry_is_the_same_one(engine: Engine) -> None:
    assert after(engine, (HIGH, HIGH.replace("4", "-4"))) is None


def test_what_was_hidden_comes_up(engine: Engine) -> None:
    text = BEFORE.replace("units: 4, r", "units: 7, r")
    assert codes(after(engine, KEPT, text=text)) == [("SEQ204", "sum")]


def test_a_warning_that_was_hidden_comes_up(engine: Engine) -> None:
    text = BEFORE.replace("units: 4, return_sequences: true", "units: 4")
    assert codes(after(engine, KEPT, text=text)) == [("SEQ301", "sum")]


def test_a_new_error_elsewhere(engine: Engine) -> None:
    assert after(engine, KEPT, ("name: x", "name: y")) is None


def test_a_new_warning_where_all_was_well(engine: Engine) -> None:
    text = BEFORE.replace("layers:", "layers:\n  - {name: w, type: Input, shape: [9, 4]}\n"
    "  - {name: v, type: GRU, units: 4, return_sequences: true}\n  - {name: u, type: Add, inputs: [w, v]}")  # fmt: skip
    assert codes(after(engine, KEPT, text=text)) == []
    assert after(engine, KEPT, ("{name: v, type: GRU, units: 4, return_sequences: true}", "{name: v, type: GRU, units: 4}"), text=text) is None  # fmt: skip


def test_what_nothing_reads_any_more(engine: Engine) -> None:
    found = after(engine, (HIGH, HIGH.replace("}", ", inputs: x}")))
    assert found is not None
    assert found.unread == ("low",)


@pytest.mark.parametrize("word", [True, False])
def test_behind_a_wrong_word_the_entry_itself_was_hidden(word: bool, engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [9]}\n  - {name: a, type: GRU, unit: 4}\n"
    found = after(engine, ("unit:", "units:"), text=text, word=word)
    assert found is None or codes(found) == [("SEQ203", "a")]
    assert (found is not None) == word


def test_the_wrong_word_must_be_gone(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [9]}\n  - {name: a, type: GRU, unit: 4}\n"
    assert after(engine, ("4", "5"), text=text, word=True) is None
