"""Writing the tables of `docs/emulator.md`: `python -m pulumi_press.emulator.document docs/emulator.md`."""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.emulator.assumptions import describe
from pulumi_press.emulator.knowledge import MEANINGS
from pulumi_press.emulator.parity import EVERYWHERE, answer_fields, body_fields, form_parts, query_keys
from pulumi_press.emulator.questions import FIXED, QUESTIONS
from pulumi_press.emulator.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.emulator.assumptions import Assumption
    from pulumi_press.emulator.knowledge import Known
    from pulumi_press.emulator.parity import Thing
    from pulumi_press.emulator.routes import Route

__all__ = ["renew", "write_assumptions", "write_parity"]

CALLS = """Method and path of each call are known by wire, its errors by documentation, its success by assumption. 500
is documented for each, and never meant. About every call: {settings}."""
BODIES = """Required ones are in bold. Where a number or a boolean is expected, `@param:<name>` is taken too, as samples
have it. The rules that join several fields are in `pulumi_press/schema/rules.py`."""
ANSWERS = """Those that are always there are in bold. A config and its parameters come back as they were submitted."""


def write_assumptions() -> str:
    """Write the questions, the assumptions, and what is settled without a choice."""
    settings = [
        (f"{item.unknown}", f"`{item.name}`", f"`{item.default}`", _others(item), item.what, item.because)
        for item in describe()
    ]
    return "\n\n".join(
        [
            _table(("question", "what is open"), ((str(number), what) for number, what in QUESTIONS.items())),
            _table(("question", "setting", "default", "else", "what it decides", "why the default"), settings),
            "Settled without a choice:",
            _table(("question", "what is so"), ((str(number), says) for number, says in FIXED)),
        ]
    )


def write_parity() -> str:
    """Write what is known of every route, key, part and field."""
    heads = ("known by", "settings and remarks")
    return "\n\n".join(
        [
            _table(("known by", "what that means"), ((how, what) for how, what in MEANINGS.items())),
            "### Calls",
            CALLS.format(settings=_names(EVERYWHERE)),
            _table(("call", "method and path", "success", "errors", "settings"), map(_call, ROUTES)),
            "### Keys of queries",
            _table(("key", "calls", *heads), _by_name(query_keys())),
            "### Parts of forms",
            _table(("part", "calls", *heads), _by_name(form_parts())),
            "### Fields of bodies",
            BODIES,
            _table(("shape", "fields", *heads), _by_place(body_fields())),
            "### Fields of answers",
            ANSWERS,
            _table(("shape", "fields", *heads), _by_place(answer_fields())),
        ]
    )


def renew(text: str) -> str:
    """Give a document's text with its tables as they are now."""
    for name, write in (("assumptions", write_assumptions), ("parity", write_parity)):
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        if begin in text:
            before, _, rest = text.partition(begin)
            text = f"{before}{begin}\n{write()}\n{end}{rest.partition(end)[2]}"
    return text


def _call(route: Route) -> tuple[str, ...]:
    success = f"`{route.status}`" if route.status else "200"
    errors = ", ".join(map(str, route.errors)) or "none"
    if route.more_errors:
        errors += f"; assumed: {', '.join(map(str, route.more_errors))}"
    settings = _names((*route.refusals, *route.settings))
    return f"`{route.name}`", f"`{route.method} {route.path}`", success, errors, settings


def _by_name(things: Iterable[Thing]) -> Iterator[tuple[str, ...]]:
    """Put together what has the same name in several calls."""
    for name, group in groupby(sorted(things, key=lambda thing: thing.name), lambda thing: thing.name):
        for known, same in groupby(group, lambda thing: thing.known):
            yield f"`{name}`", ", ".join(f"`{thing.where}`" for thing in same), known.how, _tell(known)


def _by_place(things: Iterable[Thing]) -> Iterator[tuple[str, ...]]:
    """Put together what is known alike in one shape."""
    for where, group in groupby(things, lambda thing: thing.where):
        for known, same in groupby(sorted(group, key=lambda thing: str(thing.known)), lambda thing: thing.known):
            names = (f"**`{thing.name}`**" if thing.is_required else f"`{thing.name}`" for thing in same)
            yield where, ", ".join(names), known.how, _tell(known)


def _tell(known: Known) -> str:
    return "; ".join(text for text in (_names(known.settings), known.remark) if text)


def _names(settings: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in settings)


def _others(assumption: Assumption) -> str:
    if isinstance(assumption.allowed, str):
        return assumption.allowed
    return ", ".join(f"`{value}`" for value in assumption.allowed if value != assumption.default)


def _table(heads: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(re.sub(r"^\| --- .*", lambda rule: rule[0].replace(" ", ""), _line(cells)) for cells in lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        document = Path(name)
        document.write_text(renew(document.read_text(encoding="utf-8")), encoding="utf-8")
