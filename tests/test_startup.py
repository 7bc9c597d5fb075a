"""What is imported when: Keras stays out wherever an answer needs none. Held by counting modules."""

import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import seqshape.cli
from seqshape.engine import Engine

HEAVY = {"keras", "tensorflow", "numpy"}
PROBE = """
import json, os, sys
from seqshape.cli import main
sys.argv = ["seqshape", *json.loads(sys.argv[1])]
try:
    main()
except SystemExit as end:
    status = end.code
own = [name for name in sys.modules if name.startswith("seqshape.")]
dear = {
    f"{name}.{each.__name__}"
    for name in own
    for each in list(vars(sys.modules[name]).values())
    if isinstance(each, type) and each.__module__ == name
    and "__dataclass_params__" in vars(each) and each.__dataclass_params__.init
}
names = {name.split(".")[0] for name in sys.modules}
print("\\x00" + json.dumps({"status": status, "modules": sorted(names), "count": len(sys.modules), "own": own, "dear": sorted(dear), "environment": dict(os.environ)}), file=sys.stderr)
"""


def probed(cache: Path, *arguments: str, folder: Path | None = None) -> dict[str, object]:
    """The exit status of a run in a fresh process, and the modules it had imported at its end."""
    environment = {**os.environ, "SEQSHAPE_CACHE_DIR": str(cache)}
    result = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=120,
        cwd=folder,
    )
    data: dict[str, object] = json.loads(result.stderr.rpartition("\x00")[2])
    data["stdout"] = result.stdout
    data["stderr"] = result.stderr.rpartition("\x00")[0]
    return data


@pytest.fixture(scope="module")
def filled(cache: Path, engine: Engine) -> Path:
    """A cache folder that has the catalogue."""
    engine.catalogue()
    return cache


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    path = tmp_path / "wrong.yaml"
    path.write_text("layers:\n  - {type: Inptu, shape: [3]}\n", encoding="utf-8")
    return str(path)


def own(data: dict[str, object]) -> set[str]:
    """The modules of the package itself."""
    found = data["own"]
    assert isinstance(found, list)
    return {name.removeprefix("seqshape.") for name in found}


def classes(data: dict[str, object]) -> set[str]:
    """Classes of the package whose methods the standard library wrote at this start: 0.4 ms each."""
    found = data["dear"]
    assert isinstance(found, list)
    return set(found)


def modules(data: dict[str, object]) -> set[str]:
    found = data["modules"]
    assert isinstance(found, list)
    return set(found)


HELP = {("--help",): 170, ("--version",): 122, ("nonsense",): 140}
"""Modules that may be there at the end. Python with Click alone has some 100 of them."""
COMMANDS = sorted(info.name for info in pkgutil.iter_modules(seqshape.cli.__path__) if info.name[0] != "_")
OF_A_COMMAND = 158
STATIONS = {"report", "engine", "containers", "pipeline"}
"""Modules that the work begins with: their many dataclasses take longer to make than Click to import."""

OF_JUDGING = {
    "faults",
    "judging",
    "rules",
    "walk",
    "yaml_reader",
    "spec",
    "engine.question",
    "engine.catalogue",
}
"""What a report that is remembered as a whole does without."""


@pytest.mark.parametrize(
    ("arguments", "most"), [*HELP.items(), *(((name, "--help"), OF_A_COMMAND) for name in COMMANDS)]
)
def test_help_and_version_import_nothing_heavy(arguments: tuple[str, ...], most: int, filled: Path) -> None:
    data = probed(filled, *arguments)
    assert not modules(data) & (
        HEAVY | {"rich", "yaml", "sqlite3", "platformdirs", "watchfiles", "asyncio"}
    )
    assert not own(data) & STATIONS
    assert isinstance(data["count"], int)
    assert data["count"] < most


def test_the_stations_are_there_where_work_begins(filled: Path, wrong: str) -> None:
    """The twin of the test above; and classes that are dear to make are seen."""
    data = probed(filled, "inspect", wrong)
    assert own(data) >= STATIONS
    assert "seqshape.paths._Search" in classes(data)


