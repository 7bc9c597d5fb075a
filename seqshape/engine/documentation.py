"""What Keras says of its types, as plain data: one line each, their arguments, what each means.

Kept in a file of its own in the cache folder, beside the catalogue: only who reads about types needs it.
"""

from pathlib import Path
from typing import Any

from seqshape.engine import cache_files
from seqshape.frozen import frozen
from seqshape.tree import Json

_MAKERS = (
    "documenting.py", "docstrings.py", "documentation.py", "describe.py", "catalogue.py", "refusals.py",
)  # fmt: skip
"""The files that decide what the documentation holds."""


@frozen
class Argument:
    """An argument of a constructor or a call.

    `default` is a value as a spec would write it, None for `null`; `told` says whether there is one that
    a spec can write. `about` is a sentence of Keras's, empty where it says nothing, `choices` are the words
    in quotes that it has there.
    """

    name: str
    required: bool
    default: Json
    told: bool
    about: str
    choices: tuple[str, ...] = ()


@frozen
class Page:
    """What Keras says of a type. `group` is the folder of Keras that it is from; `own` are the arguments
    in its own signature, before those that every layer has. `primary` is the name of the class itself, of
    which `aliases` are others.
    """

    name: str
    group: str
    summary: str
    arguments: tuple[Argument, ...]
    call: tuple[Argument, ...]
    aliases: tuple[str, ...] = ()
    own: int = 0
    primary: str = ""


def load(folder: Path, keras: str, tensorflow: str) -> dict[str, Page] | None:
    """The pages of these versions, by type; None where they are not there or not whole."""
    try:
        return {
            str(name): _from_json(str(name), data)
            for name, data in cache_files.read(_file(folder, keras, tensorflow)).items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save(folder: Path, pages: dict[str, Page], keras: str, tensorflow: str) -> None:
    """Keeps the pages; a folder that cannot be written is no error."""
    cache_files.write(
        _file(folder, keras, tensorflow), {name: _to_json(page) for name, page in pages.items()}
    )


def _file(folder: Path, keras: str, tensorflow: str) -> Path:
    return cache_files.file_of(folder, "documentation", _MAKERS, keras, tensorflow)


def _to_json(page: Page) -> list[Any]:
    def listed(arguments: tuple[Argument, ...]) -> list[Any]:
        return [
            [each.name, each.required, each.default, each.told, each.about, each.choices]
            for each in arguments
        ]

    aliases = list(page.aliases)
    return [
        page.group,
        page.summary,
        listed(page.arguments),
        listed(page.call),
        aliases,
        page.own,
        page.primary,
    ]


def _from_json(name: str, data: Any) -> Page:
    def listed(items: Any) -> tuple[Argument, ...]:
        return tuple(
            Argument(str(name), bool(required), default, bool(told), str(about), tuple(map(str, choices)))
            for name, required, default, told, about, choices in items
        )

    group, summary, arguments, call, aliases, own, primary = data
    return Page(
        name,
        str(group),
        str(summary),
        listed(arguments),
        listed(call),
        tuple(map(str, aliases)),
        int(own),
        str(primary),
    )
