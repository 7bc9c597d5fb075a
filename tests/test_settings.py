"""Settings files: where they are found, what they say, and every mistake in one run."""

from pathlib import Path

import pytest

from seqshape.settings import KEYS, Settings, find, read

WHOLE = """\
paths = ["specs", "more/*.yaml"]
select = ["seq2", "SEQ401"]
ignore = ["SEQ299"]
strict = true
plugins = ["my_package.layers"]
per-file-ignores = { "old/*.yaml" = ["SEQ2"], "b.yaml" = [] }

[limits]
nodes = 500_000
depth = 150
"""


def told(path: Path) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in read(path)[1]]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "seqshape.toml"


def test_every_setting(own: Path, tmp_path: Path) -> None:
    own.write_text(WHOLE, encoding="utf-8")
    settings, problems = read(own)
    assert problems == ()
    assert settings == Settings(
        file=own,
        given=frozenset(key.replace("-", "_") for key in KEYS),
        paths=("specs", "more/*.yaml"),
        select=("SEQ2", "SEQ401"),
        ignore=("SEQ299",),
        per_file_ignores=(("old/*.yaml", ("SEQ2",)), ("b.yaml", ())),
        strict=True,
        limits=(("nodes", 500_000), ("depth", 150)),
        plugins=("my_package.layers",),
    )
    shared = tmp_path / "pyproject.toml"
    shared.write_text(
        "[project]\nname = 'x'\n[tool.seqshape]\n" + WHOLE.replace("[limits]", "[tool.seqshape.limits]"),
        encoding="utf-8",
    )
    again, problems = read(shared)
    assert (again.limits, again.strict, problems) == (settings.limits, True, ())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\nselct = []", 2, "unknown setting `selct`; did you mean `select`?"),
        ("per_file_ignores = {}", 1, "did you mean `per-file-ignores`?"),
        ("zzz = 1", 1, "unknown setting `zzz`; there are `paths`, `select`"),
        ("[tool.seqshape]\nstrict = true", 1, "settings stand at the top, without `[tool.seqshape]`"),
        ("strict = 1", 1, "`strict` must be true or false, not the number 1"),
        ('strict = "yes"', 1, 'not the text "yes"'),
        ('paths = "specs"', 1, "`paths` must be a list of texts, not the text"),
        ("paths = [1]", 1, "`paths` must hold texts, not the number 1"),
        ("paths = ['']", 1, "not an empty one"),
        ("paths = [2026-11-21]", 1, "not a date"),
        ("select = {}", 1, "not a table"),
        (
            "ignore = [\n'SEQ201',\n'SEQ2O5']",
            1,
            "`ignore`: there is no code `SEQ2O5`; did you mean `SEQ205`?",
        ),
        ("ignore = ['SEQ101']", 1, "`SEQ101` cannot be ignored"),
        ("plugins = ['a-b']", 1, "such as `my_package.layers`, not `a-b`"),
        ("limits = 3", 1, "`limits` must be a table such as { nodes = 500_000 }, not the number 3"),
        ("[limits]\nbytes = 1\nnodse = 3", 3, "unknown limit `nodse`; did you mean `nodes`?"),
        ("limits.depth = 1000", 1, "the limit `depth` can be 200 at most"),
        ("limits = {nodes = true}", 1, "the limit `nodes` must be a whole number, not true"),
        ("[per-file-ignores]\n'a.b/*.yaml' = ['SEQ1']", 2, "which `SEQ1` covers, cannot be ignored"),
        ("[per-file-ignores]\n'a' = 'SEQ201'", 2, "must be a list of texts"),
        ("paths = [", None, "this is no TOML"),
        ("strict = true\nstrict = ture\n", 2, "at column 1"),
        ("a = " + "[" * 3000, None, "no TOML that can be read"),
    ],
)
def test_a_mistake_has_its_line_and_the_right_word(
    own: Path, text: str, line: int | None, said: str
) -> None:
    own.write_text(text, encoding="utf-8")
    ((found_line, message),) = told(own)
    assert said in message
    assert found_line == line


def test_every_mistake_is_told_in_one_run(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(
        "[project]\nselect = 3\n[tool.seqshape]\nselct = 1\nignore = ['SEQ1', 'SEQ777']\nstrict = 1\n"
        "[tool.seqshape.limits]\nnodes = 0\nlayres = 1\n[tool.other]\nstrict = 5\n",
        encoding="utf-8",
    )
    assert [line for line, _ in told(path)] == [4, 5, 5, 6, 8, 9]


def test_what_is_no_table_and_no_text(tmp_path: Path, own: Path) -> None:
    shared = tmp_path / "pyproject.toml"
    shared.write_text("[tool]\nseqshape = 3\n", encoding="utf-8")
    assert told(shared) == [(2, "`[tool.seqshape]` must be a table")]
    shared.write_text("[tool.other]\n", encoding="utf-8")
    assert told(shared) == [(None, "there is no table `[tool.seqshape]`")]
    own.write_bytes(b"paths = ['\xff']")
    assert told(own) == [(None, "this is no UTF-8: byte 0xff")]
    with pytest.raises(OSError, match="No such file"):
        read(tmp_path / "missing.toml")


def test_the_nearest_file_holds_and_its_own_before_the_shared_one(tmp_path: Path, own: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find(below) is None or not find(below).is_relative_to(tmp_path)  # type: ignore[union-attr]
    shared = tmp_path / "pyproject.toml"
    shared.write_text("[tool.seqshape]\n", encoding="utf-8")
    assert find(below) == shared
    own.touch()
    assert find(below) == own
    nearer = tmp_path / "a" / "pyproject.toml"
    nearer.write_text("[tool.other]\nname = 'seqshape'\n", encoding="utf-8")
    assert find(below) == own
    nearer.write_text("[tool]\nseqshape = {}\n", encoding="utf-8")
    assert find(below) == nearer


@pytest.mark.parametrize(
    "text",
    [
        "[tool.seqshape]",
        "[tool.seqshape.limits]",
        "  [ tool . 'seqshape' ]",
        '["tool".seqshape]',
        "[[tool.seqshape]]",
        "[tool]\nseqshape.strict = true",
        "tool.seqshape.strict = true",
        "'tool'.seqshape = {}",
        "tool = { other = 1, seqshape = {} }",
        "tool = { other = [\n1], seqshape = {} }",
        "name = '[tool.other]'\r\n[tool.seqshape]\r\n",
    ],
)
def test_a_pyproject_may_name_the_table_in_any_way(text: str, tmp_path: Path) -> None:
    shared = tmp_path / "pyproject.toml"
    (tmp_path / ".git").mkdir()
    shared.write_text("[project]\nname = 'seqshape'\n", encoding="utf-8")
    assert find(tmp_path) is None
    shared.write_bytes(f"{text}\n".encode())
    assert find(tmp_path) == shared


def test_the_search_ends_at_a_checkout(tmp_path: Path, own: Path) -> None:
    own.touch()
    checkout = tmp_path / "checkout"
    (checkout / ".git").mkdir(parents=True)
    (checkout / "inner").mkdir()
    assert find(checkout / "inner") is None
    (checkout / "seqshape.toml").touch()
    assert find(checkout / "inner") == checkout / "seqshape.toml"


def test_a_broken_pyproject_is_told_where_it_names_the_table(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    shared = tmp_path / "pyproject.toml"
    shared.write_text("[project\nname = 'seqshape'\n", encoding="utf-8")
    assert find(tmp_path) is None
    shared.write_text("[tool.seqshape]\nstrict = \n", encoding="utf-8")
    assert find(tmp_path) == shared
