"""
Every spec of the folder `specs` against literal values: shapes, counts, totals, exit status.

The numbers are worked out by the formulas of Keras's layers, not taken from the tool:
GRU 3·(in·u + u·u + 2·u) (one bias, u in place of 2·u, with `reset_after: false`), LSTM 4·(in·u + u·u + u),
Dense in·u + u, Conv2D k·k·in·filters + filters.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import seqshape
from seqshape.cli import cli
from seqshape.engine import Engine

SPECS = Path(__file__).parent.parent / "specs"

Shape = tuple[int | None, ...]
B = None
"""An unknown axis, of the batch or of the steps."""


@dataclass(frozen=True)
class Layer:
    """What must be said of one entry. A single output is named `output`."""

    name: str
    outputs: dict[str, Shape]
    params: int = 0
    status: str = "ok"
    shares: str | None = None


@dataclass(frozen=True)
class Truth:
    """What must be said of one spec. `diagnostics` are code, layer and a piece of the message."""

    layers: tuple[Layer, ...]
    params: int
    status: int = 0
    diagnostics: tuple[tuple[str, str, str], ...] = ()


def layer(name: str, *shape: int | None, params: int = 0, shares: str | None = None) -> Layer:
    return Layer(name, {"output": (B, *shape)}, params, shares=shares)


def fusion(steps: int, features: int, gru: int) -> tuple[Layer, ...]:
    """The entries that both fusion specs have before the last Concatenate."""
    return (
        layer("image", 32, 32, 1),
        layer("encoder_output", 32, 32, 16, params=160),
        layer("sequence_in", steps, features),
        layer("gru1", 16, params=gru),
        layer("gru1_back", steps, 16, params=gru),
        layer("gru1_merged", steps, 16),
        layer("gru2", steps, 16, params=1632),
        layer("gru2_back", steps, 16, params=1632),
        layer("gru2_joined", steps, 32),
        layer("sequence", steps, 32, 1),
    )


def gpt(blocks: int, width: int, words: int, steps: int) -> tuple[Layer, ...]:
    """A GPT: attention has four squares of the width with their biases, the two Dense eight squares."""
    norm, square = 2 * width, width * width
    block = (
        layer("attention_norm", steps, width, params=norm),
        layer("attention", steps, width, params=4 * (square + width)),
        layer("attention_sum", steps, width),
        layer("norm", steps, width, params=norm),
        layer("wide", steps, 4 * width, params=4 * square + 4 * width),
        layer("narrow", steps, width, params=4 * square + width),
        layer("sum", steps, width),
    )
    return (
        layer("tokens", steps),
        layer("vectors", steps, width, params=words * width),
        *(each for _ in range(blocks) for each in block),
        layer("last_norm", steps, width, params=norm),
        layer("logits", steps, words, params=words * width),
    )


CHARS = layer("chars", 64, 15)
GRU = layer("gru", 64, 16, params=1584)
LOGITS = layer("logits", 64, 15, params=255)
PROBS = layer("probs", 64, 15)

TRUTHS = {
    "char_gru_time_distributed": Truth(
        (CHARS, GRU, LOGITS, PROBS), params=1839, diagnostics=(("SEQ303", "logits", "is Dense(15) here"),)
    ),
    "char_gru_dense": Truth((CHARS, GRU, LOGITS, PROBS), params=1839),
    "char_gru_reset_before": Truth(
        (CHARS, layer("gru", 64, 16, params=1536), LOGITS, PROBS),
        params=1791,
        diagnostics=(
            ("SEQ308", "gru", "reset_after: false"),
            ("SEQ303", "logits", "is Dense(15) here"),
        ),
    ),
    "seq_to_seq_td": Truth(
        (CHARS, GRU, layer("scores", 64, 8, params=136)),
        params=1720,
        diagnostics=(("SEQ303", "scores", "is Dense(8) here"),),
    ),
    "seq_to_seq_dense": Truth((CHARS, GRU, layer("scores", 64, 8, params=136)), params=1720),
    "seq_to_label": Truth(
        (CHARS, layer("gru", 16, params=1584), layer("scores", 8, params=136)),
        params=1720,
    ),
    "lstm_time_distributed": Truth(
        (layer("sequence", 10, 20), layer("lstm", 10, 5, params=520), layer("value", 10, 1, params=6)),
        params=526,
        diagnostics=(("SEQ303", "value", "is Dense(1) here"),),
    ),
    "lstm_dense": Truth(
        (layer("sequence", 10, 20), layer("lstm", 10, 5, params=520), layer("value", 10, 1, params=6)),
        params=526,
    ),
    "video_time_distributed_conv": Truth(
        (layer("video", 10, 128, 128, 3), layer("frames", 10, 126, 126, 64, params=1792)),
        params=1792,
    ),
    "seq2seq_lstm": Truth(
        (
            layer("source", None, 71),
            Layer("encoder", {"output": (B, 256), "state_h": (B, 256), "state_c": (B, 256)}, 335_872),
            layer("target", None, 93),
            Layer("decoder", {"output": (B, None, 256), "state_h": (B, 256), "state_c": (B, 256)}, 358_400),
            layer("probs", None, 93, params=23_901),
        ),
        params=718_173,
        diagnostics=(("SEQ305", "decoder", "`decoder.state_h` and `decoder.state_c` are asked for"),),
    ),
    "dense_on_sequence": Truth((layer("sequence", 7, 12), layer("dense", 7, 5, params=65)), params=65),
    "dense_on_vector": Truth((layer("vector", 12), layer("dense", 5, params=65)), params=65),
    "shared_dense": Truth(
        (
            layer("x", 3, 8),
            layer("dense", 3, 16, params=144),
            layer("each_step", 3, 16, shares="dense"),
        ),
        params=144,
    ),
    "gru_return_modes": Truth(
        (
            layer("x", 64, 15),
            layer("last", 16, params=1584),
            layer("sequence", 64, 16, params=1584),
            Layer("last_and_state", {"output": (B, 16), "state": (B, 16)}, 1584),
            Layer("sequence_and_state", {"output": (B, 64, 16), "state": (B, 16)}, 1584),
        ),
        params=6336,
    ),
    "gpt3_175b": Truth(gpt(96, 12_288, 50_257, 2048), params=175_196_651_520),
    "cnn_rnn_fusion": Truth(
        (*fusion(32, 512, 25_440), layer("fusion", 32, 32, 17)),
        params=54_304,
        diagnostics=(
            ("SEQ301", "gru1_merged", "Add stretches `gru1` (batch, 16) along axis 1"),
            ("SEQ302", "gru2_joined", "`gru2` runs backwards"),
        ),
    ),
    "cnn_rnn_fusion_mismatch": Truth(
        (*fusion(16, 1024, 50_016), Layer("fusion", {}, status="error")),
        params=103_456,
        status=1,
        diagnostics=(
            ("SEQ301", "gru1_merged", "Add stretches `gru1` (batch, 16) along axis 1"),
            ("SEQ302", "gru2_joined", "`gru2` runs backwards"),
            ("SEQ201", "fusion", "axis 1 is 32 in `encoder_output` and 16 in `sequence`"),
        ),
    ),
}

ELEMENT = 4
"""Bytes of a float32, the dtype of every weight here."""


@pytest.fixture(scope="session")
def reports(cache: Path) -> dict[str, tuple[int, dict[str, Any]]]:
    """For each spec the exit status and the report of `inspect --format json`, by the command itself."""
    runner = CliRunner(env={"SEQSHAPE_CACHE_DIR": str(cache)})
    found = {}
    for name in TRUTHS:
        path = str(SPECS / f"{name}.yaml")
        result = runner.invoke(cli, ["inspect", path, "--format", "json"], standalone_mode=False)
        assert result.exception is None, result.exception
        found[name] = (result.return_value, json.loads(result.stdout))
    return found


def test_the_table_names_every_spec() -> None:
    assert set(TRUTHS) == {path.stem for path in SPECS.glob("*.yaml")}


@pytest.mark.parametrize("name", TRUTHS)
def test_exit_status(name: str, reports: dict[str, tuple[int, dict[str, Any]]]) -> None:
    status, report = reports[name]
    assert status == TRUTHS[name].status
    assert report["ok"] == (TRUTHS[name].status == 0)


@pytest.mark.parametrize("name", TRUTHS)
def test_layers(name: str, reports: dict[str, tuple[int, dict[str, Any]]]) -> None:
    _, report = reports[name]
    found = tuple(
        Layer(
            row["name"],
            {output["name"]: tuple(output["shape"]) for output in row["outputs"]},
            row["params"],
            row["status"],
            row.get("shares"),
        )
        for row in report["layers"]
    )
    assert found == TRUTHS[name].layers


@pytest.mark.parametrize("name", TRUTHS)
def test_totals(name: str, reports: dict[str, tuple[int, dict[str, Any]]]) -> None:
    _, report = reports[name]
    params = TRUTHS[name].params
    assert report["totals"] == {
        "params": params,
        "trainable_params": params,
        "non_trainable_params": 0,
        "weight_bytes": params * ELEMENT,
    }
    assert sum(layer.params for layer in TRUTHS[name].layers) == params


@pytest.mark.parametrize("name", TRUTHS)
def test_diagnostics(name: str, reports: dict[str, tuple[int, dict[str, Any]]]) -> None:
    _, report = reports[name]
    found = report["diagnostics"]
    expected = TRUTHS[name].diagnostics
    assert [(item["code"], item["layer"]) for item in found] == [(code, on) for code, on, _ in expected]
    for item, (_, on, words) in zip(found, expected, strict=True):
        assert words in item["message"]
        row = next(row for row in report["layers"] if row["name"] == on)
        rest = [other["line"] for other in report["layers"] if other["line"] > row["line"]]
        assert row["line"] <= item["line"] < min(rest, default=item["line"] + 1)


def test_a_model_of_the_size_of_gpt_is_short() -> None:
    assert len((SPECS / "gpt3_175b.yaml").read_text(encoding="utf-8").splitlines()) < 60
    assert len(TRUTHS["gpt3_175b"].layers) == 676


@pytest.mark.parametrize("name", TRUTHS)
def test_every_spec_expects_its_own_truth(name: str, engine: Engine) -> None:
    """The `expect` of each spec is in force: with every count in it made wrong by one, it fails."""
    path = SPECS / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert all(f"params: {layer.params}" in text for layer in TRUTHS[name].layers if layer.params)
    wrong = text
    for params in {layer.params for layer in TRUTHS[name].layers if layer.params}:
        wrong = wrong.replace(f"params: {params}}}", f"params: {params + 1}}}")
        wrong = wrong.replace(f"params: {params}\n", f"params: {params + 1}\n")
    report = seqshape.inspect_bytes(str(path), wrong.encode(), engine=engine)
    hit = {item.layer for item in report.diagnostics if item.code == "SEQ402"}
    assert hit >= {layer.name for layer in TRUTHS[name].layers if layer.params}
