"""What all tests share: one engine, so that TensorFlow is imported once, and golden files."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from seqshape.engine import Engine

GOLDEN = Path(__file__).parent / "golden"


def pytest_configure() -> None:
    """Nothing is read from the user's own cache folder, or written to it."""
    os.environ["SEQSHAPE_CACHE_DIR"] = tempfile.mkdtemp(prefix="seqshape-test-")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder of the test run's own."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def engine(cache: Path) -> Engine:
    """One engine for all tests: what one test asked, the next one remembers."""
    return Engine(cache)


@pytest.fixture
def shared_engine(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """Whoever makes an engine gets the one of the tests; it stays a class, for annotations."""

    class Shared(Engine):
        def __new__(cls, *_: object, **__: object) -> Engine:  # type: ignore[misc]
            return engine

    for module in ("seqshape.pipeline", "seqshape.judged", "seqshape.python_api", "seqshape.engine"):
        monkeypatch.setattr(f"{module}.Engine", Shared)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the golden file of that name; `--rewrite-golden` writes it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
