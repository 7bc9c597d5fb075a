"""Whole reports from run to run: when one is given again, when a file is judged anew, what is never kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seqshape import judging, pipeline, remembered
from seqshape.engine import Engine, remembering
from seqshape.engine.importing import KerasUnavailable
from seqshape.engine.patience import Worker
from seqshape.engine.store import LONGEST_REPORT, Store
from seqshape.engine.store_file import contents as held
from seqshape.engine.surroundings import Surroundings
from seqshape.faults import KerasBroken
from seqshape.limits import Limits
from seqshape.pipeline import Report, UnknownDim, inspect_bytes
from seqshape.places import TOP
from seqshape.render import formats, renderer
from seqshape.render._surface import DEFAULT_COLUMNS, Options, Surface
from seqshape.report import Run

ROOT = Path(__file__).parents[1]
SPECS = sorted(
    path
    for folder in ("specs", "specs/models", "tests/repairs/broken")
    for path in (ROOT / folder).glob("*.*")
    if path.suffix in (".yaml", ".json", ".keras", ".h5")
)
SPEC = b"dims: {H: 3}\nlayers:\n  - {type: Input, shape: [8, 4]}\n  - {type: GRU, units: H}\n"
WRONG = SPEC + b"  - {type: Dense, units: 3}\n  - {type: Conv1D, filters: 2, kernel_size: 3}\n"
Judged = Callable[..., Report]


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has imported no Keras of its own; the tests' own process may have."""
    monkeypatch.setattr(remembering.Remembering, "_surroundings", lambda self: Surroundings("77" * 32))
    monkeypatch.setattr(remembering, "_is_imported", lambda: False)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that the tests of this file share, for Keras's answers."""
    return tmp_path_factory.mktemp("answers")


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are judged, and not remembered."""
    found: list[str] = []
    judge = judging.Judging.judge

    def counted(self: judging.Judging, *given: Any, **named: Any) -> judging.Found:
        found.append(self.path)
        return judge(self, *given, **named)

    monkeypatch.setattr(judging.Judging, "judge", counted)
    return found


def run(cache: Path, data: bytes = SPEC, path: str = "model.yaml", **named: Any) -> Report:
    """A report in a run of its own."""
    engine = Engine(cache)
    try:
        return inspect_bytes(path, data, engine=engine, **named)
    finally:
        assert engine.close() is None


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_a_remembered_report_is_shown_as_the_first_one(
    path: Path, answers: Path, judged: list[str], tmp_path: Path
) -> None:
    first = run(answers, path.read_bytes(), path.name, thorough=True)
    assert judged
    judged.clear()
    again = run(answers, path.read_bytes(), path.name, thorough=True)
    assert judged == []
    assert again == first
    surfaces = (Surface(80, color=True), Surface())
    for format_ in (*formats(), "sarif", "github", "junit"):
        for surface in surfaces:
            one, other = (
                renderer(format_).render(Run((report,)), surface, Options(DEFAULT_COLUMNS, True))
                for report in (first, again)
            )
            assert one == other


OTHERWISE: dict[str, dict[str, Any]] = {
    "another name": {"path": "other.yaml"},
    "another text": {"data": SPEC + b"# a remark\n"},
    "another size": {"dims": {"H": 5}},
    "a size as it is": {"dims": {"H": 3}},
    "an unknown size": {"dims": {"H": None}},
    "another limit": {"limits": Limits(nodes=1000)},
    "no traces": {"trace": False},
    "thorough": {"thorough": True},
    "with fixes": {"budget": 5.0},
    "with formulas": {"symbolic": True},
}


def test_a_report_is_remembered_later_where_that_is_asked_for(tmp_path: Path, judged: list[str]) -> None:
    left: list[Callable[[], None]] = []
    engine = Engine(tmp_path)
    for _ in range(2):
        inspect_bytes("model.yaml", SPEC, engine=engine, later=left.append)
    assert (len(judged), len(left)) == (2, 2)
    left[0]()
    inspect_bytes("model.yaml", SPEC, engine=engine)
    assert len(judged) == 2
    assert engine.close() is None


@pytest.mark.parametrize("other", OTHERWISE.values(), ids=OTHERWISE)
def test_what_is_judged_otherwise_is_judged(
    other: dict[str, Any], answers: Path, judged: list[str]
) -> None:
    run(answers)
    judged.clear()
    run(answers)
    assert judged == []
    run(answers, **other)
    assert judged != []


def test_another_version_of_the_tool_judges_anew(
    answers: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(answers)
    judged.clear()
    monkeypatch.setattr(remembered, "_sources", lambda: "others")
    run(answers)
    assert judged != []
    judged.clear()
    monkeypatch.setattr(remembered, "_sources", lambda: None)
    for _ in range(2):
        run(answers)
    assert len(judged) == 2


def test_more_time_for_fixes_finds_no_more_where_all_were_looked_for(
    answers: Path, judged: list[str]
) -> None:
    first = run(answers, WRONG, budget=60.0)
    assert first.diagnostics[0].search == "whole"
    judged.clear()
    assert run(answers, WRONG, budget=1.0) == first
    assert judged == []


def test_a_search_that_was_cut_short_is_made_again(answers: Path, judged: list[str]) -> None:
    for _ in range(2):
        judged.clear()
        report = run(answers, WRONG, "cut.yaml", budget=1e-6)
        assert {item.search for item in report.diagnostics} == {"late"}
        assert judged != []


def test_what_the_machine_could_not_do_is_tried_again(
    answers: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Engine) -> None:
        raise KerasUnavailable(KerasBroken(TOP, "no such file", ""))

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "catalogue", broken)
        assert not run(answers, path="broken.yaml").ok
    judged.clear()
    assert run(answers, path="broken.yaml").ok
    assert judged != []


def test_a_question_that_was_given_up_is_asked_again(
    tmp_path: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Worker, "bounded", lambda self, act, patience: (act(), "no time")[1])
        run(tmp_path)
    assert held(tmp_path).reports == 0
    judged.clear()
    run(tmp_path)
    assert judged != []
    assert held(tmp_path).reports == 1


def test_one_that_was_given_up_for_an_earlier_file_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "bounded", lambda self, act, patience: (act(), "no time")[1])
    engine = Engine(tmp_path)
    for path in ("one.yaml", "two.yaml"):
        inspect_bytes(path, SPEC, engine=engine)
    engine.close()
    assert held(tmp_path).reports == 0


def test_what_took_long_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "QUICK_WITHOUT_FAULTS", 0.0)
    run(tmp_path)
    run(tmp_path, WRONG)
    assert held(tmp_path).reports == 1
    monkeypatch.setattr(judging, "QUICK", 0.0)
    run(tmp_path, WRONG, "other.yaml")
    assert held(tmp_path).reports == 1


def test_nothing_is_left_out_for_want_of_time_before_it_is_noticed() -> None:
    from seqshape import meanings, probing, provenance

    assert min(meanings._ENOUGH, provenance._ENOUGH) >= judging.QUICK
    assert probing._LONG >= judging.QUICK_WITHOUT_FAULTS


def test_an_unknown_dim_is_told_each_time(answers: Path) -> None:
    for _ in range(2):
        with pytest.raises(UnknownDim):
            run(answers, dims={"T": 3})


def test_an_engine_that_is_not_to_remember_neither_gives_nor_keeps(
    tmp_path: Path, judged: list[str]
) -> None:
    run(tmp_path)
    judged.clear()
    inspect_bytes("model.yaml", SPEC, engine=Engine(tmp_path, remember=False))
    assert judged != []
    inspect_bytes("other.yaml", SPEC, engine=Engine(tmp_path, remember=False))
    assert held(tmp_path).reports == 1


@pytest.mark.parametrize("data", [b"", b"no report", b"\x78\x01"])
def test_what_stands_there_and_is_no_report_counts_for_nothing(
    data: bytes, tmp_path: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(remembered, "packed", lambda report: data)
        first = run(tmp_path)
    judged.clear()
    assert run(tmp_path) == first
    assert judged != []


def test_a_very_long_report_is_not_kept(tmp_path: Path) -> None:
    store = Store(tmp_path, "77" * 32)
    store.put_report("01" * 32, bytes(LONGEST_REPORT))
    store.put_report("02" * 32, bytes(LONGEST_REPORT + 1))
    store.close()
    assert held(tmp_path).reports == 1


def test_reports_go_before_answers_where_room_is_short(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    inspect_bytes("model.yaml", SPEC, engine=engine)
    engine.close()
    before = held(tmp_path)
    store = Store(tmp_path, "77" * 32, most=2**20)
    for number in range(40):
        store.put_report(f"{number:064x}", number.to_bytes(1, "big") * 2**16)
        store._write()
    assert store.report(f"{39:064x}") == bytes([39]) * 2**16
    store.close()
    after = held(tmp_path)
    assert after.entries == before.entries > 0
    assert 1 <= after.reports < 20
    assert after.size <= 2**20


def test_two_engines_at_once(tmp_path: Path, judged: list[str]) -> None:
    one, other = Engine(tmp_path), Engine(tmp_path)
    first = inspect_bytes("model.yaml", SPEC, engine=one)
    assert inspect_bytes("model.yaml", SPEC, engine=other) == first
    assert (one.close(), other.close()) == (None, None)
    judged.clear()
    assert run(tmp_path) == first
    assert judged == []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package in small, of which `sources_as_they_stand` tells."""
    from seqshape.engine import surroundings

    folder = tmp_path / "package"
    for name in ("engine/surroundings.py", "rules/one.py", "spec.py"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(surroundings, "__file__", str(folder / "engine" / "surroundings.py"))
    return folder


def test_sources_that_were_written_anew_are_others(package: Path) -> None:
    from seqshape.engine.surroundings import sources_as_they_stand

    first = sources_as_they_stand()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "spec.py").write_bytes(b"")
    assert sources_as_they_stand() == first is not None
    seen = {first}
    for change in (
        lambda: (package / "rules" / "one.py").write_text("x = 2\n", encoding="utf-8"),
        lambda: (package / "rules" / "two.py").write_text("", encoding="utf-8"),
        lambda: (package / "spec.py").rename(package / "other.py"),
    ):
        change()
        assert sources_as_they_stand() not in seen
        seen.add(sources_as_they_stand())


