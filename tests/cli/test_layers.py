"""`seqshape layers`: the list, the pages, and the specs on them."""

import json
import textwrap
from pathlib import Path
from typing import Any

import click
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


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("glorot_uniform", "kernel_initializer: glorot_uniform"),
        ("GlorotUniform", "kernel_initializer: {type: GlorotUniform, seed: 3}"),
        ("l2", "kernel_regularizer: l2"),
        ("gelu", "activation: gelu"),
        ("mixed_bfloat16", "dtype: mixed_bfloat16"),
    ],
)
def test_a_word_that_arguments_take_says_where_it_stands(word: str, value: str, engine: Engine) -> None:
    page = run(word).stdout
    head, _, rest = page.partition("As a value\n")
    argument = value.partition(":")[0]
    assert argument in head
    assert value.partition(", seed")[0].partition(": ")[2] in rest
    spec = f"layers:\n  - {{type: Input, shape: [3]}}\n  - {{type: Dense, units: 2, {value}}}\n"
    assert seqshape.inspect_bytes("x.yaml", spec.encode(), engine=engine).ok


def test_a_word_is_there_for_programs_too() -> None:
    found = json.loads(run("he_normal", "--format", "json").stdout)
    (word,) = found["words"]
    assert (word["word"], word["module"], word["type"]) == ("he_normal", "initializers", "HeNormal")
    assert "kernel_initializer" in word["arguments"]
    assert found["types"] == []


def test_a_word_that_is_a_type_in_capitals_shows_both() -> None:
    page = run("relu").stdout
    assert page.startswith("relu  activations\n")
    assert page.endswith(run("ReLU").stdout)


def test_a_page_says_which_words_an_argument_can_be_and_what_null_does() -> None:
    page = " ".join(run("Bidirectional").stdout.split())
    assert "If `None`, the outputs will not be combined, they will be returned as a list." in page
    assert "One of concat, sum, mul, ave." in page
    assert "  shape        needed  " in run("Input").stdout
    assert "and any number of tensors: `inputs: [a, b]`" in run("ops.einsum").stdout


def test_every_part_of_a_page_has_a_heading() -> None:
    lines = run("Add").stdout.splitlines()
    assert lines[1] == "Performs elementwise addition operation."
    assert lines[2:4] == ["", "Arguments"]


def test_no_line_breaks_a_shape(engine: Engine) -> None:
    known = pages(engine)["Bidirectional"]
    page = TypePage(known.type, known.page, engine.sample("Bidirectional"))
    text = click.unstyle("\n".join(paged(page, 80))).partition("Outputs\n")[2]
    lines = text.partition("A small spec")[0].splitlines()
    assert any("backward_state" in line for line in lines)
    assert all(line.count("(") == line.count(")") for line in lines)


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
    monkeypatch.setattr(other._keras, "judge", lambda: pytest.fail("Keras was asked"))
    assert other.sample("GRU") == first
    assert other.pages() == engine.pages()


@pytest.fixture
def plugin(tmp_path: Path) -> Any:
    (tmp_path / "seqshape_scale_plugin.py").write_text(PLUGIN, encoding="utf-8")
    return Engine(tmp_path / "cache", ["seqshape_scale_plugin"], tmp_path)


def test_a_plugins_layers_have_pages_too(plugin: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("seqshape.pipeline", "seqshape.engine"):
        monkeypatch.setattr(f"{module}.Engine", lambda *_, **__: plugin)
    page = run("Mine>Scale").stdout
    assert "Multiplies by a number." in page
    assert "  factor  2.0  The number." in page
    report = seqshape.inspect_bytes("x.yaml", spec_on(page).encode(), engine=plugin)
    assert report.ok
    shown = run().stdout.partition("registered by plugins\n")[2].partition("\n\n")[0]
    assert ["Mine>Scale", "Multiplies", "by", "a", "number."] in [
        line.split() for line in shown.splitlines()
    ]
