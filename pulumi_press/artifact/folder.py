"""A folder on this machine that is to become an artifact."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.artifact.archive import MOST_FILES, check_least_size, pack
from pulumi_press.artifact.content import Manifest
from pulumi_press.artifact.errors import FolderMissing, NotAFolder, UnreadableFile
from pulumi_press.artifact.rules import Rules
from pulumi_press.artifact.tree import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_press.artifact.archive import Archive
    from pulumi_press.artifact.content import File


@dataclass(frozen=True)
class Folder:
    """A folder and the ignore files that say what to leave out of it.

    ``path`` may be relative to the working directory. ``ignore_files`` are names relative to the folder, of files at
    its top level; None or an empty list means ``.dockerignore``, if there is one. With ``default_ignores``, what
    ``DEFAULT_RULES`` name is left out too. Nothing is read before a method is called, and each call reads anew.
    """

    path: str | os.PathLike[str]
    ignore_files: Sequence[str] | None = None
    default_ignores: bool = True

    def manifest(self) -> Manifest:
        """Read and hash every file that is not ignored.

        Raises:
            ArtifactError: the folder, a file in it or an ignore file is not fit for an artifact; see the tree of
                errors. TooLarge comes from here only if no compression could help.
        """
        return Manifest.of(self._files())

    def pack(self) -> Archive:
        """Write the zip, and make sure that it holds what the manifest said.

        A folder with no files, or with all of them ignored, makes an empty zip, as in the service's own client.

        Raises:
            ArtifactError: as for ``manifest``, and TooLarge for any zip over the limit, ChangedWhilePacking for a file
                that changes meanwhile.
        """
        files = self._files()
        return pack(os.fspath(self.path), files, Manifest.of(files))

    def _files(self) -> list[File]:
        root = os.fspath(self.path)
        _check_root(root)
        rules = Rules.read(Path(root), self.ignore_files, defaults=self.default_ignores)
        # What cannot fit is not walked to its end: links can make of few files any number.
        files = sorted(islice(walk(root, rules), MOST_FILES + 1), key=lambda file: file.path)
        check_least_size(root, files)
        return files


def _check_root(root: str) -> None:
    if not root:
        raise FolderMissing("The path of the artifact folder is empty. Name the folder that holds the files.")
    try:
        os.stat(os.path.join(root, "."))  # noqa: PTH116, PTH118 - a Path would drop the dot, which asks to enter the folder.
    except FileNotFoundError:
        raise FolderMissing(
            f"The artifact folder {root!r} does not exist (the working directory is {str(Path.cwd())!r}). "
            "Create it, or correct the path."
        ) from None
    except NotADirectoryError:
        raise NotAFolder(f"The artifact path {root!r} is not a folder. Name the folder that holds the files.") from None
    except OSError as error:
        raise UnreadableFile(
            f"The artifact folder {root!r} cannot be read ({error.strerror}). Let this user read and enter it."
        ) from None
