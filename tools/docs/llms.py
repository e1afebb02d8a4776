"""`llms.txt` for those who read the documentation with a language model: each page, with what it begins with.

A hook of MkDocs; https://llmstxt.org has the form. `llms-full.txt` holds the pages' own text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

__all__ = ["on_nav", "on_post_build"]

MARKER = re.compile(r"^ *<!-- .*? -->\n+", re.MULTILINE)
"""What the tools read in a page, and no reader needs."""

SNIPPET = re.compile(r'^--8<-- "(.*?)"$', re.MULTILINE)
CODE = re.compile(r"^```.*?^```\n", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[(.*?)\]\(.*?\)")
SENTENCE = re.compile(r"(?<=\.) (?=[A-Z`])")

_sections: list[tuple[str, list[Page]]] = []


def on_nav(nav: Navigation, **_: object) -> Navigation:
    """Keep the order of the pages."""
    _sections.clear()
    for item in nav.items:
        pages = [child for child in item.children or [] if child.is_page] if item.is_section else [item]
        _sections.append((item.title or "", pages))
    return nav


def on_post_build(config: MkDocsConfig, **_: object) -> None:
    """Write both files beside the pages."""
    folder = Path(config.site_dir)
    lines = [f"# {config.site_name}", "", f"> {config.site_description}"]
    texts = []
    for title, pages in _sections:
        lines += ["", f"## {title}", ""]
        for page in pages:
            text = SNIPPET.sub(_include, page.markdown or "")
            text = MARKER.sub("", text).strip()
            texts.append(text)
            lines.append(f"- [{page.title}]({page.file.src_uri}): {_begin(text)}")
            target = folder / page.file.src_uri
            target.write_text(f"{text}\n", encoding="utf-8")
    (folder / "llms.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / "llms-full.txt").write_text("\n\n".join([*texts, ""]), encoding="utf-8")


def _include(snippet: re.Match[str]) -> str:
    return Path(snippet[1]).read_text(encoding="utf-8")


def _begin(text: str) -> str:
    """Return the first sentence of a page."""
    paragraphs = [
        part for part in CODE.sub("", text).split("\n\n") if not part.lstrip().startswith(("#", "|", "!", "<"))
    ]
    line = " ".join(paragraphs[0].split()) if paragraphs else ""
    return SENTENCE.split(LINK.sub(r"\1", line))[0]
