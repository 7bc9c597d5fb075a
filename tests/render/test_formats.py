"""What is printed, as golden files (`pytest --rewrite-golden` writes them anew), re-added to its totals."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from seqshape.engine import Engine
from seqshape.pipeline import Report, inspect_bytes
from seqshape.render import formats, renderer
from seqshape.render._surface import COLUMNS, Options, Surface
from seqshape.report import Run

SPECS = Path(__file__).parents[2] / "specs"
Golden = Callable[[str, str], None]

WIDE = """\
name: "encoder \\e[31m & <decoder>"
layers:
  - {name: source_tokens_from_the_tokenizer, type: Input, shape: [null], dtype: int32}
  - {name: embedding_of_the_source_tokens, type: Embedding, input_dim: 5000, output_dim: 64, mask_zero: true}
  - {name: encoder, type: Bidirectional, layer: {type: LSTM, units: 128, return_state: true, return_sequences: true}}
  - {name: state_h, type: Concatenate, inputs: [encoder.forward_h, encoder.backward_h]}
  - {name: state_c, type: Concatenate, inputs: [encoder.forward_c, encoder.backward_c]}
  - {name: target, type: Input, shape: [null], dtype: int32}
  - {name: target_embedding, reuse: embedding_of_the_source_tokens, inputs: target}
  - name: decoder
    type: LSTM
    units: 256
    return_sequences: true
    inputs: {sequences: target_embedding, initial_state: [state_h, state_c]}
  - {name: bn, type: BatchNormalization}
  - name: tower
    repeat: 6
    layers:
      - {type: Dense, units: 256}
      - {name: sum, type: Add, inputs: [input, dense]}
  - {name: frozen, type: Dense, units: 3, trainable: false}
  - {name: "bar|\\u202e[*]", type: Reshape, target_shape: [7], inputs: state_h}
  - {name: late, type: Dense, units: 1}
