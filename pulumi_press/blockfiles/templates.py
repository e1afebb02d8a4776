"""Rendering a file and what it includes, as Jinja templates in a sandbox."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.sandbox import SandboxedEnvironment

from pulumi_press.blockfiles.errors import BlockfileError, Place
from pulumi_press.blockfiles.includes import indent_includes, mark_contexts
from pulumi_press.blockfiles.marks import Meaning, find_marks, strip_marks
from pulumi_press.blockfiles.tokens import mark_lines, require_in_texts
from pulumi_press.blockfiles.undefined import Missing, require_value
from pulumi_press.blockfiles.variables import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from jinja2 import Environment
    from jinja2.lexer import Token, TokenStream

__all__ = ["Rendering"]


class Rendering:
    """A file, rendered.

    Args:
        file: the file.
        variables: what its templates may use.

    Raises:
        BlockfileError: it cannot be read or rendered.
    """

    def __init__(self, file: str, variables: Mapping[str, Any]) -> None:
        self.file = file
        self._variables = variables
        self._templates = _Templates(file, marked=False)
        self.text = self._templates.write(variables)
        """The text, with marks at the contexts of included images, and at variables of a marked environment."""

    def locate(self, line: int) -> Place:
        """Tell which line of which file a line of the text came from, as well as that can be told."""
        places = self._places
        return places[min(line, len(places)) - 1] if places else Place(self.file)

    def locate_mark(self, text: str) -> Place:
        """Read the place that a mark holds."""
        return self._templates.read_place(text)

    def resolve_context(self, mark: str, path: str) -> str:
        """Write a path from the folder of the included file that the mark names, from the first file's folder."""
        folder = Path(self.locate_mark(mark).file).parent
        return os.path.relpath(folder / path, Path(self.file).parent)

    @cached_property
    def _places(self) -> list[Place]:
        """The place of each line of the text, from a second rendering in which every line says where it is from."""
        marked = _Templates(self.file, marked=True)
        try:
            lines = marked.write(self._variables).split("\n")
        except BlockfileError:
            return []
        if list(map(_bare, lines)) != list(map(_bare, self.text.split("\n"))):
            # The template looks at its own text, so the marks made another one of it.
            return []
        places, last = [], Place(self.file, 1)
        for line in lines:
            for mark in find_marks(line):
                if mark.meaning is Meaning.LINE:
                    last = marked.read_place(mark.text)
            places.append(last)
        return places


def _bare(line: str) -> str:
    """Give a line without its marks, and without the spaces that an indented empty line ends in."""
    return strip_marks(line).rstrip()


class _Templates(SandboxedEnvironment):
    """The templates of one rendering.

    Args:
        file: the first of them.
        marked: whether each line is to be marked with its place.
    """

    def __init__(self, file: str, *, marked: bool) -> None:
        self.files: list[str] = [file]
        self.marked = marked
        self._included_by: dict[str, set[str]] = {}
        super().__init__(loader=_Files(), extensions=[_Reading], undefined=Missing, autoescape=False)
        self.filters[require_value.__name__] = require_value

    def write(self, variables: Mapping[str, Any]) -> str:
        """Render the first file."""
        file = self.files[0]
        try:
            return self.get_template(file).render(variables)
        except BlockfileError as error:
            if error.place is None:
                error.place = self._find_place(error.__traceback__)
            raise
        except TemplateNotFound as error:
            message = f"there is no file {str(error.name)!r} in the working folder, nor beside the files read before"
            raise BlockfileError(message, self._find_place(error.__traceback__)) from None
        except TemplateSyntaxError as error:
            raise BlockfileError(f"is no template: {error.message}", Place(error.name or file, error.lineno)) from None
        except TemplateError as error:
            raise BlockfileError(str(error.message), self._find_place(error.__traceback__)) from None
        except Exception as error:  # noqa: BLE001  # An expression may fail in any way.
            # The failure's own message may hold a value, which may be secret.
            message = f"an expression fails with {type(error).__name__}"
            raise BlockfileError(message, self._find_place(error.__traceback__)) from None

    def join_path(self, template: str, parent: str) -> str:
        """Find a file that another one names."""
        found = self.files_loader.find(template)
        child, includer = os.path.realpath(found), os.path.realpath(parent)
        self._included_by.setdefault(child, set()).add(includer)
        if child in self._find_ancestors(child):
            raise BlockfileError(f"the file {template.strip()!r} includes itself, perhaps by way of others")
        return found

    @property
    def files_loader(self) -> _Files:
        """The loader."""
        assert isinstance(self.loader, _Files)  # noqa: S101  # Made so above.
        return self.loader

    def number(self, file: str) -> int:
        """Give the number that stands for a file in marks."""
        if file not in self.files:
            self.files.append(file)
        return self.files.index(file)

    def read_place(self, text: str) -> Place:
        """Read the place that a mark holds."""
        number, _, line = text.partition(":")
        return Place(self.files[int(number)], int(line))

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
        """Find the innermost line of a template among those that an error came through."""
        place = Place(self.files[0])
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename in self.files:
                place = Place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place


class _Files(BaseLoader):
    """Reads templates: from the working folder, else from the folders of the files read so far, in their order."""

    def __init__(self) -> None:
        self._folders = [Path()]

    def find(self, name: str) -> str:
        """Find a file; give the name back where there is none."""
        name = name.strip()
        paths = (folder / name for folder in self._folders)
        return str(next((path for path in paths if path.is_file()), name))

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Read a file."""
        assert isinstance(environment, _Templates)  # noqa: S101  # The only ones that use this loader.
        is_first = template == environment.files[0]
        if not is_first and not Path(template).is_file():
            raise TemplateNotFound(template)
        source = read_text(template)
        number = environment.number(template)
        if not is_first:
            source = mark_contexts(source, template, lambda line: f"{number}:{line}")
        self._folders.append(Path(template).parent)
        return source, template, lambda: True


class _Reading(Extension):
    """Looks after what Jinja itself does not: columns of includes, missing values, places."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """See to the includes."""
        del name
        return indent_includes(source, str(filename))

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """See to missing values, and mark the lines where that is wanted."""
        tokens = require_in_texts(list(stream), require_value.__name__)
        templates = self.environment
        if isinstance(templates, _Templates) and templates.marked:
            number = templates.number(str(stream.name))
            return mark_lines(tokens, lambda line: f"{number}:{line}")
        return tokens
