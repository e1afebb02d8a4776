"""Rendering a file and what it includes, as Jinja templates in a sandbox."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.sandbox import SandboxedEnvironment

from pulumi_press.peakfiles.errors import BlockfileError, Place, Texts
from pulumi_press.peakfiles.markers import Meaning, find_markers, strip_markers
from pulumi_press.peakfiles.preprocessing import indent_includes, mark_contexts, mark_lines, require_in_texts
from pulumi_press.peakfiles.variables import Missing, read_text, require_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from jinja2 import Environment
    from jinja2.lexer import Token, TokenStream

__all__ = ["Rendering"]

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")


def find_project() -> Path:
    """Find the folder of the project that the working folder is in; the working folder where there is none."""
    here = Path.cwd()
    around = (folder for folder in (here, *here.parents) if any((folder / name).is_file() for name in PROJECT_FILES))
    return next(around, here)


class Rendering:
    """A file, rendered.

    Args:
        file: the file.
        variables: what its templates may use.
        folders: folders that includes may come from, beside the project's and the file's own.

    Raises:
        BlockfileError: it cannot be read or rendered.
    """

    def __init__(self, file: str, variables: Mapping[str, Any], folders: Sequence[str | os.PathLike[str]] = ()) -> None:
        self.file = file
        self._variables = variables
        self._folders = folders
        self._templates = _Templates(file, folders, marked=False)
        self.texts = self._templates.texts
        """What is written in the files."""
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
        marked = _Templates(self.file, self._folders, marked=True)
        try:
            lines = marked.write(self._variables).split("\n")
        except BlockfileError:
            return []
        if list(map(_bare, lines)) != list(map(_bare, self.text.split("\n"))):
            # The template looks at its own text, so the marks made another one of it.
            return []
        places, last = [], Place(self.file, 1)
        for line in lines:
            for mark in find_markers(line):
                if mark.meaning is Meaning.LINE:
                    last = marked.read_place(mark.text)
            places.append(last)
        return places


def _bare(line: str) -> str:
    """Give a line without its marks, and without the spaces that an indented empty line ends in."""
    return strip_markers(line).rstrip()


class _Templates(SandboxedEnvironment):
    """The templates of one rendering.

    Args:
        file: the first of them.
        folders: as for `Rendering`.
        marked: whether each line is to be marked with its place.
    """

    def __init__(self, file: str, folders: Sequence[str | os.PathLike[str]], *, marked: bool) -> None:
        self.files: list[str] = [file]
        self.texts = Texts()
        self.marked = marked
        self._included_by: dict[str, set[str]] = {}
        super().__init__(loader=_Files(file, folders), extensions=[_Reading], undefined=Missing, autoescape=False)
        self.filters[require_value.__name__] = require_value

    def write(self, variables: Mapping[str, Any]) -> str:
        """Render the first file."""
        file = self.files[0]
        try:
            return self.get_template(file).render(variables)
        except BlockfileError as error:
            place = error.place or self._find_place(error.__traceback__)
            if all(map(self.texts.hold, error.names)):
                error.place = place
                raise
            raise BlockfileError("what an expression names has no value, and a text is made of it", place) from None
        except TemplateNotFound as error:
            name = self.texts.quote(str(error.name))
            message = f"there is no file {name} in the working folder, nor beside the files read before"
            raise BlockfileError(message, self._find_place(error.__traceback__)) from None
        except TemplateSyntaxError as error:
            raise BlockfileError(f"is no template: {error.message}", Place(error.name or file, error.lineno)) from None
        except TemplateError as error:
            message = self.texts.clean(str(error.message))
            raise BlockfileError(message, self._find_place(error.__traceback__)) from None
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
            name = self.texts.quote(template.strip())
            raise BlockfileError(f"the file {name} includes itself, perhaps by way of others")
        if not self.files_loader.may_read(child):
            name = self.texts.quote(template.strip())
            raise BlockfileError(
                f"the file {name} lies outside the project's folder: move it there, or name its folder in "
                "include_folders"
            )
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
        try:
            return Place(self.files[int(number)], int(line))
        except (IndexError, ValueError):
            # A template that takes marks apart gets what it made of them.
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
        """Find the innermost line of a template among those that an error came through."""
        place = Place(self.files[0])
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename in self.files:
                place = Place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place


class _Files(BaseLoader):
    """Reads templates: from the working folder, else from the folders of the files read so far, in their order.

    What a file includes must lie in the project, beside the first file, or in one of the further folders.
    """

    def __init__(self, file: str, folders: Sequence[str | os.PathLike[str]]) -> None:
        self._folders = [Path()]
        self._allowed = [os.path.realpath(folder) for folder in (find_project(), Path(file).parent, *folders)]

    def may_read(self, path: str) -> bool:
        """Tell whether the file with this real path may be read."""
        return not Path(path).exists() or any(os.path.commonpath((folder, path)) == folder for folder in self._allowed)

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
        environment.texts.add(source)
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
