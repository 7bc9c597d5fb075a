"""The settings file: `seqshape.toml`, or `[tool.seqshape]` in `pyproject.toml`, to a typed value.

Every wrong key and value is a problem with its line and the nearest right word, and reading goes on.
Knows nothing of command lines and of the environment.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.wording import did_you_mean, listed

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError

OWN_FILE = "seqshape.toml"
SHARED_FILE = "pyproject.toml"
_MENTION = "seqshape"
_ADDRESSED = re.compile(rf"""^[ \t["']*tool["' \t]*(?:[]=]|.*{_MENTION})""", re.MULTILINE)
"""How a line may begin that is for this tool; where none does, TOML need not be imported."""
_TABLE = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_ASSIGNED = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*'|\s*\.\s*)+?)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@frozen
class Settings:
    """What a settings file says. `given` are the keys that stand in it; paths are as it writes them."""

    file: Path | None = None
    given: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    strict: bool = False
    limits: tuple[tuple[str, int], ...] = ()
    plugins: tuple[str, ...] = ()


KEYS = tuple(each.name.replace("_", "-") for each in fields(Settings) if each.name not in ("file", "given"))


@frozen
class Problem:
    """Something wrong in a settings file; `line` is None where it is not known."""

    message: str
    line: int | None = None


class _Wrong(Exception):
    """A value that a setting cannot have."""


def find(start: Path) -> Path | None:
    """The settings file that holds in a folder: its own, or that of the nearest folder above.

    The search ends at a folder that has `.git`, so that a checkout is no other project's.
    """
    for folder in (start, *start.parents):
        if (own := folder / OWN_FILE).is_file():
            return own
        if (shared := folder / SHARED_FILE).is_file() and _has_table(shared):
            return shared
        if (folder / ".git").exists():
            return None
    return None


def _has_table(path: Path) -> bool:
    """Whether a `pyproject.toml` speaks to this tool; a broken one does if it names its table."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    if _MENTION not in text or not _ADDRESSED.search(text):
        return False
    try:
        return _MENTION in _table(_parsed(text), "tool")
    except (ValueError, RecursionError):
        return f"[tool.{_MENTION}" in text


@lru_cache(1)
def _parsed(text: str) -> Any:
    """What a file says: once, for who looks whether it is for this tool and for who reads it.

    Raises:
        ValueError, RecursionError: it is no TOML, or none that can be read.

    """
    import tomllib  # where there is no file, nothing is to be read

    return tomllib.loads(text)


def _table(data: Any, key: str) -> dict[str, Any]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def read(path: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of a file, and everything that is wrong in it.

    Raises:
        OSError: the file cannot be read.

    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = _parsed(text)
    except UnicodeDecodeError as error:
        return Settings(path), (Problem(f"this is no UTF-8: byte {error.object[error.start]:#04x}"),)
    except RecursionError:
        return Settings(path), (Problem("this is no TOML that can be read: it nests too deeply"),)
    except ValueError as error:
        import tomllib

        if isinstance(error, tomllib.TOMLDecodeError):
            return Settings(path), (_broken(error),)
        return Settings(path), (Problem("this is no TOML that can be read: a number is too long"),)
    above: tuple[str, ...] = ()
    if path.name == SHARED_FILE:
        above = ("tool", _MENTION)
        data = _table(data, "tool").get(_MENTION)
        if data is None:
            return Settings(path), (Problem(f"there is no table `[tool.{_MENTION}]`"),)
        if not isinstance(data, dict):
            return Settings(path), (Problem(f"`[tool.{_MENTION}]` must be a table", _line(text, above)),)
    settings = Settings(path)
    problems: list[Problem] = []
    for key, value in data.items():
        try:
            if key not in _READERS:
                raise _Wrong(_unknown(key, path, above))
            name = key.replace("-", "_")
            settings = replace(settings, given=settings.given | {name}, **{name: _READERS[key](key, value)})
        except* _Wrong as wrong:
            problems.extend(
                Problem(str(each.args[0]), _line(text, (*above, key, *each.args[1:])))
                for each in _flat(wrong)
            )
    return settings, tuple(problems)


def _flat(group: BaseException) -> Iterator[BaseException]:
    if isinstance(group, BaseExceptionGroup):
        for each in group.exceptions:
            yield from _flat(each)
    else:
        yield group


def _broken(error: "TOMLDecodeError") -> Problem:
    """Not TOML: the parser's words, with the line taken out of them."""
    message, _, place = str(error).rpartition(" (at ")
    found = re.match(r"line (\d+), column (\d+)", place)
    if found is None:
        return Problem(f"this is no TOML: {error}")
    return Problem(f"this is no TOML: {message} at column {found[2]}", int(found[1]))


def _unknown(key: str, path: Path, above: tuple[str, ...]) -> str:
    if key == "tool" and not above:
        return f"in {path.name} the settings stand at the top, without `[tool.{_MENTION}]`"
    near = did_you_mean(key, KEYS) or f"; there are {listed(KEYS, 'and')}"
    return f"unknown setting `{key}`{near}"


def _kind(value: Any) -> str:
    """A value as a user knows it: `the text "yes"`."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'the text "{value}"'
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date"


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Wrong(f"`{key}` must be a list of texts, not {_kind(value)}")
    for each in value:
        if not isinstance(each, str) or not each:
            raise _Wrong(f"`{key}` must hold texts, not {'an empty one' if each == '' else _kind(each)}")
    return tuple(value)


def _codes(key: str, value: Any) -> tuple[str, ...]:
    from seqshape import selection  # not where no code is set

    codes = tuple(text.upper() for text in _texts(key, value))
    wrong = [
        _Wrong(f"`{key}`: {said}")
        for code in codes
        if (said := selection.problem(code, ignored=key != "select"))
    ]
    if wrong:
        raise ExceptionGroup(key, wrong)
    return codes


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(f"`{key}` must be true or false, not {_kind(value)}")
    return value


def _limits(key: str, value: Any) -> tuple[tuple[str, int], ...]:
    def limit(name: str, number: Any) -> tuple[str, int]:
        names = [each.name for each in fields(Limits)]
        if name not in names:
            near = did_you_mean(name, names) or f"; there are {listed(names, 'and')}"
            raise _Wrong(f"unknown limit `{name}`{near}", name)
        if isinstance(number, bool) or not isinstance(number, int):
            raise _Wrong(f"the limit `{name}` must be a whole number, not {_kind(number)}", name)
        try:
            Limits().raised(name, number)
        except ValueError as error:
            raise _Wrong(str(error), name) from None
        return name, number

    return tuple(_items(key, value, limit, "nodes = 500_000"))


def _per_file(key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    def codes(pattern: str, listed_codes: Any) -> tuple[str, tuple[str, ...]]:
        return pattern, _codes(key, listed_codes)

    return tuple(_items(key, value, codes, '"old/*.yaml" = ["SEQ301"]'))


def _items(key: str, value: Any, reader: Callable[[str, Any], Any], example: str) -> list[Any]:
    """Each item of a table through its reader; all that is wrong in one group."""
    if not isinstance(value, dict):
        raise _Wrong(f"`{key}` must be a table such as {{ {example} }}, not {_kind(value)}")
    read_items: list[Any] = []
    wrong: list[Exception] = []
    for name, item in value.items():
        try:
            read_items.append(reader(name, item))
        except* _Wrong as group:
            wrong.extend(_Wrong(each.args[0], name) for each in _flat(group))
    if wrong:
        raise ExceptionGroup(key, wrong)
    return read_items


def _modules(key: str, value: Any) -> tuple[str, ...]:
    names = _texts(key, value)
    for name in names:
        if not _MODULE.fullmatch(name):
            raise _Wrong(f"`{key}` holds names of modules such as `my_package.layers`, not `{name}`")
    return names


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "paths": _texts,
    "select": _codes,
    "ignore": _codes,
    "per-file-ignores": _per_file,
    "strict": _flag,
    "limits": _limits,
    "plugins": _modules,
}


def _line(text: str, keys: tuple[str, ...]) -> int | None:
    """The line on which a key stands, or the nearest key above it; None where none is found."""
    table: tuple[str, ...] = ()
    best: tuple[int, int | None] = (0, None)
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = found = _parts(header[1])
            if found[: len(keys)] == keys:
                return number
        elif assigned := _ASSIGNED.match(line):
            found = (*table, *_parts(assigned[1]))
        else:
            continue
        if keys[: len(found)] == found and len(found) > best[0]:
            best = len(found), number
    return best[1]


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(key))
