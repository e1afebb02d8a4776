"""For any names of files, blocks and parameters, a generated program only contains declarations."""

from __future__ import annotations

import ast
import io
import os
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pulumi_press.cli import main
from pulumi_press.codegen.literals import Expression, write_text
from pulumi_press.codegen.program import Declaration, choose_names, write_program
from pulumi_press.schema.arguments import BlockSpecArgs

TRIES = settings(max_examples=150, deadline=None)
PIECES = (
    '"""',
    "'''",
    '"',
    "'",
    "\\",
    ",open('PWNED','w'),",
    "\n",
    "\r",
    "\x0c",
    "\x00",
    "\x85",
    "\u2028",
    "\u202e",
    "\x1b]0;x\x07",
    "\ud800",
    "\udcff",
    "\\N{BULLET}",
    "import os",
    "# coding: utf-7",
    "{x}",
    " ",
    "a",
)
TEXTS = st.text(max_size=12) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
DANGEROUS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
SPEC = "body: {kind: service, metadata: {name: web, summary: s}, config: {imageDetails: {id: 1}}}\n"


def judge(program: str) -> list[str]:
    """Return the calls and names in a program, apart from declarations."""
    program.encode("utf-8")
    assert not [sign for sign in program if sign != "\n" and unicodedata.category(sign) in DANGEROUS]
    docstring, *rest = ast.parse(program).body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(docstring.value, ast.Constant)
    names = []
    for statement in rest:
        if isinstance(statement, ast.Import):
            names += [alias.name for alias in statement.names]
            continue
        assert isinstance(statement, ast.Assign), ast.dump(statement)
        (target,) = statement.targets
        assert isinstance(target, ast.Name)
        call = statement.value
        assert isinstance(call, ast.Call)
        names.append(ast.unparse(call.func))
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            names += [ast.unparse(node) for node in ast.walk(value) if isinstance(node, (ast.Call, ast.Attribute))]
            assert not any(isinstance(node, (ast.JoinedStr, ast.Lambda, ast.NamedExpr)) for node in ast.walk(value))
    return names


@TRIES
@example('a""",open("PWNED","w").write("x"),""".yaml')
@example("a\\")
@example("a\nimport os")
@given(TEXTS)
def test_the_name_of_a_file_is_no_code(name: str) -> None:
    """`convert` writes the file names into the program, where they stay text, whatever they contain."""
    name = name.replace("/", "-").replace("\x00", "0")
    with TemporaryDirectory() as folder:
        # The system says what a name may hold: any bytes.
        path = os.fsencode(folder) + b"/" + name.encode("utf-8", "surrogatepass") + b".yaml"
        Path(os.fsdecode(path)).write_text(SPEC, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            assert main(["convert", "--", os.fsdecode(path)]) == 0, err.getvalue()

    assert judge(out.getvalue()) == ["pulumi_press", "press.BlockSpec"]


@TRIES
@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_text_of_others_leaves_its_place(intro: str, name: str, key: str, value: str, comment: str) -> None:
    """Docstrings, comments, variables, names, keys and values can contain any text."""
    arguments: dict[str, Any] = {
        "metadata": {key: value, "list": [value, {key: None}]},
        "config": {"token": Expression(f"os.environ[{write_text(key)}]", imports=frozenset({"os"}), comment=comment)},
    }
    (variable,) = choose_names([name])
    declaration = Declaration(variable, "BlockSpec", name, arguments, BlockSpecArgs, comments=[comment])

    program = write_program([declaration], intro=intro)

    assert judge(program) == ["os", "pulumi_press", "press.BlockSpec", "os.environ"]
    assignment = ast.parse(program).body[-1]
    assert isinstance(assignment, ast.Assign)
    call = assignment.value
    assert isinstance(call, ast.Call)
    assert ast.literal_eval(call.args[0]) == name
    assert ast.literal_eval(call.keywords[0].value) == arguments["metadata"]
    assert ast.get_docstring(ast.parse(program), clean=False) == intro
