"""The walk through an artifact folder: which files belong to it, with links followed and everything doubtful refused.

A link to a file or a folder inside the artifact folder is followed, and its content counts under the link's own name:
the rules look at that name only. A link that leads out, loops or dangles, a special file, an unreadable folder and a
name that does not travel are passed over if the rules ignore them by their own name, and refused otherwise.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from pulumi_press.artifact.content import File, changed, is_executable, unreadable
from pulumi_press.artifact.errors import BadName, SpecialFile
from pulumi_press.artifact.links import dead, escape, leads_out, loop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.artifact.rules import Rules


class _Level(NamedTuple):
    """A folder on the way, and the one around it. ``exit`` is the link through which the walk has left the artifact."""

    location: str
    prefix: str
    above: _Level | None = None
    exit: str | None = None


def walk(root: str, rules: Rules) -> Iterator[File]:
    """Yield the files of the folder that the rules keep, in no particular order.

    Raises:
        BadName, ChangedWhilePacking, LinkDangling, LinkEscapes, LinkLoop, SpecialFile, UnreadableFile: see there.
    """
    real_root = os.path.realpath(root)
    levels = [_Level(root, "")]
    while levels:
        level = levels.pop()
        for entry in _scan(level, rules):
            path = level.prefix + _decode(entry.name)
            try:
                status = entry.stat()
            except OSError as error:
                # Nobody knows whether this was to be a file or a folder, so either way of ignoring it will do.
                if rules.keep(path) and rules.keep(f"{path}/"):
                    raise _explain(entry, error) from None
                continue
            if stat.S_ISDIR(status.st_mode):
                below = None if rules.drop_all_under(path) else _enter(entry, path, level, rules, real_root)
                if below:
                    levels.append(below)
            elif rules.keep(path):
                yield _admit(entry, path, level, status, real_root)


def _scan(level: _Level, rules: Rules) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(level.location) as entries:
            yield from entries
    except (FileNotFoundError, NotADirectoryError):
        raise changed(level.location) from None
    except OSError as error:
        if not level.prefix or rules.keep(level.prefix):
            raise unreadable(level.location, error) from None


def _enter(entry: os.DirEntry[str], path: str, level: _Level, rules: Rules, real_root: str) -> _Level | None:
    """Step into a folder, or None for a link in a circle that the rules ignore."""
    outside = level.exit
    if entry.is_symlink():
        kept = rules.keep(f"{path}/")
        around = _around(entry, level)
        if around and kept:
            raise loop(entry.path, around.location)
        if around:
            return None
        if not outside and leads_out(entry.path, real_root):
            if kept:
                raise escape(entry.path, real_root)
            # A later rule may bring back something that lies out there, and that is refused: so look.
            outside = entry.path
    return _Level(entry.path, f"{path}/", level, outside)


def _around(entry: os.DirEntry[str], level: _Level | None) -> _Level | None:
    """Return the folder around a link that the link leads back to, if it does."""
    target = entry.stat()
    while level and not os.path.samestat(target, os.stat(level.location)):  # noqa: PTH116 - these are plain strings.
        level = level.above
    return level


def _admit(entry: os.DirEntry[str], path: str, level: _Level, status: os.stat_result, real_root: str) -> File:
    """Take a file that the rules keep."""
    if level.exit or (entry.is_symlink() and leads_out(entry.path, real_root)):
        raise escape(level.exit or entry.path, real_root)
    if not stat.S_ISREG(status.st_mode):
        raise SpecialFile(
            f"{entry.path!r} is a pipe, a socket or a device, which an archive cannot hold. "
            "Remove it, or name it in an ignore file."
        )
    _check_name(path, entry.path)
    return File(path, entry.path, status.st_size, is_executable(status))


def _decode(name: str) -> str:
    """Return a name as the UTF-8 text that its bytes are, whatever this machine's locale took them for."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "surrogateescape")


def _check_name(path: str, location: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise BadName(f"The name {location!r} is not UTF-8. Rename the file, or name it in an ignore file.") from None
    if "\\" in path or "\n" in path or "\r" in path:
        raise BadName(
            f"The name {location!r} holds a backslash or a line break, which no two systems unpack alike. "
            "Rename the file, or name it in an ignore file."
        )


def _explain(entry: os.DirEntry[str], error: OSError) -> Exception:
    """Return what is wrong with an entry whose status cannot be had."""
    if entry.is_symlink():
        return dead(entry.path, error)
    return changed(entry.path) if isinstance(error, FileNotFoundError) else unreadable(entry.path, error)
