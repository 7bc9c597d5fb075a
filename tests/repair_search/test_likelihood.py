"""What the rest of a spec says for and against a change, and what it leaves costs."""

from dataclasses import replace

from seqshape.engine import Engine
from seqshape.repairs.interface import Case
from seqshape.repairs.likelihood import Likelihood
from seqshape.repairs.naming import setting
from seqshape.repairs.ranking import cost_of
from seqshape.repairs.trial import Outlook
from seqshape.revisions import Path
from seqshape.tree import Json
from tests.repair_search.asking import error_of, the_case, trial_of

SPEC = """
layers:
  - {name: x, type: Input, shape: [12, 8]}
  - {name: one, type: Conv1D, filters: 32, kernel_size: 3, padding: same}
  - {name: two, type: Conv1D, filters: 32, kernel_size: 3, padding: same}
  - {name: odd, type: Conv1D, filters: 24, kernel_size: 3}
  - {name: sum, type: Add, inputs: [two, odd]}
"""


def case(engine: Engine) -> Case:
    found = the_case(trial_of(SPEC, engine))
    assert found is not None
    return found


def weight(found: Case, name: str, path: Path, value: Json) -> float:
    """What the spec adds to the cost of a setting."""
    node = next(node for node in found.graph.nodes if node.name == name)
    plain = setting(found, node, found.what_if.layer(node), path, value, 1.0)
    return Likelihood(found).weighed(plain).cost - 1.0


def test_what_its_kin_have_is_likelier_than_what_none_has(engine: Engine) -> None:
    found = case(engine)
    assert weight(found, "odd", ("padding",), "same") < weight(found, "odd", ("padding",), "causal")


def test_to_leave_what_all_others_have_is_less_likely(engine: Engine) -> None:
    found = case(engine)
    assert weight(found, "one", ("padding",), "valid") > weight(found, "odd", ("padding",), "same")


def test_a_number_that_stands_elsewhere_is_likelier(engine: Engine) -> None:
    found = case(engine)
    assert weight(found, "odd", ("filters",), 32) < weight(found, "odd", ("filters",), 23)


def test_a_size_of_one_is_less_likely(engine: Engine) -> None:
    found = case(engine)
    assert weight(found, "odd", ("filters",), 1) > weight(found, "odd", ("filters",), 25)


def test_the_data_have_the_shape_that_they_have(engine: Engine) -> None:
    found = case(engine)
    assert weight(found, "x", ("shape", 1), 16) > weight(found, "odd", ("filters",), 16)


def test_a_number_that_nobody_wrote_was_not_misspelt(engine: Engine) -> None:
    found = case(engine)
    assert weight(found, "odd", ("strides",), 2) > weight(found, "odd", ("kernel_size",), 2)


def test_numbers_of_any_length(engine: Engine) -> None:
    """No float holds such a number, nor what it is divided by another."""
    found = case(engine)
    assert weight(found, "odd", ("filters",), 10**400) > weight(found, "odd", ("filters",), 25)


# What is left counts too.


def left(engine: Engine, *, changed: str = "", unread: str = "", revealed: str = "") -> float:
    """What a repair costs that gives some layers other shapes, leaves some unread, or brings up a finding."""
    trial = trial_of(SPEC.replace("layers:", "layers:\n  - {name: apart, type: Input, shape: [3]}"), engine)
    found = the_case(trial)
    assert found is not None
    node = next(node for node in found.graph.nodes if node.name == "odd")
    candidate = setting(found, node, found.what_if.layer(node), ("filters",), 32, 1.0)
    findings = ((replace(error_of(trial), severity=revealed), None),) if revealed else ()
    return cost_of(candidate, found, Outlook(findings, tuple(changed.split()), tuple(unread.split())))


def test_fewer_changes_are_better(engine: Engine) -> None:
    nothing = left(engine)
    assert nothing == 1.0
    assert nothing < left(engine, changed="two") < left(engine, changed="apart")
    assert nothing < left(engine, unread="two")


def test_what_comes_up_is_worse_the_worse_it_is(engine: Engine) -> None:
    assert (
        left(engine)
        < left(engine, revealed="warning")
        < left(engine, unread="two")
        < left(engine, revealed="error")
    )
