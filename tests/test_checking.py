"""Many files in order: who judges them, how far is read ahead, and what one costs that cannot be judged.

The processes are played by one here, which finishes jobs out of order; `test_workers` has the real ones.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seqshape import checking, workers
from seqshape.checking import Checking, File, Keras, Manner, Outcome, outcome
from seqshape.containers import Contents
from seqshape.engine import Engine, NotRemembered
from seqshape.workers import Ended

NOBODY_ASKED = (
    "layers:\n  - {{name: x, type: Input, shape: [64]}}\n  - {{name: d, type: Dense, units: {}}}\n"
)
WRONG = "layers:\n  - {{name: x, type: Inptu, shape: [64, 15]}}\n"


class Crew:
    """Workers that do a job when its outcome is taken, the last one first; a file `ends…` ends one."""

    made: list["Crew"]
    most_busy = 0

    def __init__(self, engine: Engine) -> None:
        self.busy_with: list[tuple[int, tuple[File, Manner]]] = []
        self.started = 0
        self.ended = False
        self.judged: list[str] = []
        self._engine = engine

    @property
    def busy(self) -> int:
        return len(self.busy_with)

    def put(self, number: int, job: tuple[File, Manner], most: int) -> bool:
        if self.busy >= max(most, self.started):
            return False
        self.busy_with.append((number, job))
        self.started = max(self.started, self.busy)
        return True

    def take(self, wait: bool) -> Iterator[tuple[int, Outcome | Ended]]:
        if wait and self.busy_with:
            number, (file, manner) = self.busy_with.pop()
            self.judged.append(file.name)
            ended = file.name.startswith("ends")
            yield number, Ended(-9) if ended else outcome(file, manner, self._engine)

    def close(self) -> Iterator[str]:
        yield from ["the disk is full"] * self.started

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def crews(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> list[Crew]:
    """The workers of all runs of a test; where there are none, Keras was asked in this process."""
    made: list[Crew] = []

    def new(begin: object, setup: object) -> Crew:
        made.append(Crew(engine))
        return made[-1]

    monkeypatch.setattr(workers, "Workers", new)
    return made


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[File]]:
    """Files of these names in a folder, each a spec of its own."""

    def write(*names: str, first: int = 1, text: str = NOBODY_ASKED) -> list[File]:
        made = []
        for number, name in enumerate(names, start=first):
            path = tmp_path / name
            path.write_text(text.format(number), encoding="utf-8")
            made.append(File(name, str(path)))
        return made

    return write


def forgetful(cache: Path) -> Engine:
    """An engine that remembers nothing: each spec whose words are right needs Keras."""
    return Engine(cache, remember=False)


def names(count: int, of: str = "a") -> list[str]:
    return [f"{of}{number}.yaml" for number in range(count)]


def said(found: list[Outcome]) -> list[list[str]]:
    return [[item.code for item in each.report.diagnostics] if each.report else [] for each in found]


def test_outcomes_are_the_same_and_in_order_whoever_judges(
    files: Callable[..., list[File]],
    crews: list[Crew],
    engine: Engine,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checking, "processors", lambda: 3)
    all_files = [*files(*names(4)), *files("wrong.yaml", text=WRONG), *files(*names(4, "b"), first=0)]
    alone = list(Checking(all_files, Manner(), Keras(), engine, 1).outcomes())
    assert crews == []
    several = list(Checking(all_files, Manner(), Keras(), forgetful(cache), 3).outcomes())
    assert [each.report for each in several] == [each.report for each in alone]
    assert [each.file.name for each in alone] == [each.name for each in all_files]
    assert said(alone)[4:6] == [["SEQ102"], ["SEQ210"]]
    (crew,) = crews
    assert crew.judged != sorted(crew.judged)  # or the order would be no feat
    assert crew.started == 3
    assert crew.ended


def test_no_more_processes_are_started_than_there_are_processors(
    files: Callable[..., list[File]], crews: list[Crew], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "processors", lambda: 1)
    list(Checking(files(*names(6)), Manner(), Keras(), forgetful(cache), 1000).outcomes())
    assert [crew.started for crew in crews] == [2]


def test_what_is_remembered_is_judged_in_this_process(
    files: Callable[..., list[File]], crews: list[Crew], engine: Engine
) -> None:
    known = files(*names(5))
    list(Checking(known, Manner(), Keras(), engine, 1).outcomes())
    new = files("new.yaml", first=4713)
    list(Checking([*known, *new], Manner(), Keras(), engine, 2).outcomes())
    assert [crew.judged for crew in crews] == [["new.yaml"]]


def test_an_engine_that_only_recalls_asks_nobody(cache: Path) -> None:
    engine = forgetful(cache)
    with engine.recalling(), pytest.raises(NotRemembered):
        engine.catalogue()


def test_a_process_that_ends_costs_one_diagnostic(
    files: Callable[..., list[File]], crews: list[Crew], cache: Path
) -> None:
    found = list(
        Checking(files("a.yaml", "ends.yaml", "z.yaml"), Manner(), Keras(), forgetful(cache), 2).outcomes()
    )
    assert said(found) == [[], ["SEQ906"], []]
    report = found[1].report
    assert report is not None
    assert (report.path, report.ok) == ("ends.yaml", False)
    assert "SIGKILL" in report.diagnostics[0].message


def test_where_each_process_ends_no_more_are_started(
    files: Callable[..., list[File]], crews: list[Crew], cache: Path
) -> None:
    found = list(Checking(files(*names(30, "ends")), Manner(), Keras(), forgetful(cache), 2).outcomes())
    assert said(found) == [["SEQ906"]] * 30
    (crew,) = crews
    assert len(crew.judged) < 10
    messages = [each.report.diagnostics[0].message for each in found if each.report]
    assert sum("was not judged" in message for message in messages) == 30 - len(crew.judged)


def test_a_file_that_is_gone_costs_its_own_outcome(
    files: Callable[..., list[File]], crews: list[Crew], engine: Engine
) -> None:
    all_files = files("a.yaml", "gone.yaml", "z.yaml")
    Path(all_files[1].path).unlink()
    for jobs in (1, 2):
        found = list(Checking(all_files, Manner(), Keras(), engine, jobs).outcomes())
        assert [each.problem for each in found] == ["", "No such file or directory", ""]
        assert [each.report is None for each in found] == [False, True, False]


def test_a_defect_costs_its_own_outcome(
    files: Callable[..., list[File]], monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    judged = checking.inspect_bytes

    def defective(path: str, *given: object, **settings: object) -> object:
        if path == "b.yaml":
            raise ZeroDivisionError("by nothing")
        return judged(path, *given, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "inspect_bytes", defective)
    found = list(Checking(files("a.yaml", "b.yaml", "c.yaml"), Manner(), Keras(), engine, 1).outcomes())
    assert [each.defect is None for each in found] == [True, False, True]
    defect = found[1].defect
    assert defect is not None
    assert defect.error == "ZeroDivisionError: by nothing"
    assert "in defective" in defect.traceback


def test_no_more_is_read_ahead_than_a_bound(
    files: Callable[..., list[File]], crews: list[Crew], monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    """A file that waits for Keras lets no more than so many finished ones pile up behind it."""
    monkeypatch.setattr(checking, "_AHEAD", 4)
    known = files(*names(20))
    list(Checking(known, Manner(), Keras(), engine, 1).outcomes())
    run = Checking([*files("new.yaml", first=4714), *known], Manner(), Keras(), engine, 2)
    read: list[str] = []
    monkeypatch.setattr(checking, "contents_of", lambda path, most: (read.append(path), _contents(path))[1])
    outcomes = run.outcomes()
    assert next(outcomes).file.name == "new.yaml"
    assert len(set(read)) == 4
    assert len(list(outcomes)) == 20


def _contents(path: str) -> Contents:
    return Contents(Path(path).read_bytes())


@pytest.mark.parametrize(
    ("count", "processors", "expected"),
    [(5, 4, []), (49, 4, []), (60, 4, [2]), (60, 1, []), (200, 4, [4]), (230, 64, [8])],
)
def test_more_processes_are_started_where_that_pays(
    count: int,
    processors: int,
    expected: list[int],
    files: Callable[..., list[File]],
    crews: list[Crew],
    monkeypatch: pytest.MonkeyPatch,
    engine: Engine,
    cache: Path,
) -> None:
    """Unless their number is given: Keras is imported by each."""
    monkeypatch.setattr(checking, "processors", lambda: processors)
    all_files = files(*names(count), first=1000)
    doer = engine if not expected else forgetful(cache)
    assert len(list(Checking(all_files, Manner(), Keras(), doer).outcomes())) == count
    assert [crew.started for crew in crews] == expected


def test_what_processes_have_to_say_is_kept(
    files: Callable[..., list[File]], crews: list[Crew], cache: Path
) -> None:
    run = Checking(files(*names(3)), Manner(), Keras(), forgetful(cache), 2)
    list(run.outcomes())
    assert run.notes == ["the disk is full"] * 2


def test_a_run_that_is_left_ends_its_processes(
    files: Callable[..., list[File]], crews: list[Crew], cache: Path
) -> None:
    outcomes = Checking(files(*names(9)), Manner(), Keras(), forgetful(cache), 2).outcomes()
    next(outcomes)
    outcomes.close()
    assert [crew.ended for crew in crews] == [True]


def test_a_dim_that_a_spec_lacks_is_told_and_left_alone(
    files: Callable[..., list[File]], engine: Engine
) -> None:
    sized = "dims: {{H: 3}}\n" + NOBODY_ASKED.replace("{}", "H", 1)
    all_files = [*files("a.yaml"), *files("b.yaml", text=sized)]
    manner = Manner(sizes={"H": 5})
    found = list(Checking(all_files, manner, Keras(), engine, 1).outcomes())
    assert [tuple(each.lacking) for each in found] == [("H",), ()]
    report = found[1].report
    assert report is not None
    assert report.rows[-1].params == 64 * 5 + 5
