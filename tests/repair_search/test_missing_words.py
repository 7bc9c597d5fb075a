"""What an entry lacks: a value that the spec says, or a likely one that is told to be one."""

import pytest

from seqshape.engine import Engine
from tests.repair_search.asking import errors, fixed, report_of


def titles(entries: str, engine: Engine) -> list[str]:
    """The fixes of the one error, of which the first leaves a sound spec."""
    text = "layers:\n  - {name: x, type: Input, shape: [20, 8]}\n" + entries
    (item,) = errors(report_of(text, engine))
    assert item.code == "SEQ104"
    if item.fixes:
        assert report_of(fixed(text, item), engine, None).ok
    return [fix.title for fix in item.fixes]


@pytest.mark.parametrize(
    ("entries", "title"),
    [
        (
            "  - {name: a, type: Conv1D, filters: 8, kernel_size: 5}\n  - {name: b, type: Conv1D, filters: 9}\n",
            "give `b` `kernel_size: 5`",
        ),
        ("  - {name: a, type: Dense, expect: {shape: [batch, 20, 10]}}\n", "give `a` `units: 10`"),
        ("  - {name: gru_2, units: 3}\n", "give `gru_2` `type: GRU`"),
        ("  - {name: a, type: GRU}\n", "give `a` `units: 16`, with what you mean for 16"),
        (
            "  - {name: a, type: Bidirectional, layer: {type: GRU}}\n",
            "give `a` `units: 16`, with what you mean for 16",
        ),
        (
            "  - {name: a, type: Bidirectional, layer: {type: GRU}}\n"
            "  - {name: b, type: GRU, units: 4, inputs: x}\n",
            "give `a` `units: 4`",
        ),
    ],
)
def test_what_is_missing_is_given(entries: str, title: str, engine: Engine) -> None:
    assert titles(entries, engine)[0] == title


def test_a_name_that_tells_no_type_is_no_help(engine: Engine) -> None:
    assert titles("  - {name: head, units: 3}\n", engine) == []
