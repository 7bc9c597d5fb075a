"""`REV:path`: a file as a revision of the git repository has it, as `git show` reads the words.

Git is run without a shell, and only to read: no pager, no filter, no network. An empty revision is what
is staged.
"""

import os
import re
import subprocess
from collections.abc import Iterator

from seqshape.wording import did_you_mean

_DRIVE = re.compile(r"[A-Za-z]:(?=[\\/]|\Z)")
_PATIENCE = 30
MOST = 1024**3
"""Bytes of a file that are read: an archive has its weights in it."""
_MOST_NAMES = 20_000
_SETTINGS = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
}


class NotInGit(OSError):
    """The file cannot be had from git; `strerror` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, reason)


def split(text: str) -> tuple[str, str] | None:
    """The revision and the path in `REV:path`; None for a path: a file has that name, or it has a drive."""
    if os.path.lexists(text) or _DRIVE.match(text) or (os.name == "nt" and text[1:2] == ":"):
        return None
    depth = 0
    for place, letter in enumerate(text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == ":" and depth <= 0:
            path = text[place + 1 :]
            return (text[:place], path) if path else None
    return None


def read(revision: str, path: str, most: int) -> bytes:
    """The bytes of a file at a revision; the path is that of the repository, or of the folder with `./`.

    Raises:
        NotInGit: git is missing, this is no repository, or there is no such revision or file, or it has
            more than `most` bytes.

    """
    if revision.startswith("-") or "\0" in revision + path:
        raise NotInGit(f"`{revision}` is no revision")
    name = f"{revision}:{path.replace(os.sep, '/')}"
    done = _git("cat-file", "-s", name)
    if done.returncode:
        raise NotInGit(_reason(revision, path, done.stderr))
    if int(done.stdout) > most:
        raise NotInGit(f"it has {int(done.stdout):,} bytes, more than {most:,}")
    done = _git("cat-file", "blob", name)
    if done.returncode:
        raise NotInGit(f"`{path}` is a folder at {_shown(revision)}, and no file")
    return done.stdout


def _git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["git", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            env={**os.environ, **_SETTINGS},
            check=False,
        )
    except FileNotFoundError as error:
        raise NotInGit("git is not installed, or not found on the path") from error
    except subprocess.TimeoutExpired as error:
        raise NotInGit(f"git does not answer within {_PATIENCE} seconds") from error


def _reason(revision: str, path: str, said: bytes) -> str:
    """Why git has no such file, with the nearest name."""
    if _git("rev-parse", "--git-dir").returncode:
        words = said.decode("utf-8", "replace").strip()
        if "dubious ownership" in words:
            return "git does not trust this repository, since another user owns it (safe.directory)"
        return "there is no such file, and this folder is in no git repository"
    if revision and _git("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}").returncode:
        known = _lines("for-each-ref", "--format=%(refname:short)")
        return f"git knows no revision `{revision}`{did_you_mean(revision, known)}"
    listing = ("ls-tree", "-r", "--name-only", "-z", "--full-tree", revision)
    known = _lines(*(listing if revision else ("ls-files", "-z", "--full-name", ":/")), zero=True)
    return f"there is no `{path}` at {_shown(revision)}{_near(path, tuple(known))}"


def _near(path: str, known: tuple[str, ...]) -> str:
    """The file that is meant: one in this folder, since git reads paths from the top, or the nearest."""
    prefix = next(_lines("rev-parse", "--show-prefix"), "")
    whole = prefix + path.removeprefix("./")
    if prefix and whole in known and not path.startswith("./"):
        return f"; did you mean `./{path}`? Paths are those of the repository"
    return did_you_mean(path, known)


def _lines(*arguments: str, zero: bool = False) -> Iterator[str]:
    text = _git(*arguments).stdout.decode("utf-8", "replace")
    for number, line in enumerate(text.split("\0" if zero else "\n")):
        if line and number < _MOST_NAMES:
            yield line


def _shown(revision: str) -> str:
    return f"`{revision}`" if revision else "what is staged"