def test_a_pyproject_of_others_needs_no_toml(filled: Path, wrong: str) -> None:
    """Such as this project's own: it names the tool in every other line, and has no settings for it."""
    folder = Path(wrong).parent
    (folder / ".git").mkdir()
    settings = folder / "pyproject.toml"
    settings.write_text("[project]\nname = 'seqshape'\n[tool.ruff]\n", encoding="utf-8")
    assert "tomllib" not in modules(probed(filled, "inspect", wrong, folder=folder))
    settings.write_text("[tool.seqshape]\n", encoding="utf-8")
    assert "tomllib" in modules(probed(filled, "inspect", wrong, folder=folder))


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--help"],
        ["check"],
        ["check", "--show-settings"],
        ["rule", "--all"],
        ["rule", "SEQ201"],
        ["rule", "SEQ2O1"],
    ],
)
def test_rules_and_settings_are_shown_without_keras(arguments: list[str], filled: Path) -> None:
    assert not modules(probed(filled, *arguments)) & (HEAVY | {"rich", "platformdirs"})


@pytest.mark.parametrize(
    "arguments", [["layers"], ["layers", "GRU"], ["layers", "conv"], ["layers", "Grue"], ["schema"]]
)
def test_types_are_shown_without_keras_once_they_were(
    arguments: list[str], filled: Path, engine: Engine
) -> None:
    engine.pages()
    engine.sample("GRU")
    data = probed(filled, *arguments, "--no-config")
    assert str(data["stdout"] or data["stderr"])
    assert not modules(data) & (HEAVY | {"rich", "platformdirs"})


def test_a_folder_without_specs_needs_no_keras(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "alien.yaml").write_text("on: push\n", encoding="utf-8")
    data = probed(filled, "check", str(tmp_path), "--no-config", "--format", "json")
    assert data["status"] == 0
    assert not modules(data) & HEAVY


def test_a_misspelt_word_is_answered_without_keras(filled: Path, wrong: str) -> None:
    data = probed(filled, "inspect", wrong, "--no-config")
    assert (data["status"], "did you mean `Input`?" in str(data["stdout"])) == (1, True)
    assert not modules(data) & (HEAVY | {"platformdirs", "tomllib", "asyncio"})
    assert not own(data) & {"walk", "flow", "model", "render._rows", "render._cells", "repairs"}
    assert {name for name in own(data) if name.startswith("rules.seq")} == {"rules.seq102_unknown_type"}
    assert isinstance(data["count"], int)
    assert data["count"] < 240
    assert len(classes(data)) < 10
    again = probed(filled, "inspect", wrong, "--no-config")
    assert again["stdout"] == data["stdout"]
    assert not own(again) & OF_JUDGING
    assert isinstance(again["count"], int)
    assert again["count"] < 182
    assert len(classes(again)) < 4


@pytest.mark.parametrize(
    "damage", [None, b"", b"{}", b'{"types": {"Input": 3}}', b"\xff\x00", b"[" * 100_000]
)
def test_a_missing_or_damaged_catalogue_is_made_again(
    damage: bytes | None, filled: Path, wrong: str, tmp_path: Path, engine: Engine
) -> None:
    from seqshape.engine import catalogue_store

    (whole,) = filled.glob("catalogue-*.json")
    copy = tmp_path / whole.name
    if damage is not None:
        copy.write_bytes(damage)
    catalogue = engine.catalogue()
    assert catalogue_store.load(tmp_path, catalogue.keras, catalogue.tensorflow) is None
    assert Engine(tmp_path).catalogue() == catalogue
    assert catalogue_store.load(tmp_path, catalogue.keras, catalogue.tensorflow) == catalogue
    assert [path.name for path in tmp_path.glob("*catalogue*")] == [whole.name]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, engine: Engine) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert Engine(blocked / "below").catalogue() == engine.catalogue()


def test_the_whole_command_in_a_fresh_process(tmp_path: Path) -> None:
    """The twin of the tests above: nothing is remembered, Keras is imported, its chatter reaches nobody."""
    path = tmp_path / "good.yaml"
    path.write_text(
        "layers:\n  - {type: Input, shape: [3]}\n  - {type: Dense, units: 2}\n", encoding="utf-8"
    )
    data = probed(tmp_path / "cache", "inspect", str(path))
    assert (data["status"], data["stderr"]) == (0, "")
    assert modules(data) >= HEAVY
    assert "(batch, 2)" in str(data["stdout"])
    environment = data["environment"]
    assert isinstance(environment, dict)
    assert environment["CUDA_VISIBLE_DEVICES"] == "-1"
    assert environment["KERAS_BACKEND"] == "tensorflow"


