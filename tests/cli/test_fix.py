"""`seqshape fix`: what it lists, what it writes, and what it leaves alone."""

import codecs
import os
import re
from collections.abc import Callable
from dataclasses import replace as changed
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from seqshape import repairs, source
from seqshape.cli import _listings, _mending, cli, fix
from seqshape.edits import applied
from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from seqshape.report import Diagnostic

STACK = """# two layers, one on the other
layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: low, type: GRU, units: 3}   # the lower one
  - {name: high, type: GRU, units: 5}
"""
STACK_MENDED = STACK.replace("units: 3}", "units: 3, return_sequences: true}")
SQUARE = """  - {name: noise, type: Input, shape: [8]}
  - {name: square, type: Reshape, target_shape: [2, 5]}
"""
TWO = STACK + SQUARE
RING = "layers:\n  - {name: a, type: ReLU, inputs: b}\n  - {name: b, type: ReLU, inputs: a}\n"
GOOD = "layers:\n  - {name: x, type: Input, shape: [9, 4]}\n"
WARNED = "layers:\n  - {name: a, type: Input, shape: [9, 4]}\n  - {name: b, type: Input, shape: [4]}\n  - {name: sum, type: Add, inputs: [a, b]}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Path:
    """A working directory of its own; nothing was listed yet."""
    (engine.cache / "listings.json").unlink(missing_ok=True)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, text: str | bytes | None = None, **environment: str) -> Result:
    return CliRunner().invoke(cli, ["fix", *arguments], input=text, env=environment, standalone_mode=False)


def status(result: Result) -> int:
    """The exit status, as `main` reads it."""
    if isinstance(result.exception, click.ClickException):
        return result.exception.exit_code
    if isinstance(result.exception, click.exceptions.Abort | KeyboardInterrupt):
        return 130
    assert result.exception is None, result.exception
    return int(result.return_value)


def said(result: Result) -> str:
    """What went wrong, as `main` shows it."""
    if isinstance(result.exception, click.ClickException):
        return result.exception.format_message()
    return result.stderr


def wrote(text: str | bytes, name: str = "model.yaml") -> Path:
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def numbered(listing: str) -> dict[int, list[str]]:
    """The lines that go and come of each fix in a listing, with their signs."""
    found: dict[int, list[str]] = {}
    for line in listing.splitlines():
        if head := re.match(r"  (\d+)\. ", line):
            found[int(head[1])] = []
        elif change := re.match(r" *\d+ ([-+]) (.*)", line):
            found[max(found)].append(change[1] + change[2])
    return found


def changes(patch: str) -> list[str]:
    return [line for line in patch.splitlines()[2:] if line[:1] in ("+", "-")]


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()} - {".git"}


def test_a_listing_has_each_error_with_its_cause_and_its_fixes(folder: Path) -> None:
    path = wrote(TWO)
    result = run("model.yaml")
    assert (status(result), result.stderr) == (1, "")
    assert path.read_text() == TWO
    high, square = (result.stdout.index(f"  {name}: ") for name in ("high", "square"))
    cause = result.stdout.index("the cause: `return_sequences` of `low` (line 4)")
    first = result.stdout.index("  1. set `return_sequences: true` on `low`")
    assert high < cause < first < square
    fixes = numbered(result.stdout)
    assert list(fixes) == list(range(1, len(fixes) + 1))
    assert fixes[1] == [
        "-  - {name: low, type: GRU, units: 3}   # the lower one",
        "+  - {name: low, type: GRU, units: 3, return_sequences: true}   # the lower one",
    ]
    assert "seqshape fix model.yaml --apply 1 writes the first" in result.stdout
    assert names(folder) == {"model.yaml"}


def test_a_number_is_the_fix_that_was_listed_under_it() -> None:
    wrote(TWO)
    fixes = numbered(run("model.yaml").stdout)
    assert len(fixes) > 1  # one of each error at least
    for number, lines in fixes.items():
        path = wrote(TWO)
        result = run("model.yaml", "--apply", str(number), "--diff")
        assert sorted(changes(result.stdout)) == sorted(lines)
        assert status(result) == 1  # the other fault is left
        assert "1 error is left" in result.stderr
        assert path.read_text() != TWO


