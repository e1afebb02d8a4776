"""What is refused, each with one message that names the file and the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.peakfiles.blockfile import read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError

if TYPE_CHECKING:
    from tests.unit.peakfiles.conftest import Files

HEAD = "body:\n  kind: service\n  metadata: {name: web}\n  config: {imageDetails: {id: 1}}\n"
"""Four lines."""

REFUSALS = {
    "unknown key at the top": (
        HEAD + "colour: red\n",
        (
            "root.yaml:5: 'colour' is not a known key in the file of a spec, and the `peak` command would drop it; "
            "known beside `body`: `artifact`, `parameters`, `featured`, `scope`, `tenants`, `auto_run_on_deploy`"
        ),
    ),
    "key of the body at the top": (HEAD + "release: {}\n", "root.yaml:5: 'release' belongs under `body`"),
    "key of the top in the body": (
        HEAD + "  parameters: {run: []}\n",
        "root.yaml:5: 'parameters' belongs at the top level of the file, beside `body`",
    ),
    "unknown key of the body": (
        HEAD + "  colour: red\n",
        (
            "root.yaml:5: 'colour' is not a known key in the body of a spec; known: version, kind, metadata, release, "
            "config"
        ),
    ),
    "ignoreFiles": (
        HEAD + "artifact:\n  path: .\n  ignoreFiles: [.gitignore]\n",
        ("root.yaml:7: the `peak` command ignores `ignoreFiles`: write `ignore_files`, or remove it to ship all files"),
    ),
    "validate": (
        HEAD + "validate: true\n",
        (
            "root.yaml:5: `validate` does not apply to a resource: remove it, and run `pulumi preview` to validate the "
            "file"
        ),
    ),
    "two spellings": (
        HEAD + "autoRunOnDeploy: true\nauto_run_on_deploy: false\n",
        "root.yaml:6: 'auto_run_on_deploy' occurs twice, in two spellings",
    ),
    "top of a deployment": (
        "body: {metadata: {name: run}, spec: {id: x}}\nfeatured: true\n",
        (
            "root.yaml:2: 'featured' is not a known key in the file of a deployment, and the `peak` command would drop "
            "it; the only known key is `body`"
        ),
    ),
    "no body": ("featured: true\n", "root.yaml: needs the key `body`, a map that describes the block"),
    "empty file": ("# nothing\n", "root.yaml: must be a map with the key `body`"),
    "metadata alone": (
        "body: {metadata: {name: x}, featured: true}\n",
        (
            "root.yaml: does not describe a spec, release or deployment; to update metadata, change the file of the "
            "spec or deployment"
        ),
    ),
    "revision": (
        "body: {release: {version: 1.0.0}, revision: {notes: x}, parameters: {}}\n",
        (
            "root.yaml: does not describe a spec, release or deployment; to make a new revision, change the file of "
            "the deployment"
        ),
    ),
    "broken YAML": (HEAD + "artifact: [\n", "root.yaml:5: is not valid YAML: expected the node content, but found"),
    "several documents": (HEAD + "---\na: 1\n", "root.yaml:5: is not valid YAML: but found another document"),
    "key twice": (
        HEAD + "scope: shared\nscope: public\n",
        "root.yaml:6: the key 'scope' occurs twice, and YAML would keep only the last",
    ),
    "key that is no text": (
        HEAD + "parameters: {on: 1}\n",
        "root.yaml:5: YAML does not read the key 'on' as text: put it in quotes",
    ),
    "date": (HEAD + "parameters:\n  x: 2020-01-01\n", "root.yaml:6: YAML reads this value as a date: put it in quotes"),
    "base 60": (
        HEAD + "parameters:\n  x: 12:30\n",
        "root.yaml:6: YAML reads this value as a number in base 60 (12:30 is 750)",
    ),
    "base 60 with a fraction": (
        HEAD + "parameters:\n  x: 1:30.5\n",
        "root.yaml:6: YAML reads this value as a number in base 60",
    ),
    "octal": (HEAD + "parameters:\n  x: 0123\n", "root.yaml:6: YAML reads this value as an octal number (0123 is 83)"),
    "octal in a list": (
        HEAD + "parameters:\n  x:\n    - -007\n",
        "root.yaml:7: YAML reads this value as an octal number",
    ),
    "binary": (
        HEAD + "parameters:\n  x: !!binary aGk=\n",
        "root.yaml:6: this value is binary data, which the service does not accept",
    ),
    "tag": (HEAD + "x: !thing 1\n", "root.yaml:5: the tag '!thing' is not part of plain YAML"),
    "tag on a map": (HEAD + "x: !thing {a: 1}\n", "root.yaml:5: the tag '!thing' is not part of plain YAML"),
    "code": (
        HEAD + "x: !!python/object/apply:os.getcwd []\n",
        "root.yaml:5: the tag 'tag:yaml.org,2002:python/object/apply:os.getcwd' is not part of plain YAML",
    ),
    "no number": (
        HEAD + "x: !!int many\n",
        "root.yaml:5: this value looks like a number but is not a valid one: put it in quotes",
    ),
    "list of itself": (HEAD + "x: &x\n  - *x\n", "root.yaml:5: this value contains itself"),
    "bad merge": (HEAD + "x:\n  <<: 1\n", "root.yaml:6: this map cannot be merged"),
    "control character": (HEAD + "x: \x07\n", "root.yaml:5: this line has a character that YAML does not allow"),
    "broken template": (HEAD + "x: {{ a\n", "root.yaml:5: is not a valid template: unexpected end of template"),
    "unknown filter": (
        HEAD + "x: {{ a | colour }}\n",
        "root.yaml:5: is not a valid template: No filter named 'colour'.",
    ),
    "failing expression": (HEAD + "x: {{ 1 / 0 }}\n", "root.yaml:5: an expression failed with ZeroDivisionError"),
    "attribute of nothing": (HEAD + "x: {{ a.b }}\n", "root.yaml:5: 'a' is undefined"),
    "missing value in a text": (
        HEAD + "x: web-{{ stage }}\n",
        (
            "root.yaml:5: 'stage' has no value, but a text uses it: pass it as a parameter, or write "
            "{{ stage | default('') }} if it may be empty"
        ),
    ),
    "missing value between tags": (HEAD + "x: {{ a }}{{ b }}\n", "root.yaml:5: 'a' has no value"),
    "missing variable in a text": (
        HEAD + "x: web-{{ os_env.STAGE }}\n",
        (
            "root.yaml:5: the environment variable STAGE is not set, but a text uses it: set it, or write "
            "{{ os_env.STAGE | default('') }} if it may be empty"
        ),
    ),
    "missing include": (
        HEAD + "x: 1\n{% include 'part.yaml' %}\n",
        (
            "root.yaml:6: the file 'part.yaml' is neither in the working folder nor in the folders of the files read "
            "before"
        ),
    ),
    "text behind an include": (
        HEAD + "{% include 'part.yaml' %} text\n",
        "root.yaml:5: text follows an include on the same line: move it to the next line",
    ),
    "includes itself": (
        HEAD + "{% include 'root.yaml' %}\n",
        "root.yaml:5: the file 'root.yaml' includes itself, directly or through other files",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_file_is_refused(files: Files, text: str, message: str) -> None:
    """Each error has its message, which starts with the file and the line."""
    files.write(root=text)

    assert files.refuse().startswith(message)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("a: 1\nb: [\n", "sub/part.yaml:2: is not valid YAML"),
        ("a: 1\na: 2\n", "sub/part.yaml:2: the key 'a' occurs twice"),
        ("a:\n  - 2020-01-01\n", "sub/part.yaml:2: YAML reads this value as a date"),
        ("a: 1\nb: x{{ c }}\n", "sub/part.yaml:2: 'c' has no value"),
        ("a: 1\nb: {{ c.d }}\n", "sub/part.yaml:2: 'c' is undefined"),
        ("a: 1\n{% if %}\n", "sub/part.yaml:2: is not a valid template"),
        ("{% include 'other.yaml' %} x\n", "sub/part.yaml:1: text follows an include"),
        ("\n{% include '../root.yaml' %}\n", "sub/part.yaml:2: the file '../root.yaml' includes itself"),
        ("a: 1\ncontext: |\n  x\n", "sub/part.yaml:2: the context of an image in an included file must be a path"),
        ("env:\n  context: dev\n", "sub/part.yaml:2: this line starts with `context:` outside of an image"),
        ("a: |\n  context: dev\n", "sub/part.yaml:2: this line starts with `context:` outside of an image"),
    ],
)
def test_an_error_in_an_included_file_is_reported_there(files: Files, part: str, message: str) -> None:
    """The place is in the included file, however deep the text was indented."""
    files.write(sub__part=part, root=HEAD + "parameters:\n    {% include 'sub/part.yaml' %}\n")

    assert files.refuse().startswith(message)


def test_a_file_of_another_kind_is_refused(files: Files) -> None:
    """A deployment's file is not a spec's."""
    files.write(root="body: {metadata: {name: run}, spec: {id: x}}\n")

    assert files.refuse(kind="spec") == "root.yaml: looks like the file of a deployment, not of a spec"


def test_a_file_that_grows_without_end_is_refused(files: Files) -> None:
    """References to references do not fill the memory."""
    levels = "\n".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))
    files.write(root=HEAD + f"parameters:\n  a0: &a0 [x]\n{levels}\n")

    assert "the file expands to more than 100000 values" in files.refuse()


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("p.yaml", b"- 1\n", {"params_file": "p.yaml"}, "p.yaml: must be a map of parameters, such as `stage: prod`"),
        (
            "p.yaml",
            b"a: 1\nb: [\n",
            {"params_file": "p.yaml"},
            "p.yaml:3: is not valid YAML: expected the node content",
        ),
        ("p.yaml", b"\xff", {"params_file": "p.yaml"}, "p.yaml: is not UTF-8 text"),
        ("p.md", b"", {"params_file": "x.yaml"}, "x.yaml: does not exist"),
        ("p.rst", b"", {"desc_file": "p.rst"}, "p.rst: must be a .md or .txt file"),
        ("p.rst", b"", {"notes_file": "p.md"}, "p.md: does not exist"),
        ("p.md", b"", {"desc_file": "."}, ".: must be a .md or .txt file"),
    ],
)
def test_other_files_are_refused(
    files: Files, name: str, content: bytes, options: dict[str, str], message: str
) -> None:
    """Params files and texts have their own messages."""
    files.spec()
    (files.folder / name).write_bytes(content)

    assert files.refuse(**options).startswith(message)


def test_a_release_has_no_description(files: Files) -> None:
    """A description file is refused for a block without a description."""
    files.write(root="body: {release: {version: 1.0.0}, config: {}}\n")
    (files.folder / "d.md").write_text("x")

    assert files.refuse(desc_file="d.md") == "root.yaml: a release has no description, so desc_file cannot be used"


def test_texts_need_a_place_to_go(files: Files) -> None:
    """A description cannot be put into metadata that is not a map."""
    files.write(root="body: {kind: service, metadata: [], config: {}}\n")
    (files.folder / "d.md").write_text("x")

    assert files.refuse(desc_file="d.md") == "root.yaml:1: `metadata` must be a map"


def test_a_file_that_is_not_there_is_refused(files: Files) -> None:
    """A missing file has its name in the message."""
    assert files.refuse("none.yaml") == "none.yaml: does not exist"


def test_a_folder_is_no_file(files: Files) -> None:
    """If a file cannot be opened, the message gives the system's reason."""
    assert files.refuse(str(files.folder)).startswith(f"{files.folder}: cannot be read: ")


def test_an_error_never_shows_a_value(files: Files) -> None:
    """No message shows a value from the environment, whatever the error."""
    secret = "canary-71fa"
    texts = [
        "x: {{ os_env.KEY | int / 0 }}",
        "x: {{ os_env.KEY.nothing.more }}",
        "x: [{{ os_env.KEY }}",
        "{{ os_env.KEY }}",
    ]
    for text in texts:
        files.write(root=HEAD + text + "\n")
        with pytest.raises(BlockfileError) as caught:
            read_blockfile("root.yaml", environment={"KEY": secret})
        assert secret not in str(caught.value)
