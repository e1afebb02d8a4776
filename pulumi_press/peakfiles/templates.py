"""Rendering a file and its includes as Jinja templates, in a sandbox."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.sandbox import SandboxedEnvironment

from pulumi_press.peakfiles.errors import BlockfileError, Place, SourceTexts
from pulumi_press.peakfiles.preprocessing import indent_includes, mark_contexts, mark_lines, require_in_texts
from pulumi_press.peakfiles.variables import Meaning, Missing, find_markers, read_text, require_value, strip_markers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from jinja2 import Environment
    from jinja2.lexer import Token, TokenStream

__all__ = ["Rendering"]

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")


def find_project() -> Path:
    """Return the folder of the project around the working folder, or the working folder if there is none."""
    here = Path.cwd()
    around = (folder for folder in (here, *here.parents) if any((folder / name).is_file() for name in PROJECT_FILES))
    return next(around, here)


class Rendering:
    """A rendered file.

    Args:
        file: the file.
        variables: the variables of its templates.
        folders: folders that includes may come from, besides the project's and the file's own.

    Raises:
        BlockfileError: the file or one that it includes cannot be read or rendered.
    """

    def __init__(self, file: str, variables: Mapping[str, Any], folders: Sequence[str | os.PathLike[str]] = ()) -> None:
        self.file = file
        self._variables = variables
        self._folders = folders
        self._templates = _Templates(file, folders, marked=False)
        self.texts = self._templates.texts
        """The text of the files."""
        self.text = self._templates.write(variables)
        """The rendered text, with markers at contexts of included images and, if wanted, at environment variables."""

    def locate(self, line: int) -> Place:
        """Return the file and line that a line of the rendered text came from, as exactly as they are known."""
        places = self._places
        return places[min(line, len(places)) - 1] if places else Place(self.file)

    def locate_marker(self, text: str) -> Place:
        """Return the place that a marker contains."""
        return self._templates.read_place(text)

    def resolve_context(self, marker: str, path: str) -> str:
        """Return a path in the folder of the marker's file as one relative to the first file's folder."""
        folder = Path(self.locate_marker(marker).file).parent
        return os.path.relpath(folder / path, Path(self.file).parent)

    @cached_property
    def _places(self) -> list[Place]:
        """The place of each line of the text, from a second rendering with a marker on every line."""
        marked = _Templates(self.file, self._folders, marked=True)
        try:
            lines = marked.write(self._variables).split("\n")
        except BlockfileError:
            return []
        if list(map(_bare, lines)) != list(map(_bare, self.text.split("\n"))):
            # The template depends on its own text, so the markers changed the result.
            return []
        places, last = [], Place(self.file, 1)
        for line in lines:
            for marker in find_markers(line):
                if marker.meaning is Meaning.LINE:
                    last = marked.read_place(marker.text)
            places.append(last)
        return places


def _bare(line: str) -> str:
    """Return a line without markers and without the trailing spaces of an indented empty line."""
    return strip_markers(line).rstrip()


class _Templates(SandboxedEnvironment):
    """The templates of one rendering.

    Args:
        file: the first file.
        folders: as for `Rendering`.
        marked: whether each line gets a marker with its place.
    """

    def __init__(self, file: str, folders: Sequence[str | os.PathLike[str]], *, marked: bool) -> None:
        self.files: list[str] = [file]
        self.texts = SourceTexts()
        self.marked = marked
        self._included_by: dict[str, set[str]] = {}
        super().__init__(loader=_Files(file, folders), extensions=[_Preprocessing], undefined=Missing, autoescape=False)
        self.filters[require_value.__name__] = require_value

    def write(self, variables: Mapping[str, Any]) -> str:
        """Return the rendered first file."""
        file = self.files[0]
        try:
            return self.get_template(file).render(variables)
        except BlockfileError as error:
            place = error.place or self._find_place(error.__traceback__)
            if all(map(self.texts.contain, error.names)):
                error.place = place
                raise
            raise BlockfileError("a text uses a variable that has no value", place) from None
        except TemplateNotFound as error:
            name = self.texts.quote(str(error.name))
            message = f"the file {name} is neither in the working folder nor in the folders of the files read before"
            raise BlockfileError(message, self._find_place(error.__traceback__)) from None
        except TemplateSyntaxError as error:
            raise BlockfileError(
                f"is not a valid template: {error.message}", Place(error.name or file, error.lineno)
            ) from None
        except TemplateError as error:
            message = self.texts.redact(str(error.message))
            raise BlockfileError(message, self._find_place(error.__traceback__)) from None
        except Exception as error:  # noqa: BLE001  # An expression may raise anything.
            # The error's own message may contain a secret value.
            message = f"an expression failed with {type(error).__name__}"
            raise BlockfileError(message, self._find_place(error.__traceback__)) from None

    def join_path(self, template: str, parent: str) -> str:
        """Return the path of a file that another one includes."""
        found = self.files_loader.find(template)
        child, includer = os.path.realpath(found), os.path.realpath(parent)
        self._included_by.setdefault(child, set()).add(includer)
        if child in self._find_ancestors(child):
            name = self.texts.quote(template.strip())
            raise BlockfileError(f"the file {name} includes itself, directly or through other files")
        if not self.files_loader.may_read(child):
            name = self.texts.quote(template.strip())
            raise BlockfileError(
                f"the file {name} is outside the project's folder: move it there, or add its folder to "
                "include_folders (`--include-folders`)"
            )
        return found

    @property
    def files_loader(self) -> _Files:
        """The loader."""
        assert isinstance(self.loader, _Files)  # noqa: S101  # Set in `__init__`.
        return self.loader

    def number(self, file: str) -> int:
        """Return the number of a file in markers."""
        if file not in self.files:
            self.files.append(file)
        return self.files.index(file)

    def read_place(self, text: str) -> Place:
        """Return the place that a marker contains."""
        number, _, line = text.partition(":")
        try:
            return Place(self.files[int(number)], int(line))
        except (IndexError, ValueError):
            # The template changed the marker.
            return Place(self.files[0])

    def _find_ancestors(self, file: str) -> set[str]:
        found: set[str] = set()
        ahead = list(self._included_by.get(file, ()))
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead += self._included_by.get(one, ())
        return found

    def _find_place(self, traceback: TracebackType | None) -> Place:
        """Return the place of the innermost template line in a traceback."""
        place = Place(self.files[0])
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename in self.files:
                place = Place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place


class _Files(BaseLoader):
    """Loads templates from the working folder, then from the folders of the files read so far, in that order.

    Included files must be in the project, in the first file's folder, or in one of the further folders.
    """

    def __init__(self, file: str, folders: Sequence[str | os.PathLike[str]]) -> None:
        self._folders = [Path()]
        self._allowed = [os.path.realpath(folder) for folder in (find_project(), Path(file).parent, *folders)]

    def may_read(self, path: str) -> bool:
        """Return whether the file with this real path may be read."""
        return not Path(path).exists() or any(os.path.commonpath((folder, path)) == folder for folder in self._allowed)

    def find(self, name: str) -> str:
        """Return the path of a file, or the name itself if there is none."""
        name = name.strip()
        paths = (folder / name for folder in self._folders)
        return str(next((path for path in paths if path.is_file()), name))

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, its name, and that it is up to date."""
        assert isinstance(environment, _Templates)  # noqa: S101  # Nothing else uses this loader.
        is_first = template == environment.files[0]
        if not is_first and not Path(template).is_file():
            raise TemplateNotFound(template)
        source = read_text(template)
        number = environment.number(template)
        environment.texts.add(source)
        if not is_first:
            source = mark_contexts(source, template, lambda line: f"{number}:{line}")
        self._folders.append(Path(template).parent)
        return source, template, lambda: True


class _Preprocessing(Extension):
    """Adds what Jinja lacks: indented includes, an error for missing values, line markers."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Indent the includes."""
        del name
        return indent_includes(source, str(filename))

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Require values in texts, and add line markers if asked to."""
        tokens = require_in_texts(list(stream), require_value.__name__)
        templates = self.environment
        if isinstance(templates, _Templates) and templates.marked:
            number = templates.number(str(stream.name))
            return mark_lines(tokens, lambda line: f"{number}:{line}")
        return tokens