def test_what_was_listed_is_not_searched_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    path = wrote(STACK)
    run("model.yaml")
    monkeypatch.setattr(_mending, "listing", lambda *_, **__: pytest.fail("searched"))
    result = run("model.yaml", "--apply", "1")
    assert status(result) == 0
    assert path.read_text() == STACK_MENDED
    assert result.stdout.splitlines()[-1] == "model.yaml is written: no error is left"


@pytest.mark.parametrize("options", [("--set", "H=5"), ()])
def test_what_was_listed_for_other_sizes_or_another_text_is_not_meant(
    options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "dims: {H: 3}\n" + STACK
    wrote(text)
    run("model.yaml")
    wrote(text if options else text.replace("5}", "6}"))
    searched: list[str] = []
    before = _mending.listing

    def listing(*arguments: object, **options: object) -> object:
        searched.append("once")
        return before(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(_mending, "listing", listing)
    run("model.yaml", "--apply", "1", *options)
    assert searched == ["once"]


def test_a_number_that_nobody_saw_is_searched_for() -> None:
    path = wrote(STACK)
    assert status(run("model.yaml", "--apply", "1")) == 0
    assert path.read_text() == STACK_MENDED


@pytest.mark.parametrize("data", ["[]", '{"a": 1}', '[["a"], 3, ["b", []]]', "[[1, [[2, 3]]]]", "{"])
def test_a_damaged_list_is_as_if_there_were_none(data: str, engine: Engine) -> None:
    path = wrote(STACK)
    run("model.yaml")
    file = engine.cache / "listings.json"
    file.write_text(data)
    assert status(run("model.yaml", "--apply", "1")) == 0
    assert path.read_text() == STACK_MENDED


def test_a_cache_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(STACK)

    def full(*_: object) -> None:
        raise OSError("full")

    monkeypatch.setattr("seqshape.whole_file.write", full)
    result = run("model.yaml")
    assert (status(result), result.stderr) == (1, "")


def test_a_full_disk_is_told_and_the_file_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    path = wrote(STACK)
    run("model.yaml")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("seqshape.whole_file.write", full)
    result = run("model.yaml", "--apply", "1")
    told = "Error: model.yaml: it cannot be written: No space left on device\n"
    assert (status(result), result.stdout, result.stderr) == (2, "", told)
    assert path.read_text() == STACK


def test_only_the_latest_lists_are_kept(engine: Engine) -> None:
    for number in range(40):
        _listings.keep(engine.cache, str(number % 36), ())
    kept = [number for number in range(36) if _listings.listed(engine.cache, str(number)) is not None]
    assert kept == [0, 1, 2, 3, *range(8, 36)]


@pytest.mark.parametrize("number", ["7", "99999999"])
def test_a_number_that_is_not_in_the_list(number: str) -> None:
    path = wrote(STACK)
    last = max(numbered(run("model.yaml").stdout))
    result = run("model.yaml", "--apply", number)
    assert (status(result), result.stdout) == (2, "")
    assert result.stderr == f"Error: model.yaml: there is no fix {number}: the last one is {last}\n"
    assert path.read_text() == STACK


@pytest.mark.parametrize("word", ["0", "-1", "1.5", "x", "", "Best", "१"])
def test_a_word_that_is_no_number(word: str) -> None:
    wrote(STACK)
    result = run("model.yaml", "--apply", word)
    assert status(result) == 2
    assert f"`{word}` is neither the number of a fix nor `best`" in said(result)


def test_one_error_after_another_until_it_is_clean() -> None:
    path = wrote(TWO)
    result = run("model.yaml", "--apply", "best")
    assert (status(result), result.stderr) == (0, "")
    text = path.read_text()
    assert text.startswith(STACK_MENDED)
    assert re.findall(r"  (\d)\. ", result.stdout) == ["1", "2"]
    assert result.stdout.splitlines()[-1] == "model.yaml is written: no error is left"
    assert status(run("model.yaml")) == 0


def test_best_looks_for_one_fix_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(TWO)
    looked: list[str] = []
    before = repairs._mended

    def mended(item: Diagnostic, *arguments: object) -> Diagnostic:
        looked.append(str(item.layer))
        return before(item, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(repairs, "_mended", mended)
    run("model.yaml", "--apply", "best", "--dry-run")
    assert looked == ["high", "square"]


def test_what_nothing_mends_is_told_and_the_file_left_alone() -> None:
    path = wrote(RING)
    os.utime(path, (1, 1))
    result = run("model.yaml", "--apply", "best")
    assert status(result) == 1
    assert "model.yaml stays as it is: 1 error is left" in result.stdout
    assert "no change that was tried mends it" in result.stdout
    assert (path.read_text(), path.stat().st_mtime) == (RING, 1)
    assert "no change that was tried mends it" in run("model.yaml").stdout


def _slow(layer: str, seconds: float) -> Callable[..., Diagnostic]:
    """A search that finds nothing for one layer, and takes so long."""
    before = repairs._mended

    def mended(item: Diagnostic, *arguments: object) -> Diagnostic:
        if item.layer != layer:
            return before(item, *arguments)  # type: ignore[arg-type]
        arguments[-1].seconds = min(arguments[-1].seconds, -seconds)  # type: ignore[attr-defined]
        return item

    return mended


def test_an_error_that_takes_all_the_time_keeps_no_other_from_being_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = wrote(TWO)
    monkeypatch.setattr(repairs, "_mended", _slow("high", 1))
    listing = run("model.yaml").stdout
    high, square = (listing.index(f"  {name}: ") for name in ("high", "square"))
    assert "the time ran out before a change was found; `--budget 20` gives it more" in listing[high:square]
    assert "no change was tried, since the time was gone before" in listing[square:]
    result = run("model.yaml", "--apply", "best")
    assert status(result) == 1
    assert path.read_text().startswith(STACK)
    assert path.read_text() != TWO
    end = result.stdout[result.stdout.index("1 error is left") :]
    assert "high" in end
    assert "the time ran out before a change was found" in end


def test_numbers_are_refused_where_the_time_ran_out_and_nothing_was_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = wrote(SQUARE.join(("layers:\n", STACK.partition("layers:\n")[2])))
    monkeypatch.setattr(repairs, "_mended", _slow("high", 1))
    result = run("model.yaml", "--apply", "1")
    assert (status(result), result.stdout) == (2, "")
    assert "the numbers were not certain" in result.stderr
    before = path.read_text()
    (first, *_) = numbered(run("model.yaml").stdout).values()
    result = run("model.yaml", "--apply", "1", "--diff")
    assert changes(result.stdout) == first
    assert path.read_text() != before


def test_more_errors_than_are_searched_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repairs, "_mended", lambda item, *_: item)
    gates = (f"  - {{name: g{number}, type: GRU, units: 0, inputs: x}}\n" for number in range(14))
    wrote(STACK + "".join(gates))
    listing = run("model.yaml").stdout
    assert listing.count("no change that was tried mends it") == 12
    assert listing.count("no change was tried yet: mend some") == 3
    end = run("model.yaml", "--apply", "best").stdout
    assert "15 errors are left" in end
    assert end.count("no change that was tried mends it") == 15


def test_best_ends_after_a_number_of_searches_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    path = wrote(TWO)
    monkeypatch.setattr(_mending, "_MOST_ROUNDS", 2)
    result = run("model.yaml", "--apply", "best")
    assert status(result) == 1
    assert result.stdout.splitlines()[-1] == "stopped after 1 change: run this again to go on"
    assert path.read_text() == TWO.replace(STACK, STACK_MENDED)
    assert status(run("model.yaml", "--apply", "best")) == 0


def test_what_was_tried_in_vain_is_tried_again_after_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(TWO)
    before, looked = repairs._mended, list[str]()

    def mended(item: Diagnostic, *arguments: object) -> Diagnostic:
        looked.append(str(item.layer))
        again = looked.count(str(item.layer)) > 1 or item.layer == "square"
        return before(item, *arguments) if again else item  # type: ignore[arg-type]

    monkeypatch.setattr(repairs, "_mended", mended)
    assert status(run("model.yaml", "--apply", "best")) == 0
    assert looked == ["high", "square", "high"]


@pytest.mark.parametrize(
    "options", [("--apply", "best", "--dry-run"), ("--diff",), ("--diff", "--dry-run")]
)
def test_without_apply_or_with_dry_run_nothing_is_written(options: tuple[str, ...], folder: Path) -> None:
    path = wrote(TWO)
    os.utime(path, (1, 1))
    result = run("model.yaml", *options)
    assert status(result) == 0
    assert "nothing is written; with this no error is left" in result.output
    assert (path.read_text(), path.stat().st_mtime, names(folder)) == (TWO, 1, {"model.yaml"})


def test_a_patch_alone_stands_on_standard_output() -> None:
    path = wrote(TWO)
    shown = run("model.yaml", "--diff")
    assert shown.stdout.startswith("--- a/model.yaml\n+++ b/model.yaml\n@@ ")
    assert {line[:1] for line in shown.stdout.splitlines()[2:]} <= {"@", " ", "-", "+"}
    written = run("model.yaml", "--apply", "best", "--diff")
    assert written.stdout == shown.stdout
    assert "model.yaml is written: no error is left" in written.stderr
    assert run("model.yaml", "--diff").stdout == ""
    assert path.read_text() != TWO


def test_standard_input_is_printed_mended() -> None:
    result = run("-", "--apply", "best", text=STACK)
    assert (status(result), result.stdout) == (0, STACK_MENDED)
    assert "<stdin> is printed: no error is left" in result.stderr
    assert "seqshape fix - --apply 1 prints" in run("-", text=STACK).stdout
    assert run("-", "--apply", "1", text=STACK).stdout == STACK_MENDED


@pytest.mark.parametrize("text", [GOOD, RING, "a: [", "\ufeff" + GOOD])
def test_standard_input_that_is_not_mended_goes_through_as_it_is(text: str) -> None:
    assert run("-", "--apply", "best", text=text).stdout_bytes == text.encode()


def test_a_patch_of_standard_input_is_no_text_beside_it() -> None:
    result = run("-", "--apply", "1", "--diff", "--stdin-filename", "a b.yaml", text=STACK)
    assert result.stdout.startswith("--- a/a b.yaml\t\n+++ b/a b.yaml\t\n@@ ")
    assert run("-", "--apply", "1", "--dry-run", text=STACK).stdout.count("name: low") == 2


KEPT = {
    "block style": (
        "layers:\n- name: x\n  type: Input\n  shape: [9, 4]\n- name: low   # lower\n  type: GRU\n"
        "  units: 3     # few\n\n- name: high\n  type: GRU\n  units: 5\n",
        "  units: 3     # few\n",
        "  units: 3     # few\n  return_sequences: true\n",
    ),
    "no end of line at the end": (STACK.rstrip("\n"), "units: 3}", "units: 3, return_sequences: true}"),
    "tabs": (STACK.replace(", units", ",\tunits").replace("   #", "\t#"), "units: 3}", "units: 3, return_sequences: true}"),
    "odd order and spaces": (
        STACK.replace("{name: low, type: GRU, units: 3}", "{ 'type': \"GRU\", units: 3 ,   name:  low }"),
        "name:  low }",
        "name:  low, return_sequences: true }",
    ),
    "aliases": (
        STACK.replace("units: 3", "units: &n 3").replace("units: 5", "units: *n"),
        "units: &n 3}",
        "units: &n 3, return_sequences: true}",
    ),
    "json": (
        '{"layers": [{"name": "x", "type": "Input", "shape": [9, 4]},\n'
        '\t{"name": "low",  "type": "GRU", "units": 3},\n {"name": "high", "type": "GRU", "units": 5}]}',
        '"units": 3}',
        '"units": 3, "return_sequences": true}',
    ),
    "a default that is written": (
        STACK.replace("units: 3", "return_sequences: false, units: 3"),
        "return_sequences: false",
        "return_sequences: true",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KEPT)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_all_but_the_change_stays_byte_for_byte(kind: str, end: str) -> None:
    before, old, new = (part.replace("\n", end) for part in KEPT[kind])
    assert before.count(old) == 1
    path = wrote(before)
    assert status(run("model.yaml", "--apply", "best")) == 0
    assert path.read_bytes() == before.replace(old, new).encode()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_an_encoding_and_its_mark_stay(mark: bytes, encoding: str) -> None:
    text = STACK.replace("the lower one", "dër untere 🎉")
    path = wrote(mark + text.encode(encoding))
    assert "dër untere 🎉" in run("model.yaml").stdout
    assert status(run("model.yaml", "--apply", "1")) == 0
    assert path.read_bytes() == mark + text.replace("3}", "3, return_sequences: true}").encode(encoding)


def test_a_shared_anchor_is_not_changed_for_all_who_use_it() -> None:
    text = """layers:
  - {name: x, type: Input, shape: [9, 4]}
  - &gru {name: low, type: GRU, units: 3}
  - {<<: *gru, name: high}
"""
    path = wrote(text)
    assert status(run("model.yaml", "--apply", "best")) == 0
    assert path.read_text().startswith(text[: text.index("  - &gru")])


def test_wrong_words_are_put_right() -> None:
    path = wrote(
        STACK_MENDED.replace("type: GRU, units: 5", "type: GUR, units: 5").replace("units: 3", "unit: 3")
    )
    assert status(run("model.yaml", "--apply", "best")) == 0
    assert path.read_text() == STACK_MENDED
    path = wrote(STACK_MENDED.replace("layers:", "layer:"))
    assert status(run("model.yaml", "--apply", "1")) == 0
    assert path.read_text() == STACK_MENDED


def test_a_spec_without_errors() -> None:
    wrote(GOOD)
    for options in ((), ("--apply", "best"), ("--apply", "3")):
        result = run("model.yaml", *options)
        assert (status(result), result.stdout) == (0, "model.yaml: no error to mend\n")


def test_warnings_that_are_left_are_told() -> None:
    wrote(WARNED)
    assert run("model.yaml").stdout == (
        "model.yaml: no error to mend; 1 warning (seqshape check model.yaml)\n"
    )
    wrote(WARNED + STACK.partition("layers:\n")[2])
    end = run("model.yaml", "--apply", "best").stdout.splitlines()[-1]
    assert end == "model.yaml is written: no error is left; 1 warning (seqshape check model.yaml)"


@pytest.mark.parametrize(
    "text", ["a: [", "\tlayers: []\n", STACK + "---\n" + STACK, "- a\n", "", b"\xff\xfe\x00", "a: *b\n"]
)
def test_what_cannot_be_judged_is_told_and_left_alone(text: str | bytes) -> None:
    path = wrote(text)
    before = path.read_bytes()
    for options in ((), ("--apply", "best")):
        result = run("model.yaml", *options)
        assert status(result) == 1
        assert re.search(r"no change (was|that was) tried", result.stdout)
        assert path.read_bytes() == before


def test_a_model_that_keras_saved_is_no_spec() -> None:
    saved = '{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}}, {"class_name": "Dense", "config": {"name": "d", "units": %d}}]}}'
    wrote(saved % 3, "model.json")
    assert status(run("model.json")) == 0
    path = wrote(saved % 0, "model.json")
    for options in ((), ("--apply", "best"), ("--apply", "1"), ("--diff",)):
        result = run("model.json", *options)
        assert (status(result), result.stdout) == (2, "")
        assert "it is a model that Keras saved" in result.stderr
    assert path.read_text() == saved % 0


def test_a_file_that_changed_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    path = wrote(STACK)
    before = _mending.numbered

    def meanwhile(*arguments: object) -> object:
        found = before(*arguments)  # type: ignore[arg-type]
        path.write_text("theirs")
        return found

    monkeypatch.setattr(_mending, "numbered", meanwhile)
    result = run("model.yaml", "--apply", "1")
    assert (status(result), result.stdout) == (2, "")
    assert result.stderr == "Error: model.yaml: it was changed after it was read; nothing was written\n"
    assert path.read_text() == "theirs"


def test_a_file_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    path = wrote(STACK)
    monkeypatch.setattr(
        os, "access", lambda _, mode: mode != os.W_OK
    )  # what those see who are no superuser
    result = run("model.yaml", "--apply", "1")
    assert (status(result), result.stdout) == (2, "")
    assert result.stderr == "Error: model.yaml: it is write-protected\n"
    assert path.read_text() == STACK
    assert status(run("model.yaml", "--apply", "1", "--dry-run")) == 0


def test_a_link_stays_one_and_the_file_keeps_its_mode() -> None:
    path = wrote(STACK)
    path.chmod(0o640)
    Path("link.yaml").symlink_to("model.yaml")
    assert status(run("link.yaml", "--apply", "1")) == 0
    assert Path("link.yaml").is_symlink()
    assert (path.read_text(), path.stat().st_mode & 0o777) == (STACK_MENDED, 0o640)


@pytest.mark.parametrize("options", [(), ("--apply", "best"), ("--diff",)])
def test_what_cannot_be_read_is_status_two(options: tuple[str, ...], folder: Path) -> None:
    for name in ("missing.yaml", "."):
        result = run(name, *options)
        assert (status(result), result.stdout) == (2, "")
        assert result.stderr.startswith(f"Error: {name}: ")
    assert "`seqshape check` judges all specs in it" in run(".").stderr


def test_without_time_nothing_is_looked_for() -> None:
    wrote(STACK)
    result = run("model.yaml", "--budget", "0")
    assert status(result) == 1
    assert "no change was tried, since `--budget` is 0" in result.stdout
    assert numbered(result.stdout) == {}
    for options in (("--apply", "best"), ("--apply", "1"), ("--diff",)):
        result = run("model.yaml", *options, SEQSHAPE_BUDGET="0")
        assert (status(result), result.stdout) == (2, "")
        assert "--budget is 0" in said(result)
    run("model.yaml")
    assert status(run("model.yaml", "--apply", "1", "--budget", "0")) == 0


def test_a_moment_is_not_enough_and_is_told() -> None:
    path = wrote(STACK)
    result = run("model.yaml", "--budget", "1e-9")
    assert status(result) == 1
    assert "`--budget 20` gives it more" in result.stdout
    result = run("model.yaml", "--budget", "1e-9", "--apply", "best")
    assert status(result) == 1
    assert "`--budget 20` gives it more" in result.stdout
    result = run("model.yaml", "--budget", "1e-9", "--apply", "1")
    assert (status(result), result.stdout) == (2, "")
    assert "the time ran out before a fix was found; give it more than --budget 1e-09" in result.stderr
    assert path.read_text() == STACK


@pytest.mark.parametrize("options", [("--dry-run",), ("--budget", "-1"), ("--budget", "x"), ("--budget", "nan"), ("--aply", "1"), ("a", "b")])  # fmt: skip
def test_a_wrong_command_line_is_status_two(options: tuple[str, ...]) -> None:
    wrote(STACK)
    assert status(run("model.yaml", *options)) == 2


def test_a_size_that_the_spec_has_not() -> None:
    wrote("dims: {H: 3}\n" + STACK)
    result = run("model.yaml", "--set", "h=3")
    assert (status(result), result.stdout) == (2, "")
    assert result.stderr == "Error: model.yaml: the spec has no dim `h`; did you mean `H`?\n"


def _interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ctrl-C once so many changes were tried."""
    left = [after]

    def advance(_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(_mending.Progress, "advance", advance)


def test_ctrl_c_shows_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    path = wrote(TWO)
    tried: list[str] = []
    monkeypatch.setattr(_mending.Progress, "advance", lambda _: tried.append(""))
    run("model.yaml")
    _interrupt(monkeypatch, len(tried))  # at the very last of all
    result = run("model.yaml")
    assert status(result) == 130
    high, square = (result.stdout.index(f"  {name}: ") for name in ("high", "square"))
    assert "  1. set `return_sequences: true` on `low`" in result.stdout[high:square]
    assert "stopped; these are the fixes that were found until then" in result.stdout
    monkeypatch.undo()
    os.chdir(path.absolute().parent)


def test_ctrl_c_at_once_is_told_for_every_error(monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(TWO)
    _interrupt(monkeypatch, 1)
    result = run("model.yaml")
    assert status(result) == 130
    assert result.stdout.count("stopped before a change was found") == 2
    assert "--apply" not in result.stdout


@pytest.mark.parametrize("chosen", ["best", "1"])
@pytest.mark.parametrize("at", ["first", "last"])
def test_ctrl_c_where_a_fix_is_to_be_made_writes_nothing(
    chosen: str, at: str, monkeypatch: pytest.MonkeyPatch, folder: Path, engine: Engine
) -> None:
    path = wrote(TWO)
    tried: list[str] = []
    monkeypatch.setattr(_mending.Progress, "advance", lambda _: tried.append(""))
    run("model.yaml")
    (engine.cache / "listings.json").unlink()  # else nothing is looked for again
    assert len(tried) > 1
    _interrupt(monkeypatch, 1 if at == "first" else len(tried))
    result = run("model.yaml", "--apply", chosen)
    assert (status(result), result.stdout) == (130, "")
    assert (path.read_text(), names(folder)) == (TWO, {"model.yaml"})


def test_a_name_is_quoted_for_the_shell() -> None:
    wrote(STACK, "a b;c.yaml")
    assert "seqshape fix 'a b;c.yaml' --apply 1" in run("a b;c.yaml").stdout


def test_check_shows_the_fix_that_is_made_first(engine: Engine) -> None:
    report = inspect_bytes("model.yaml", STACK.encode(), engine=engine, budget=30)
    best = report.diagnostics[0].fixes[0]
    wrote(STACK)
    run("model.yaml", "--apply", "best")
    assert Path("model.yaml").read_text() == applied(source.from_text("", STACK), best.edits)
    assert changed(best, edits=()).title == "set `return_sequences: true` on `low`"


@pytest.mark.parametrize("arguments", [("--apply", "1"), ("--apply", "1", "--diff")])
def test_what_is_written_is_told_elsewhere_where_the_output_is_full(
    arguments: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    path = wrote(STACK)
    for name in ("show", "show_data"):
        monkeypatch.setattr(fix, name, full)
    monkeypatch.setattr(fix, "discard", lambda: None)
    result = run(str(path), *arguments)
    assert status(result) == 0
    assert "return_sequences: true" in path.read_text()
    assert "No space left on device" in result.stderr
    assert "is written" in result.stderr


def test_where_nothing_is_written_an_output_that_is_full_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    path = wrote(STACK)
    monkeypatch.setattr(fix, "show", full)
    result = run(str(path), "--apply", "1", "--dry-run")
    assert isinstance(result.exception, OSError)


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-16", "UTF-16"), ("utf-32", "UTF-32"), ("utf-8-sig", "")]
)
def test_a_patch_says_where_it_does_not_apply(encoding: str, told: str, folder: Path) -> None:
    result = run(str(wrote(STACK.encode(encoding))), "--diff")
    assert status(result) == 0
    assert ("does not apply" in result.stderr) == bool(told)
    assert told in result.stderr