@pytest.fixture(scope="module")
def remembered(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A cache folder that has every answer to a spec, the spec, and what was printed of it first."""
    spec = tmp_path_factory.mktemp("specs") / "model.yaml"
    spec.write_text(
        "layers:\n"
        "  - {name: chars, type: Input, shape: [null, 15]}\n"
        "  - {name: enc, type: GRU, units: 16, return_sequences: true, return_state: true}\n"
        "  - {name: wide, type: Dense, units: 15, inputs: enc.output}\n"
        "  - {name: sum, type: Add, inputs: [wide, chars]}\n"
        "  - {name: wrong, type: GRU, units: 8, inputs: {sequences: sum, initial_state: enc.state}}\n",
        encoding="utf-8",
    )
    first = probed(filled, "check", str(spec), "--no-config")
    assert (first["status"], modules(first) >= HEAVY, first["stderr"]) == (1, True, "")
    return filled, spec, str(first["stdout"])


def test_a_run_whose_questions_are_all_remembered_needs_no_keras(
    remembered: tuple[Path, Path, str],
) -> None:
    cache, spec, printed = remembered
    data = probed(cache, "check", str(spec), "--no-config")
    assert (data["status"], data["stdout"], data["stderr"]) == (1, printed, "")
    assert not modules(data) & HEAVY


@pytest.mark.parametrize("format_", ["table", "json"])
def test_a_remembered_run_imports_so_much_and_no_more(
    format_: str, remembered: tuple[Path, Path, str], tmp_path: Path
) -> None:
    cache, spec, _ = remembered
    sound = tmp_path / "sound.yaml"
    text = spec.read_text(encoding="utf-8")
    sound.write_text(text[: text.index("  - {name: wrong")], encoding="utf-8")
    for most in ({"table": 296, "json": 280}, {"table": 186, "json": 168}):  # answers; then the report too
        data = probed(cache, "inspect", str(sound), "--no-config", "--format", format_)
        assert data["status"] == 0
        assert not modules(data) & (HEAVY | {"platformdirs", "tomllib", "asyncio", "importlib.metadata"})
        assert isinstance(data["count"], int)
        assert data["count"] < most[format_]
    assert not own(data) & OF_JUDGING


def test_one_new_layer_needs_keras_again(remembered: tuple[Path, Path, str], tmp_path: Path) -> None:
    """The twin of the tests above; and `--no-cache` asks about what is remembered, and writes nothing."""
    cache, spec, printed = remembered
    folder = tmp_path / "untouched"
    data = probed(folder, "check", str(spec), "--no-config", "--no-cache")
    assert (data["status"], data["stdout"], data["stderr"]) == (1, printed, "")
    assert modules(data) >= HEAVY
    assert not list(folder.glob("*.*"))
    other = probed(cache, "check", str(spec), "--no-config", "--cache-dir", str(tmp_path / "other"))
    assert (other["stdout"], modules(other) >= HEAVY) == (printed, True)
    assert len(list((tmp_path / "other").glob("answers-*.sqlite"))) == 1


def test_layers_of_a_plugin_are_remembered_until_its_source_changes(tmp_path: Path, filled: Path) -> None:
    plugin = tmp_path / "seqshape_doubling.py"
    text = (
        "import keras\n"
        "@keras.saving.register_keras_serializable('Mine')\n"
        "class Doubled(keras.layers.Layer):\n"
        "    def call(self, x):\n"
        "        return keras.ops.concatenate([x, x])\n"
    )
    (tmp_path / "seqshape.toml").write_text('plugins = ["seqshape_doubling"]\n', encoding="utf-8")
    (tmp_path / "spec.yaml").write_text(
        "layers: [{type: Input, shape: [3]}, {type: Mine>Doubled}]\n", encoding="utf-8"
    )
    arguments = ["inspect", str(tmp_path / "spec.yaml"), "--config", str(tmp_path / "seqshape.toml")]
    runs = []
    for source in (text, text, text.replace("[x, x]", "[x, x], axis=1")):
        plugin.write_text(source, encoding="utf-8")
        runs.append(probed(filled, *arguments))
    assert [run["status"] for run in runs] == [0, 0, 0]
    assert [modules(run) >= HEAVY for run in runs] == [True, False, True]
    assert "(batch, 6)" in str(runs[2]["stdout"])
    assert runs[0]["stdout"] == runs[1]["stdout"]


def test_keras_writes_no_settings_into_a_home_that_has_none(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("KERAS_HOME", raising=False)
    path = tmp_path / "good.yaml"
    path.write_text("layers: [{type: Input, shape: [3]}]\n", encoding="utf-8")
    assert probed(cache, "inspect", str(path))["status"] == 0
    assert list(home.iterdir()) == []


def test_the_package_alone_imports_next_to_nothing() -> None:
    code = "import sys, seqshape; print(seqshape.__version__, len([n for n in sys.modules if n.startswith('seqshape')]))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.split() == ["0.1.0", "2"]