def test_where_there_are_no_files_of_sources_no_report_is_remembered(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seqshape.engine import surroundings

    monkeypatch.setattr(surroundings, "__file__", str(package / "package.zip" / "engine" / "file.py"))
    assert surroundings.sources_as_they_stand() is None


def test_neither_time_nor_machine_may_have_a_part_in_it(answers: Path) -> None:
    report = run(answers, WRONG)
    assert remembered.lasting(report)
    finding = report.diagnostics[0]
    for other in (
        replace(finding, search="cut"),
        replace(finding, search="waiting"),
        replace(finding, code="SEQ905"),
    ):
        assert not remembered.lasting(replace(report, diagnostics=(finding, other)))


def test_without_an_engine_what_is_new_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls, each with an engine of its own; the second one finds what the first one wrote."""
    path = tmp_path / "model.yaml"
    path.write_text("layers:\n  - {type: Input, shape: [7]}\n  - {type: Flatten}\n", encoding="utf-8")
    monkeypatch.setenv("SEQSHAPE_CACHE_DIR", str(tmp_path / "cache"))
    engines: list[Engine] = []

    def made() -> Engine:
        engines.append(Engine())
        return engines[-1]

    monkeypatch.setattr(pipeline, "Engine", made)
    first, second = pipeline.inspect(path), pipeline.inspect(path)
    assert first == second
    assert len(engines) == 2
    assert engines[1]._keras._judge is None
