"""`seqshape layers`: the list, the pages, and the specs on them."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import seqshape
from seqshape.cli import cli
from seqshape.cli._pages import listed, paged
from seqshape.engine import Engine
from seqshape.type_pages import TypePage, all_pages, grouped

PLUGIN = """
import keras

@keras.saving.register_keras_serializable(package="Mine")
class Scale(keras.layers.Layer):
    '''Multiplies by a number.

    Args:
        factor: The number.
    '''
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor
"""


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(
        cli, ["layers", "--no-config", *arguments], env=environment, standalone_mode=False
    )


def spec_on(page: str) -> str:
    """The spec at the end of a page."""
    return textwrap.dedent(page.partition("A small spec\n")[2])


def pages(engine: Engine) -> dict[str, TypePage]:
    return all_pages(engine.catalogue(), engine.pages(), {})


def test_the_list_has_every_type_once(engine: Engine) -> None:
    lines = run().stdout.splitlines()
    listed_names = [line.split()[0] for line in lines if line.startswith("  ")]
    also = [
        name
        for line in lines
        if "(or " in line
        for name in line.rpartition("(or ")[2].rstrip(")").split(", ")
    ]
    assert sorted([*listed_names, *also]) == sorted(engine.catalogue().types)
    assert len(set(listed_names)) == len(listed_names)


def test_the_list_is_grouped_by_keras_folders_with_functions_behind_layers() -> None:
    heads = [line for line in run().stdout.splitlines() if line and not line.startswith(" ")]
    assert {"convolutional", "recurrent", "normalization", "pooling", "attention"} <= set(heads)
    functions = [number for number, head in enumerate(heads) if head.startswith("ops (")]
    assert functions == list(range(functions[0], functions[-1] + 1))
    assert heads[-1] == "cannot stand in a spec"


@pytest.mark.parametrize(
    "name", ["GRU", "Conv2D", "MultiHeadAttention", "ops.mean", "StringLookup", "LSTMCell"]
)
def test_a_pages_spec_works_as_it_stands(name: str, engine: Engine) -> None:
    report = seqshape.inspect_bytes("x.yaml", spec_on(run(name).stdout).encode(), engine=engine)
    assert report.rows[-1].type == name
    assert [item for item in report.diagnostics if item.severity != "note"] == []


def test_a_page_has_arguments_call_outputs_and_flags() -> None:
    page = run("GRU").stdout
    assert "  units                  required        Positive integer" in page
    assert "  activation             tanh " in page
    assert "initial_state" in page.partition("Call (")[2]
    outputs = page.partition("Outputs\n")[2]
    assert "output (batch, 16)\n" in outputs
    assert "return_state: true      output (batch, 16), state (batch, 16)" in outputs
    assert "return_sequences: true  output (batch, 12, 16)" in outputs


def test_call_flags_and_inner_flags_are_told() -> None:
    page = run("MultiHeadAttention", "Bidirectional").stdout
    assert "call: {return_attention_scores: true}  output (batch, 12, 8), scores (batch, 2, 12, 12)" in page
    assert "forward_state (batch, 16), backward_state (batch, 16)" in page


def test_another_name_of_a_function_shows_its_page() -> None:
    assert run("ops.nn.relu").stdout == run("ops.relu").stdout


def test_a_word_lists_the_types_that_contain_it() -> None:
    found = run("conv").stdout
    assert "Conv2D " in found
    assert "ops.conv_transpose" in found
    assert "GRU" not in found


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    result = run("GRU", "Desne")
    assert result.return_value == 2
    assert result.stderr == "Error: there is no type `Desne`; did you mean `Dense`?\n"
    assert result.stdout.startswith("GRU  recurrent\n")


@pytest.mark.parametrize("word", ["lstm", "layers.LSTM", "keras.layers.LSTM"])
def test_a_type_is_found_in_any_case_and_by_its_name_in_python(word: str) -> None:
    assert run(word).stdout == run("LSTM").stdout


def test_what_needs_code_says_why_and_what_to_do() -> None:
    page = " ".join(run("Lambda").stdout.split())
    assert "It cannot stand in a spec: it runs a Python function" in page
    assert "help: use a function of keras.ops" in page
    assert "`layers`" in run("Sequential").stdout


@pytest.mark.parametrize("width", [60, 80, 140])
def test_nothing_is_wider_than_the_terminal(width: int, engine: Engine) -> None:
    import click

    known = pages(engine)
    lines = [click.unstyle(line) for line in listed(grouped(known.values()), width)]
    long = {line for line in lines if len(line) > width}
    assert all(len(line.split()[0]) > width - 30 for line in long)  # a name is never cut
    for name in ("GRU", "MultiHeadAttention", "ops.expand_dims", "StringLookup"):
        page = paged(TypePage(known[name].type, known[name].page, engine.sample(name)), width)
        text = "\n".join(map(click.unstyle, page)).partition("A small spec")[0]
        assert max(map(len, text.splitlines())) <= width


def test_no_line_ends_with_spaces_and_a_pipe_cuts_nothing() -> None:
    text = run().stdout + run("GRU", "InputLayer").stdout
    assert all(line == line.rstrip() for line in text.splitlines())
    assert "…" not in run().stdout


@pytest.mark.parametrize(("options", "coloured"), [([], False), (["--color", "always"], True)])
def test_colour(options: list[str], coloured: bool) -> None:
    assert ("\x1b[" in run("GRU", *options, NO_COLOR="").stdout) is coloured


def test_json_is_for_programs(engine: Engine) -> None:
    everything = json.loads(run("--format", "json").stdout)
    assert [each["name"] for each in everything["types"]] == list(pages(engine))
    (gru,) = json.loads(run("GRU", "--format", "json").stdout)["types"]
    arguments = {each["name"]: each for each in gru["arguments"]}
    assert arguments["units"]["required"] is True
    assert arguments["activation"]["default"] == "tanh"
    assert "default" not in arguments["units"]
    report = seqshape.inspect_bytes("x.json", json.dumps(gru["spec"]).encode(), engine=engine)
    assert report.ok
    told = [(each["name"], tuple(each["shape"])) for each in gru["outputs"]]
    assert told == [(each.name, each.tensor.shape) for each in report.rows[-1].outputs]


def test_a_sample_is_remembered_without_keras(
    engine: Engine, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = engine.sample("GRU")
    other = Engine(cache)
    monkeypatch.setattr(other, "_load", lambda: pytest.fail("Keras was asked"))
    assert other.sample("GRU") == first
    assert other.pages() == engine.pages()


@pytest.fixture
def plugin(tmp_path: Path) -> Any:
    (tmp_path / "seqshape_scale_plugin.py").write_text(PLUGIN, encoding="utf-8")
    return Engine(tmp_path / "cache", ["seqshape_scale_plugin"], tmp_path)


def test_a_plugins_layers_have_pages_too(plugin: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("seqshape.pipeline", "seqshape.engine"):
        monkeypatch.setattr(f"{module}.Engine", lambda *_: plugin)
    page = run("Mine>Scale").stdout
    assert "Multiplies by a number." in page
    assert "  factor  2.0  The number." in page
    report = seqshape.inspect_bytes("x.yaml", spec_on(page).encode(), engine=plugin)
    assert report.ok
    shown = run().stdout.partition("registered by plugins\n")[2].partition("\n\n")[0]
    assert ["Mine>Scale", "Multiplies", "by", "a", "number."] in [
        line.split() for line in shown.splitlines()
    ]