"""


@pytest.fixture(scope="module")
def wide(engine: Engine) -> Report:
    return inspect_bytes("specs/wide.yaml", WIDE.encode(), engine=engine)


def spec(name: str, engine: Engine) -> Report:
    return inspect_bytes(f"specs/{name}.yaml", (SPECS / f"{name}.yaml").read_bytes(), engine=engine)


def neutral(text: str, report: Report) -> str:
    """The text without the versions of the day."""
    return text.replace(str(report.keras), "KERAS").replace(report.seqshape, "SEQSHAPE")


SURFACES = {
    "pipe": Surface(),
    "ascii": Surface(unicode=False),
    "140": Surface(140),
    "100": Surface(100),
    "80": Surface(80),
    "60": Surface(60),
    "40": Surface(40),
    "colour": Surface(100, color=True),
}


@pytest.mark.parametrize("name", SURFACES)
def test_table(name: str, wide: Report, golden: Golden) -> None:
    text = renderer("table").render(Run((wide,)), SURFACES[name], Options(weights=True))
    golden(f"table_{name}.txt", neutral(text, wide))


@pytest.mark.parametrize("format_", formats())
def test_every_format(format_: str, wide: Report, golden: Golden) -> None:
    text = renderer(format_).render(Run((wide, wide)), Surface(), Options(weights=True))
    golden(f"several_{format_}.txt", neutral(text, wide))


def test_first_spec(engine: Engine, golden: Golden) -> None:
    report = spec("char_gru_time_distributed", engine)
    text = renderer("table").render(Run((report,)), Surface(80), Options(weights=True))
    golden("char_gru_time_distributed.txt", neutral(text, report))


def test_mismatch(engine: Engine, golden: Golden) -> None:
    report = spec("cnn_rnn_fusion_mismatch", engine)
    golden(
        "mismatch.txt", neutral(renderer("table").render(Run((report,)), Surface(100), Options()), report)
    )


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_of_the_table_is_wider_than_the_terminal(width: int, wide: Report) -> None:
    text = renderer("table").render(Run((wide,)), Surface(width), Options())
    table = text.partition(" Parameters")[0]
    assert max(cell_len(line) for line in table.splitlines()) <= width


@pytest.mark.parametrize("width", [None, 30, 40, 60, 80, 100, 140])
def test_shapes_and_counts_are_never_cut(width: int | None, wide: Report) -> None:
    text = renderer("table").render(Run((wide,)), Surface(width), Options())
    for row in wide.rows:
        for output in row.outputs:
            shown = ", ".join("?" if axis is None else str(axis) for axis in output.tensor.shape[1:])
            assert f"(batch, {shown})" in text
    assert "320,000" in text
    assert "6 × 65,792" in text


def test_in_a_pipe_nothing_is_cut(wide: Report) -> None:
    text = renderer("table").render(Run((wide,)), Surface(), Options(fold=False, columns=COLUMNS))
    assert "…" not in text.partition(" Parameters")[0]
    for row in wide.rows[:-2]:
        assert f"{row.name} ({row.label})" in text


def test_the_numbers_of_the_table_add_up_to_its_totals(wide: Report) -> None:
    text = renderer("table").render(Run((wide,)), Surface(), Options(columns=("params",)))
    body = re.split(r"─+\n|\n\n Parameters", text)[1]
    total = 0
    for cell in body.split("\n"):
        if cell.strip() not in ("", "shared"):
            times, _, each = cell.replace(",", "").rpartition(" × ")
            total += int(times or 1) * int(each)
    assert total == wide.totals.params == 1_242_883
    assert "1,242,883" in text


def test_the_sums_of_weights_add_up(wide: Report) -> None:
    text = renderer("markdown").render(Run((wide,)), Surface(), Options(weights=True))
    sums = re.findall(r": (.*) = ([0-9,]+)$", text, re.MULTILINE)
    assert len(sums) == 6
    for terms, total in sums:
        found = 0
        for term in terms.split(" + "):
            shape = re.search(r"([0-9×]+)(?: \(not trained\))?$", term)
            assert shape is not None
            product = 1
            for axis in shape.group(1).split("×"):
                product *= int(axis)
            found += product
        assert found == int(total.replace(",", ""))


def test_wide_characters_keep_their_columns(engine: Engine) -> None:
    text = "layers:\n  - {name: 漢字漢字, type: Input, shape: [3]}\n  - {name: a, type: Dense, units: 2}\n"
    report = inspect_bytes("x.yaml", text.encode(), engine=engine)
    lines = renderer("table").render(Run((report,)), Surface(), Options()).splitlines()[4:6]
    assert "漢字漢字 (Input)" in lines[0]
    assert cell_len(lines[0].partition("(batch")[0]) == cell_len(lines[1].partition("(batch")[0])


def test_json_of_one_and_of_several(wide: Report) -> None:
    one = json.loads(renderer("json").render(Run((wide,)), Surface(), Options()))
    assert list(one) == [
        "report_version",
        "seqshape",
        "keras",
        "spec",
        "ok",
        "layers",
        "totals",
        "diagnostics",
    ]
    several = json.loads(renderer("json").render(Run((wide, wide)), Surface(), Options()))
    assert several == {"report_version": 1, "reports": [one, one]}


def test_json_has_what_the_contract_says(wide: Report) -> None:
    data = json.loads(renderer("json").render(Run((wide,)), Surface(), Options()))
    by_name = {(layer["block"], layer["name"]): layer for layer in data["layers"]}
    assert by_name[None, "target_embedding"] == {
        "name": "target_embedding",
        "type": "Embedding",
        "block": None,
        "line": 9,
        "status": "ok",
        "inputs": ["target"],
        "outputs": [{"name": "output", "shape": [None, None, 64], "dtype": "float32", "masked": True}],
        "weights": [],
        "params": 0,
        "trainable_params": 0,
        "shares": "embedding_of_the_source_tokens",
    }
    assert by_name["tower_5", "sum"]["status"] == "ok"
    assert by_name[None, "late"]["status"] == "skipped"
    (diagnostic,) = data["diagnostics"]
    assert {
        key: diagnostic[key]
        for key in ("code", "severity", "path", "line", "column", "end_line", "end_column")
    } == {
        "code": "SEQ205",
        "severity": "error",
        "path": "specs/wide.yaml",
        "line": 22,
        "column": 5,
        "end_line": 22,
        "end_column": 79,
    }
    assert data["totals"]["non_trainable_params"] == 512 + 771


def test_rich_and_notebooks_show_a_report(wide: Report) -> None:
    import io

    from rich.console import Console

    console = Console(file=io.StringIO(), width=200)
    console.print(wide)
    assert "embedding_of_the_source_tokens" in console.file.getvalue()  # type: ignore[attr-defined]
    html = wide._repr_html_()
    assert html.startswith("<pre")
    assert "&lt;decoder&gt;" in html
    assert "<decoder>" not in html
    assert "1,242,883" in str(wide)
