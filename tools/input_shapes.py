"""The shapes as calls take them, `pulumi_press/schema/inputs.pyi`: there, an output may stand for any object.

The shapes themselves have no output in the place of an object, since a type checker names a wrong key only where it
knows the one shape that is meant. Renew the file with `python -m tools.input_shapes`.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TARGET", "render"]

SCHEMA = Path(__file__).resolve().parents[1] / "pulumi_press" / "schema"
TARGET = SCHEMA / "inputs.pyi"
MODULES = ("plain", "shapes", "images", "parameters", "workflow", "service", "bodies", "arguments")
"""Where names of annotations are, each after those whose names it uses."""

ELSEWHERE = {
    "Input": "pulumi",
    **dict.fromkeys(("Any", "Literal", "TypeAlias"), "typing"),
    **dict.fromkeys(("ReadOnly", "Required", "TypedDict"), "typing_extensions"),
    **dict.fromkeys(("Many", "Named"), "pulumi_press.schema.shapes"),
}
SCALARS = {"bool", "float", "int", "str"}
HEAD = """\
# Written by `python -m tools.input_shapes`, from the shapes in this folder.
# Read-only, so that a variable of the type of a shape, which takes less, is accepted, too.
"""


@dataclass
class Shape:
    """What the source says of a shape."""

    fields: dict[str, tuple[ast.expr, bool]] = field(default_factory=dict)
    """Annotation of each field, without `Required`, and whether it is required; inherited ones first."""

    @property
    def holds_objects(self) -> bool:
        """Whether a field is an object, or several, of a shape: only there an output is not a value like others."""
        return any(not _is(annotation, "Input") for annotation, _ in self.fields.values())


@dataclass
class Source:
    """The modules of shapes."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    cases: dict[str, ast.expr] = field(default_factory=dict)
    """Other names for one of several shapes."""
    homes: dict[str, str] = field(default_factory=lambda: dict(ELSEWHERE))
    """Name -> module that it is imported from."""


def render() -> str:
    """Write the stub."""
    source = _read()
    written = {name: shape for name, shape in source.shapes.items() if shape.holds_objects and name[0] != "_"}
    classes = [_write_shape(name, shape) for name, shape in written.items()]
    cases = [f"{name}: TypeAlias = {ast.unparse(_plain(value))}" for name, value in source.cases.items()]
    names = {
        node.id
        for text in [*classes, *cases]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    imports = "\n".join(_write_imports(names - {*written, *source.cases, *SCALARS}, source))
    return "\n".join([HEAD, imports, "", "\n\n".join(classes), "", *cases, ""])


def _read() -> Source:
    source = Source()
    for module in MODULES:
        for node in ast.parse((SCHEMA / f"{module}.py").read_text(encoding="utf-8")).body:
            match node:
                case ast.ClassDef(name=name) if any(_is(mark, "shape") for mark in node.decorator_list):
                    source.shapes[name] = _read_shape(node, source)
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if _mentions(value, source):
                    source.cases[name] = value
                    continue
                case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                    pass
                case _:
                    continue
            source.homes[name] = f"pulumi_press.schema.{module}"
    return source


def _read_shape(node: ast.ClassDef, source: Source) -> Shape:
    shape = Shape()
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in source.shapes:
            shape.fields |= source.shapes[base.id].fields
    is_total = not any(word.arg == "total" for word in node.keywords)
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            is_marked = _is(item.annotation, "Required")
            annotation = _inside(item.annotation) if is_marked else item.annotation
            shape.fields[item.target.id] = (annotation, is_total or is_marked)
    return shape


def _mentions(value: ast.expr, source: Source) -> bool:
    """Return whether a value names a shape as a type; a call of a function does not make one."""
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return isinstance(value, (ast.Name, ast.Subscript)) and bool(names & {*source.shapes, *source.cases})


def _write_shape(name: str, shape: Shape) -> str:
    lines = [f"class {name}(TypedDict, total=False):"]
    for key, (annotation, is_required) in shape.fields.items():
        text = ast.unparse(_accept(annotation)).replace("'", '"')
        lines.append(f"    {key}: ReadOnly[{f'Required[{text}]' if is_required else text}]")
    return "\n".join(lines)


def _accept(annotation: ast.expr) -> ast.expr:
    """Return an annotation that takes an output for each object in it, too."""
    plain = _plain(annotation)
    if _is(plain, "Input"):
        return plain
    if isinstance(plain, ast.Subscript) and (_is(plain, "Many") or _is(plain, "Named")):
        plain = ast.Subscript(plain.value, _accept(plain.slice))
    return ast.Subscript(ast.Name("Input"), plain)


def _plain(annotation: ast.expr) -> ast.expr:
    """Return an annotation without notes for pydantic."""

    class Strip(ast.NodeTransformer):
        def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
            self.generic_visit(node)
            return node.slice.elts[0] if _is(node, "Annotated") and isinstance(node.slice, ast.Tuple) else node

    return Strip().visit(ast.parse(ast.unparse(annotation), mode="eval").body)  # type: ignore[no-any-return]


def _is(node: ast.expr, name: str) -> bool:
    node = node.value if isinstance(node, ast.Subscript) else node
    return isinstance(node, ast.Name) and node.id == name


def _inside(node: ast.expr) -> ast.expr:
    return node.slice if isinstance(node, ast.Subscript) else node


def _write_imports(names: set[str], source: Source) -> Iterator[str]:
    values: dict[str, list[str]] = {}
    lines = []
    for name in sorted(names):
        if name in source.shapes:
            # A shape that holds no objects is the same here: whoever looks for it in this module finds it.
            lines.append((*_rank(source.homes[name]), f"{name} as {name}"))
        else:
            values.setdefault(source.homes[name], []).append(name)
    lines += [(*_rank(home), ", ".join(several)) for home, several in values.items()]
    last = 0
    for rank, home, imported in sorted(lines):
        if rank > last:
            yield ""
        last = rank
        yield f"from {home} import {imported}"


def _rank(home: str) -> tuple[int, str]:
    return (0 if home == "typing" else 2 if home.startswith("pulumi_press") else 1, home)


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name} renewed\n")
