"""The walk through an artifact folder: which files belong to it, with links followed and anything unsafe refused.

A link to a file or a folder inside the artifact folder is followed, and its content counts under the link's own name:
the rules look at that name only. A link that leads out, loops or dangles, a special file, an unreadable folder and a
name that does not travel are passed over if the rules ignore them by their own name, and refused otherwise.

No name is resolved twice: a folder is entered only if it is the one that was listed, and a file is recorded with its
inode, so that a replacement is never read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pulumi_press.artifact.content import File, Inode, changed, inode, is_executable, unreadable
from pulumi_press.artifact.errors import ArtifactError, BadName, LinkDangling, LinkEscapes, LinkLoop, SpecialFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.artifact.rules import Rules

MOST_WAYS = 1_000
"""A folder that links reach in more ways is refused: a chain of a few links makes millions."""


class _Level(NamedTuple):
    """A folder on the way, and the one around it. ``exit`` is the link through which the walk has left the artifact."""

    location: str
    prefix: str
    source: str
    inode: Inode
    above: _Level | None = None
    exit: str | None = None


class _Found(NamedTuple):
    """An entry of a folder: its names, as in ``File``, and what it is once links are followed."""

    path: str
    location: str
    source: str
    status: os.stat_result
    is_link: bool


def walk(root: str, rules: Rules) -> Iterator[File]:
    """Yield the files of the folder that the rules keep, in no particular order.

    Raises:
        BadName, ChangedWhilePacking, LinkDangling, LinkEscapes, LinkLoop, SpecialFile, UnreadableFile: see there.
    """
    real_root = os.path.realpath(root)
    levels = [_Level(root.rstrip("/") or root, "", real_root, inode(os.lstat(real_root)))]
    entered = Counter[Inode]()
    while levels:
        level = levels.pop()
        entered[level.inode] += 1
        if entered[level.inode] > MOST_WAYS:
            raise crowd(level.location, MOST_WAYS)
        for found in _scan(level, rules):
            if stat.S_ISDIR(found.status.st_mode):
                below = None if rules.drop_all_under(found.path) else _enter(found, level, rules, real_root)
                if below:
                    levels.append(below)
            elif rules.keep(found.path):
                yield _admit(found, level, rules, real_root)


def _scan(level: _Level, rules: Rules) -> Iterator[_Found]:
    try:
        with _open_folder(level) as folder, os.scandir(folder) as entries:
            for entry in entries:
                found = _look(entry, level, rules)
                if found:
                    yield found
    except (FileNotFoundError, NotADirectoryError):
        raise changed(level.location) from None
    except OSError as error:
        if not level.prefix or rules.keep(level.prefix):
            raise unreadable(level.location, error) from None


@contextmanager
def _open_folder(level: _Level) -> Iterator[int]:
    """Open the folder that was listed, and refuse one that replaced it."""
    folder = os.open(level.source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if inode(os.fstat(folder)) != level.inode:
            raise changed(level.location)
        yield folder
    finally:
        os.close(folder)


def _look(entry: os.DirEntry[str], level: _Level, rules: Rules) -> _Found | None:
    """Return what an entry is; None if that is unknown and the rules ignore it."""
    path = level.prefix + _decode(entry.name)
    location, source = f"{level.location}/{entry.name}", f"{level.source}/{entry.name}"
    is_link = entry.is_symlink()
    try:
        status = entry.stat(follow_symlinks=is_link)
        if is_link:
            source = os.path.realpath(source)
            if not os.path.samestat(status, os.lstat(source)):
                raise changed(location)
    except OSError as error:
        # It may be a file or a folder, so a rule for either is enough to ignore it.
        if rules.keep(path) and rules.keep(f"{path}/"):
            raise _explain(location, error, is_link=is_link) from None
        return None
    return _Found(path, location, source, status, is_link)


def _enter(found: _Found, level: _Level, rules: Rules, real_root: str) -> _Level | None:
    """Step into a folder, or None for a link in a circle that the rules ignore."""
    outside = level.exit
    if found.is_link:
        kept = rules.keep(f"{found.path}/")
        around = _around(found, level)
        if around and kept:
            raise loop(found.location, around.location)
        if around:
            return None
        if not outside and leads_out(found.source, real_root):
            if kept:
                raise escape(found.location, found.source, real_root)
            # A later rule may bring back something that lies out there, and that is refused: so look.
            outside = found.location
    return _Level(found.location, f"{found.path}/", found.source, inode(found.status), level, outside)


def _around(found: _Found, level: _Level | None) -> _Level | None:
    """Return the folder around a link that the link leads back to, if it does."""
    while level and inode(found.status) != level.inode:
        level = level.above
    return level


def _admit(found: _Found, level: _Level, rules: Rules, real_root: str) -> File:
    """Take a file that the rules keep."""
    status = found.status
    if level.exit:
        raise escape(level.exit, os.path.realpath(level.exit), real_root)
    if found.is_link and leads_out(found.source, real_root):
        raise escape(found.location, found.source, real_root)
    if stat.S_ISLNK(status.st_mode):
        raise changed(found.location)  # It was no link when the folder was listed.
    if not stat.S_ISREG(status.st_mode):
        raise SpecialFile(
            f"{found.location!r} is a pipe, a socket or a device, which an archive cannot hold. "
            "Remove it, or name it in an ignore file."
        )
    _check_name(found.path, found.location)
    return File(
        found.path,
        found.location,
        found.source,
        inode(status),
        status.st_size,
        executable=is_executable(status),
        named=rules.names(found.path),
    )


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
            f"The name {location!r} holds a backslash or a line break, which systems unpack differently. "
            "Rename the file, or name it in an ignore file."
        )


def _explain(location: str, error: OSError, *, is_link: bool) -> Exception:
    """Return the error for an entry whose status cannot be read."""
    if is_link:
        return dead(location, error)
    return changed(location) if isinstance(error, FileNotFoundError) else unreadable(location, error)


def leads_out(target: str, real_root: str) -> bool:
    """Whether what a link leads to in the end lies out of the folder with this real path."""
    return os.path.commonpath((real_root, target)) != real_root


def escape(link: str, target: str, real_root: str) -> LinkEscapes:
    """Return the error for a link that leads out of the artifact folder."""
    return LinkEscapes(
        f"The link {link!r} leads to {target!r}, outside the artifact folder {real_root!r}, so that the artifact would "
        "depend on this machine. Copy the content into the folder, remove the link, or name the link in an ignore file."
    )


def loop(link: str, target: str) -> LinkLoop:
    """Return the error for a link in a circle."""
    return LinkLoop(
        f"The link {link!r} leads back to {target!r}, so that the artifact would have no end. "
        "Remove the link, or name it in an ignore file."
    )


def dead(link: str, error: OSError) -> ArtifactError:
    """Return the error for a link that the operating system could not follow."""
    if error.errno == errno.ELOOP:
        return loop(link, link)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return LinkDangling(
            f"The link {link!r} leads to {os.fspath(Path(link).readlink())!r}, which does not exist. "
            "Correct the link, remove it, or name it in an ignore file."
        )
    return unreadable(link, error)


def crowd(location: str, ways: int) -> LinkLoop:
    """Return the error for a folder that links lead to again and again."""
    return LinkLoop(
        f"Links lead to the folder {location!r} in more than {ways:,} ways, and the artifact would hold its files as "
        "often. Remove the links, or name them in an ignore file."
    )
