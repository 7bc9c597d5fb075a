"""Every rule's page holds a bad spec that gives exactly its code, and a good one that gives nothing."""

import pytest

from seqshape import rules
from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from seqshape.rules.interface import AnyRule
from seqshape.rules.pages import page
from tests.abilities import ATTENTION_AT_ANY_RANK, ODD_SIZES
from tests.marked import marks, mismatches

WITHOUT_EXAMPLE = {"SEQ010", "SEQ901", "SEQ902", "SEQ903", "SEQ904", "SEQ905", "SEQ906"}
"""Codes about the environment, and about files that are no text: no spec can bring them about."""

RELEASED = [
    "SEQ001",
    "SEQ002",
    "SEQ003",
    "SEQ004",
    "SEQ005",
    "SEQ006",
    "SEQ007",
    "SEQ008",
    "SEQ009",
    "SEQ010",
    "SEQ011",
    "SEQ101",
    "SEQ102",
    "SEQ103",
    "SEQ104",
    "SEQ105",
    "SEQ106",
    "SEQ107",
    "SEQ108",
    "SEQ109",
    "SEQ110",
    "SEQ111",
    "SEQ112",
    "SEQ113",
    "SEQ114",
    "SEQ115",
    "SEQ116",
    "SEQ117",
    "SEQ118",
    "SEQ119",
    "SEQ120",
    "SEQ121",
    "SEQ122",
    "SEQ123",
    "SEQ201",
    "SEQ202",
    "SEQ203",
    "SEQ204",
    "SEQ205",
    "SEQ206",
    "SEQ207",
    "SEQ208",
    "SEQ209",
    "SEQ210",
    "SEQ211",
    "SEQ212",
    "SEQ213",
    "SEQ214",
    "SEQ215",
    "SEQ216",
    "SEQ299",
    "SEQ301",
    "SEQ302",
    "SEQ303",
    "SEQ304",
    "SEQ305",
    "SEQ306",
    "SEQ307",
    "SEQ308",
    "SEQ309",
    "SEQ310",
    "SEQ311",
    "SEQ312",
    "SEQ313",
    "SEQ314",
    "SEQ401",
    "SEQ402",
    "SEQ403",
    "SEQ404",
    "SEQ405",
    "SEQ901",
    "SEQ902",
    "SEQ903",
    "SEQ904",
    "SEQ905",
    "SEQ906",
]
"""The ledger: a code that stands here is never taken away and never changes its meaning."""


REFUSED = {
    **({} if ODD_SIZES else {"SEQ313": "SEQ210"}),
    **({} if ATTENTION_AT_ANY_RANK else {"SEQ314": "SEQ203"}),
}
"""What the installed Keras builds without a look in no case: the code with which it refuses the example."""
EXAMPLES = [rule for rule in rules.all_rules() if rule.code not in WITHOUT_EXAMPLE]


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_the_bad_example_gives_exactly_its_marks(rule: AnyRule, engine: Engine) -> None:
    bad = page(rule).bad
    assert {code for code, _, _ in marks(bad)} == {rule.code}
    report = inspect_bytes("bad.yaml", bad.encode(), engine=engine)
    if rule.code in REFUSED:
        assert [item.code for item in report.diagnostics] == [REFUSED[rule.code]]
        return
    assert mismatches(bad, report.diagnostics) == []


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_the_good_example_gives_nothing(rule: AnyRule, engine: Engine) -> None:
    good = page(rule).good
    report = inspect_bytes("good.yaml", good.encode(), engine=engine)
    assert [(item.code, item.message) for item in report.diagnostics] == []
    assert report.rows


def test_no_released_code_vanishes() -> None:
    assert [rule.code for rule in rules.all_rules()] == RELEASED
    assert list(rules.codes()) == RELEASED


@pytest.mark.parametrize("rule", list(rules.all_rules()), ids=lambda rule: rule.code)
def test_a_page_explains(rule: AnyRule) -> None:
    found = page(rule)
    assert found.title.endswith(".")
    assert "\n" not in found.title
    assert len(found.explanation) > 20
    assert bool(found.bad) == bool(found.good) == (rule.code not in WITHOUT_EXAMPLE)


def test_an_unmarked_diagnostic_is_seen(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [8], foo: 1}\n"
    report = inspect_bytes("x.yaml", text.encode(), engine=engine)
    assert mismatches(text, report.diagnostics) != []
    wrong_words = text.replace("}\n", "}  # SEQ103: unknown argument `bar`\n")
    report = inspect_bytes("x.yaml", wrong_words.encode(), engine=engine)
    assert len(mismatches(wrong_words, report.diagnostics)) == 2


def test_what_looks_into_models_has_a_code_about_what_was_built() -> None:
    """No other files of rules are imported for a sound model."""
    codes = [rule.code for rule in rules.all_rules() if rule.finds is not None]
    assert codes
    assert {code[:4] for code in codes} <= {"SEQ2", "SEQ3"}
