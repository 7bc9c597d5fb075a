"""Files that are made to break something: each is answered soon, in every format, and steers nothing."""

import json
import time

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import Report, inspect_bytes
from seqshape.render import formats, renderer
from seqshape.render._surface import Options, Surface
from seqshape.report import Run

X = "layers:\n  - {name: x, type: Input, shape: [8, 4]}\n"


def report(text: str, engine: Engine) -> Report:
    return inspect_bytes("x.yaml", text.encode(), engine=engine)


def within(seconds: float, text: str, engine: Engine) -> Report:
    start = time.process_time()
    found = report(text, engine)
    for format_ in ("table", "json", "markdown"):
        assert renderer(format_).render(Run((found,)), Surface(), Options())
    assert time.process_time() - start < seconds
    return found


def entries(count: int, entry: str) -> str:
    return X + "".join(f"  - {entry}\n" for _ in range(count))


INPUTS = "layers:\n" + "".join(
    f"  - {{name: x{number}, type: Input, shape: [{number + 2}, null]}}\n" for number in range(190)
)


@pytest.mark.parametrize(
    "text",
    [
        entries(3000, "{type: Dense, unit: 3, inputs: nothing}"),
        entries(3000, "{type: Dens, units: 3}  # seqshape: ignore[SEQ101]"),
        X + " " * 200_000 + "# seqshape: ignore[" * 20_000 + "\n",
        "layers:\n  - {name: x, type: Input, shape: [3]}\n  - {name: b, repeat: 100000000, layers: []}\n",
        "layers: [" + "{layers: [" * 45 + "{type: Dense}" + "]}" * 45 + "]",
        f"{X}  - {{type: Dense, units: {'(' * 5000}}}\n",
        json.dumps({"layers": [{"type": "Input", "shape": [3], "name": "n" * 1_000_000}]}),
        f"{X}  - {{type: Dense, units: 2, activation: {'q' * 300_000}}}\n",
        f"{X}  - {{type: Dense, units: 0x{'f' * 100_000}}}\n",
        "layers:\n  - {name: x, type: Input, shape: [" + "1, " * 5_000 + "1]}\n  - {type: GRU, units: 2}\n",
        INPUTS + "  - {type: Add, inputs: [" + ", ".join(f"x{number}" for number in range(190)) + "]}\n",
    ],
    ids=[
        "slips",
        "comments",
        "open comment",
        "empty blocks",
        "nested blocks",
        "brackets",
        "long name",
        "long value",
        "long number",
        "many axes",
        "many inputs",
    ],
)
def test_hostile_files_take_no_time(text: str, engine: Engine) -> None:
    within(20, text, engine)


def test_a_long_chain_is_walked_without_recursion(engine: Engine) -> None:
    found = within(20, entries(10_000, "{type: Dense, units: 4}"), engine)
    assert len(found.rows) == 10_001
    assert found.totals.params == 10_000 * 20


def test_a_deep_nest_of_wrappers_is_answered(engine: Engine) -> None:
    depth = 95
    nest = "{type: TimeDistributed, layer: " * depth + "{type: Dense, units: 2}" + "}" * depth
    shape = ", ".join(["2"] * (depth + 1))
    text = f"layers:\n  - {{name: x, type: Input, shape: [{shape}]}}\n  - {nest}\n"
    found = inspect_bytes("x.yaml", text.encode(), engine=engine, trace=False)  # TensorFlow runs no 97 axes
    assert found.rows[1].params == 6
    assert found.rows[1].outputs[0].tensor.shape == (None, *[2] * (depth + 1))


def test_names_with_line_breaks_do_not_tear_a_table(engine: Engine) -> None:
    found = report('layers:\n  - {name: "a\\n# b\\tc", type: Input, shape: [3]}\n', engine)
    for format_ in ("table", "markdown"):
        text = renderer(format_).render(Run((found,)), Surface(), Options())
        assert not any(line.startswith("# b") for line in text.splitlines())
        assert "\t" not in text


def test_a_log_is_given_no_command(engine: Engine) -> None:
    name = "a\\n::error file=x::b ##[error]c"
    found = report(f'{X}  - {{name: "{name}", type: Conv2D, filters: 3, kernel_size: 2}}\n', engine)
    assert not found.ok
    for format_ in formats():
        text = renderer(format_).render(Run((found,)), Surface(), Options(rows=False))
        lines = [line.strip() for line in text.splitlines()]
        commands = [line for line in lines if line.startswith("::")]
        assert all(line.startswith("::error file=x.yaml,") for line in commands), format_
        assert "##[" not in text, format_
