"""Formulas as they are shown: in a table of any width, in Markdown, in JSON; none of them is ever cut."""

import json
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from seqshape.engine import Engine
from seqshape.formulas import Formulas
from seqshape.pipeline import inspect_bytes
from seqshape.render import renderer
from seqshape.render._formulas import sums
from seqshape.render._surface import SYMBOLIC_COLUMNS, Options, Surface
from seqshape.report import Run
from tests.symbolic.reading import asked

SPEC = """
name: tags
dims: {T: null, C: 15, H: 16, D: 24, N: 4, G: 4}
layers:
  - {name: chars, type: Input, shape: [T, C]}
  - {name: gru, type: GRU, units: H, return_sequences: true, return_state: true}
  - {name: wide, type: Dense, units: D, inputs: gru.output}
  - {name: attention, type: MultiHeadAttention, num_heads: N, key_dim: D//N, inputs: {query: wide, value: wide}}
  - {name: grouped, type: Conv1D, filters: 24, kernel_size: 3, strides: 2, groups: G}
  - {name: same, type: Dense, units: 24}
  - {name: sum, type: Add, inputs: [grouped, same]}
  - name: block
    repeat: 4
    layers: [{type: Dense, units: 24}]
"""


@pytest.fixture(scope="module")
def run(engine: Engine) -> Run:
    return Run((asked(SPEC, engine)[0],))


def shown(run: Run, form: str, width: int | None = None) -> str:
    return renderer(form).render(run, Surface(width), Options(columns=SYMBOLIC_COLUMNS))


@pytest.mark.parametrize("width", [40, 80, 140])
def test_a_table_of_formulas_fits_the_terminal_and_cuts_none(
    run: Run, width: int, golden: Callable[[str, str], None]
) -> None:
    text = shown(run, "table", width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    together = "".join(text.split())
    formulas = run.reports[0].formulas
    assert formulas is not None
    for layer in formulas.reduced().layers:
        assert layer is not None
        for output in layer.outputs:
            shape = ",".join("batch" if axis is None else str(axis) for axis in output.shape)
            assert f"({shape})".replace(" ", "") in together
    golden(f"formulas_{width}.txt", text.replace(str(run.reports[0].keras), "KERAS"))


def test_each_formula_stands_in_one_piece_where_the_width_is_not_bound(run: Run) -> None:
    text = shown(run, "table")
    assert "3*H**2 + 3*H*C + 6*H" in text
    assert "4*D**2 + 4*D" in text
    assert "D is a multiple of N" in text
    assert "grouped.kernel[1] = 6; for G = " in text
    assert "(batch, (T + 1)//2, 24)" not in text  # without padding the last window ends before
    assert "(batch, (T - 1)//2, 24)" in text
    assert "4 × 600" in text


def test_markdown_shows_them_too(run: Run) -> None:
    text = shown(run, "markdown")
    assert "| Layer (type) | Inputs | Output | Params | Params as a formula |" in text
    assert "3\\*H\\*\\*2 + 3\\*H\\*C + 6\\*H" in text
    assert "- Sizes: `T=null, C=15, H=16, D=24, N=4, G=4`" in text


def test_json_has_them_beside_the_numbers_and_exactly(run: Run) -> None:
    data = json.loads(shown(run, "json"))
    layers = {layer["name"]: layer for layer in data["layers"]}
    assert layers["gru"]["symbolic"]["outputs"] == [
        {"name": "output", "shape": [None, "T", "H"]},
        {"name": "state", "shape": [None, "H"]},
    ]
    assert layers["gru"]["symbolic"]["params"] == {
        "formula": "3*H**2 + 3*H*C + 6*H",
        "terms": [[3, {"H": 2}], [3, {"H": 1, "C": 1}], [6, {"H": 1}]],
    }
    assert layers["attention"]["symbolic"]["params"]["formula"] == "4*D*N*(D//N) + 3*N*(D//N) + D"
    assert data["symbolic"]["variables"] == {"T": None, "C": 15, "H": 16, "D": 24, "N": 4, "G": 4}
    (uneven,) = data["symbolic"]["uneven"]
    assert (uneven["name"], uneven["layer"], uneven["size"]) == ("grouped.kernel[1]", "grouped", 6)


def test_without_being_asked_for_they_are_not_there(engine: Engine) -> None:
    report = inspect_bytes("x.yaml", SPEC.encode(), engine=engine, trace=False)
    assert report.formulas is None
    assert "symbolic" not in report.to_dict()


def test_layers_of_equal_sizes_and_other_formulas_are_not_folded(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [8]}\n" + "".join(
        f"  - {{name: d{number}, type: Dense, units: 8}}\n" for number in range(4)
    )
    report, _ = asked(text, engine)
    table = renderer("table").render(Run((report,)), Surface(), Options(columns=SYMBOLIC_COLUMNS))
    assert "d2.units*d3.units + d3.units" in table


def test_formulas_for_which_there_was_no_time_are_told_as_such() -> None:
    late = Formulas({"H": 16}, (None, None), None, late=True)
    assert list(sums(late)) == [("Parameters", "no formula in time: 0 of 2 layers have one")]
    data = late.to_dict()
    assert isinstance(data, dict)
    assert (data["out_of_time"], data["totals"]) == (True, None)
