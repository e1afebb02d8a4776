"""Symbolic links: where they lead, and what to say of those that an artifact cannot have."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from pulumi_press.artifact.content import unreadable
from pulumi_press.artifact.errors import ArtifactError, LinkDangling, LinkEscapes, LinkLoop


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
