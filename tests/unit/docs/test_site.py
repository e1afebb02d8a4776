"""The documentation: generated pages are up to date, and the site builds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_press import schema

ROOT = Path(__file__).resolve().parents[3]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a module of this environment in the project's folder."""
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_pages_say_what_the_code_says() -> None:
    """No page is out of date; `make docs` updates them."""
    done = run("tools.docs", "--check")

    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_every_page_is_built(site: Path) -> None:
    """Each page is built without a warning, such as for a dead link or anchor."""
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")}

    assert pages - {path.stem for path in site.glob("*.html")} == set()


def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    """Scripts, styles, fonts and pictures are part of the site, so it can be read without a network."""
    loaded = re.compile(r"""<(?:script|img|iframe)[^>]*\ssrc=["'](\w+:)?//|<link[^>]*\shref=["'](\w+:)?//""")
    styled = re.compile(r"""url\(["']?(\w+:)?//|@import\s""")
    pages = [path.name for path in site.rglob("*.html") if loaded.search(path.read_text(encoding="utf-8"))]
    styles = [path.name for path in site.rglob("*.css") if styled.search(path.read_text(encoding="utf-8"))]

    assert (pages, styles) == ([], [])


def test_every_page_is_in_llms_txt(site: Path) -> None:
    """`llms.txt` names each page's text and how it begins; the texts hold nothing that only the tools read."""
    listed = re.findall(r"^- \[.+\]\((.+)\): (.+)$", (site / "llms.txt").read_text(encoding="utf-8"), re.MULTILINE)
    texts = [(site / name).read_text(encoding="utf-8") for name, _ in listed]

    assert {name for name, _ in listed} == {path.name for path in (ROOT / "docs").glob("*.md")}
    assert [text for text in texts if re.search(r"^ *(<!-- |--8<-- )", text, re.MULTILINE)] == []


def test_links_to_edit_a_page_are_where_the_builder_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page leads to its own source, and to none by default."""
    monkeypatch.setenv("DOCS_EDIT_URL", "https://example.org/edit/main/docs/{path}")

    done = run("mkdocs", "build", "--strict", "--site-dir", str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert 'href="https://example.org/edit/main/docs/secrets.md"' in (tmp_path / "secrets.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["BlockSpec", "BlockSpecRelease", "BlockDeployment"])
def test_every_shape_of_the_arguments_is_documented(site: Path, name: str) -> None:
    """Each shape of the arguments is on a page, with all its keys, and each key has a description."""
    pages = " ".join(path.read_text(encoding="utf-8") for path in site.glob("*.html"))
    declared = schema.json_schema(getattr(schema, f"{name}Args"))
    shapes = {name: declared, **declared["$defs"]}
    keys = {(shape, key): value for shape, part in shapes.items() for key, value in part["properties"].items()}

    assert [shape for shape in declared["$defs"] if f'id="{shape.lower()}"' not in pages] == []
    assert [key for key in keys if f"<code>{key[1]}</code>" not in pages] == []
    assert [key for key, value in keys.items() if not value.get("description")] == []
