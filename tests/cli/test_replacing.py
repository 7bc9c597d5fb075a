"""A new text in place of a file's old one: in its encoding, whole or not at all."""

import codecs
import errno
import os
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from seqshape import source
from seqshape.cli._replacing import FileChanged, replace

OLD, NEW = "name: é\r\nlayers: []\r\n", "name: 中 🎉\r\nlayers: [a]\r\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spec.yaml"
    path.write_bytes(OLD.encode())
    return path


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_file_keeps_its_encoding(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = tmp_path / "spec.yaml"
    before = mark + OLD.encode(encoding)
    path.write_bytes(before)
    assert source.decode("", before, 1000)[0].text == OLD
    replace(str(path), before, NEW)
    assert path.read_bytes() == mark + NEW.encode(encoding)
    assert names(tmp_path) == ["spec.yaml"]


def test_a_file_keeps_its_permissions_and_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    file.chmod(0o604)
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.yaml"
    link.symlink_to("../spec.yaml")
    replace(str(link), OLD.encode(), NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW.encode()
    assert file.stat().st_mode & 0o7777 == 0o604
    assert names(link.parent) == ["link.yaml"]


def test_a_file_that_changed_is_not_touched(file: Path) -> None:
    with pytest.raises(FileChanged, match="changed after it was read"):
        replace(str(file), OLD.encode()[:-1], NEW)
    assert file.read_bytes() == OLD.encode()


def test_a_file_that_changes_while_the_new_one_is_written_is_not_touched(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def somebody_else_writes(handle: int) -> None:
        sync(handle)
        file.write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", somebody_else_writes)
    with pytest.raises(FileChanged):
        replace(str(file), OLD.encode(), NEW)
    assert file.read_bytes() == b"theirs"
    assert names(file.parent) == ["spec.yaml"]


def test_a_file_that_is_gone_does_not_come_back(file: Path) -> None:
    file.unlink()
    with pytest.raises(FileChanged, match="removed"):
        replace(str(file), OLD.encode(), NEW)
    assert names(file.parent) == []


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_disk_that_is_full_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        replace(str(file), OLD.encode(), NEW)
    assert file.read_bytes() == OLD.encode()
    assert names(file.parent) == ["spec.yaml"]


def test_ctrl_c_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace(str(file), OLD.encode(), NEW)
    assert (file.read_bytes(), names(file.parent)) == (OLD.encode(), ["spec.yaml"])


def test_a_file_that_is_write_protected_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # what those see who are no superuser
    with pytest.raises(PermissionError, match="write-protected"):
        replace(str(file), OLD.encode(), NEW)
    assert file.read_bytes() == OLD.encode()


def test_a_pipe_is_not_replaced_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        replace(str(tmp_path / "pipe"), b"", NEW)


def test_what_came_from_standard_input_goes_to_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(printed, encoding="ascii"))
    replace("-", codecs.BOM_UTF16_LE + OLD.encode("utf-16-le"), NEW)
    assert printed.getvalue() == codecs.BOM_UTF16_LE + NEW.encode("utf-16-le")
