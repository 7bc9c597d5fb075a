"""What an answer depends on beside its question: each part of it makes another digest, or none."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seqshape.engine import surroundings as module
from seqshape.engine.plugin_sources import MOST_BYTES, strangers
from seqshape.engine.surroundings import Surroundings, Unknown, surroundings

PLUGIN = "import keras\nfrom helpers import scale\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keras"
    folder.mkdir()
    monkeypatch.setenv("KERAS_HOME", str(folder))
    return folder


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    """A folder with a plugin that is a module, its helper, and one that is a package."""
    folder = tmp_path / "plugins"
    (folder / "a_package" / "inner").mkdir(parents=True)
    (folder / "a_plugin.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "helpers.py").write_text("scale = 2\n", encoding="utf-8")
    (folder / "other.py").write_text("nobody = 'imports it'\n", encoding="utf-8")
    (folder / "a_package" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "a_package" / "inner" / "words.txt").write_text("one two\n", encoding="utf-8")
    return folder


def digest(folder: Path, *names: str) -> str:
    return surroundings(names, folder).digest


def test_the_same_surroundings_have_the_same_digest(home: Path) -> None:
    assert digest(home) == digest(home)


@pytest.mark.parametrize("name", ["TF_USE_LEGACY_KERAS", "KERAS_NNX_ENABLED"])
def test_variables_of_keras_and_tensorflow_count(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(home)
    monkeypatch.setenv(name, "1")
    assert digest(home) != before


def test_variables_that_say_how_loud_tensorflow_is_do_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(home)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
    assert digest(home) == before


def test_the_settings_of_keras_count(home: Path) -> None:
    before = digest(home)
    (home / "keras.json").write_text('{"floatx": "float64"}', encoding="utf-8")
    changed = digest(home)
    (home / "keras.json").write_text('{"floatx": "float16"}', encoding="utf-8")
    assert len({before, changed, digest(home)}) == 3


@pytest.mark.parametrize("package", ["keras", "tensorflow", "numpy", "ml_dtypes"])
def test_versions_count(home: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(home)
    installed = module._installed()
    version, place = installed[package]
    monkeypatch.setattr(module, "_installed", lambda: {**installed, package: (f"{version}.1", place)})
    assert digest(home) != before


def test_this_packages_own_sources_count(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(home)
    copy = tmp_path / "engine"
    copy.mkdir()
    for file in Path(module.__file__).parent.glob("*.py"):
        (copy / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(module, "__file__", str(copy / "surroundings.py"))
    assert digest(home) == before
    (copy / "tracing.py").write_text("# another text\n", encoding="utf-8")
    assert digest(home) != before
    monkeypatch.setattr(module, "__file__", str(tmp_path / "package.zip" / "surroundings.py"))
    with pytest.raises(Unknown, match="own sources"):
        digest(home)


def test_a_keras_beside_the_installed_one_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Unknown, match="`keras` is not imported from where it is installed"):
        digest(tmp_path)


def test_without_metadata_of_tensorflow_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keras = {"keras": module._installed()["keras"]}
    monkeypatch.setattr(module, "_installed", lambda: keras)
    with pytest.raises(Unknown, match="`tensorflow`"):
        digest(tmp_path)


def test_what_came_from_a_folder_or_a_repository_is_told_by_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "keras-3.15.1.dist-info"
    metadata.mkdir()
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    plain = digest(tmp_path)
    (metadata / "direct_url.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Unknown, match="record"):
        digest(tmp_path)
    (metadata / "RECORD").write_text("keras/__init__.py,sha256=1,1\n", encoding="utf-8")
    one = digest(tmp_path)
    (metadata / "RECORD").write_text("keras/__init__.py,sha256=2,1\n", encoding="utf-8")
    assert len({plain, one, digest(tmp_path)}) == 3


@pytest.mark.parametrize("name", ["a_plugin.py", "helpers.py"])
def test_a_plugin_counts_with_what_it_imports(home: Path, plugins: Path, name: str) -> None:
    before = digest(plugins, "a_plugin")
    assert digest(plugins) != before
    assert before == digest(plugins, "a_plugin")
    with (plugins / name).open("a", encoding="utf-8") as file:
        file.write("# another text\n")
    assert digest(plugins, "a_plugin") != before


def test_what_no_plugin_imports_does_not_count(home: Path, plugins: Path) -> None:
    before = digest(plugins, "a_plugin")
    (plugins / "other.py").write_text("", encoding="utf-8")
    assert digest(plugins, "a_plugin") == before


@pytest.mark.parametrize("name", ["inner/words.txt", "inner/new.py", "__init__.py"])
def test_a_package_counts_with_every_file_in_it(home: Path, plugins: Path, name: str) -> None:
    before = digest(plugins, "a_package.inner")
    (plugins / "a_package" / name).write_text("new = 1\n", encoding="utf-8")
    assert digest(plugins, "a_package.inner") != before


def test_what_else_is_installed_counts_for_plugins_alone(
    home: Path, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, with_plugin = digest(plugins), digest(plugins, "a_plugin")
    installed = {**module._installed(), "einops": ("0.8.0", Path())}
    monkeypatch.setattr(module, "_installed", lambda: installed)
    assert digest(plugins) == plain
    assert digest(plugins, "a_plugin") != with_plugin


@pytest.mark.parametrize(
    "text",
    [
        "size = int(open('size.txt').read())\n",
        "import os\nsize = os.environ['SIZE']\n",
        "from os import getenv\n",
        "import importlib\nother = importlib.import_module(name)\n",
        "def call(self, x):\n    return eval(self.text)\n",
        "from pathlib import Path\ntext = Path('a').read_text()\n",
        "this is no Python",
        "x = 1\0",
    ],
)
def test_a_plugin_that_depends_on_more_than_sources_is_unknown(
    home: Path, plugins: Path, text: str
) -> None:
    (plugins / "helpers.py").write_text(text, encoding="utf-8")
    with pytest.raises(Unknown, match="plugin"):
        digest(plugins, "a_plugin")


def test_a_plugin_that_is_not_there_or_too_large_is_unknown(home: Path, plugins: Path) -> None:
    with pytest.raises(Unknown, match="not found"):
        digest(plugins, "missing_plugin")
    (plugins / "a_package" / "large.bin").write_bytes(bytes(MOST_BYTES + 1))
    with pytest.raises(Unknown, match="too large"):
        digest(plugins, "a_package")


def test_a_plugin_is_looked_at_and_not_run(home: Path, plugins: Path) -> None:
    (plugins / "helpers.py").write_text("raise SystemExit\n", encoding="utf-8")
    before = set(sys.modules)
    digest(plugins, "a_plugin", "a_package")
    assert not (set(sys.modules) - before) & {"a_plugin", "helpers", "a_package"}


def test_a_module_that_came_in_past_the_digest_is_a_stranger(
    home: Path, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: Surroundings = surroundings(["a_plugin"], plugins)

    def loaded(name: str) -> Callable[[], None]:
        made = type(sys)(name)
        made.__file__ = str(plugins / f"{name}.py")
        monkeypatch.setitem(sys.modules, name, made)
        return lambda: None

    for name in ("helpers", "other"):
        loaded(name)
    names = ["helpers", "other", "json", "yaml", "sys"]
    assert list(strangers(names, found.files)) == ["other"]
