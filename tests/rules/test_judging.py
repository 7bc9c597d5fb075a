"""Which rules are asked about a fault: its own where a file is named after it, else all."""

import pytest

from seqshape import rules
from seqshape.rules.interface import Rule

JUDGES = [rule for rule in rules.all_rules() if isinstance(rule, Rule)]


@pytest.mark.parametrize("rule", JUDGES, ids=lambda rule: rule.code)
def test_who_judges_a_fault_is_asked_about_it(rule: Rule) -> None:  # type: ignore[type-arg]
    asked = [rules._rule(name).code for name in rules._asked(rule.judges.__name__)]
    assert rule.code in asked
    assert asked == sorted(asked)


def test_most_faults_have_a_file_that_is_named_after_them() -> None:
    """The twin: where none were, all rules would be asked about every fault, and the test above hold."""
    alone = {rule.judges for rule in JUDGES if len(rules._asked(rule.judges.__name__)) == 1}
    shared = {rule.judges for rule in JUDGES} - alone
    assert {kind.__name__ for kind in shared} == {"Refused", "WrongStates", "RuleDiffers", "CountDiffers"}
