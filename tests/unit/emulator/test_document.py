"""The tables of `docs/emulator.md`."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_press.emulator.api.routes import ROUTES
from pulumi_press.emulator.api.spec_responses import MEANINGS
from pulumi_press.emulator.assumptions import Assumptions
from tools.docs.emulator import (
    BODIES,
    EVERYWHERE,
    body_fields,
    form_parts,
    query_keys,
    response_fields,
    update_tables,
    write_parity,
)

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "emulator.md"
DOCUMENTED: dict[str, Any] = yaml.safe_load((ROOT / "tests/contract/documented.yaml").read_text(encoding="utf-8"))
NAMES = {item.name for item in fields(Assumptions)}


def test_the_document_is_not_stale() -> None:
    """`docs/emulator.md` has the tables that the code gives, no more and no less."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert update_tables(text) == text


def test_a_document_without_a_mark_is_left_alone() -> None:
    """Only what stands between the marks is renewed."""
    assert update_tables("# Notes\n") == "# Notes\n"
    assert update_tables("a <!-- parity: begin -->old<!-- parity: end --> z").startswith(
        "a <!-- parity: begin -->\n| known by |"
    )
    assert update_tables("a <!-- parity: begin -->old<!-- parity: end --> z").endswith("<!-- parity: end --> z")


def test_every_setting_has_its_place() -> None:
    """Each assumption is told of a call, a key, a part or a field; and no other word is told as one."""
    told = {*EVERYWHERE}
    for route in ROUTES:
        told |= {*route.settings, *route.refusals, *({route.status} if route.status else ())}
    for things in (query_keys(), form_parts(), body_fields(), response_fields()):
        for thing in things:
            told |= {*thing.known.settings}
            assert thing.known.how in MEANINGS
    assert told == NAMES


def test_no_remark_is_about_a_field_that_is_not_there() -> None:
    """A field that was renamed is not remarked on under its old name."""
    assert {f"{thing.where}.{thing.name}" for thing in body_fields()} >= set(BODIES)


def test_every_route_is_in_the_table() -> None:
    """Calls, keys, parts and fields are all there."""
    table = write_parity()
    for route in ROUTES:
        assert f"| `{route.name}` | `{route.method} {route.path}` |" in table
        for part in route.parts:
            assert re.search(rf"\| `{part}` \| .*`{route.name}`", table)


@pytest.mark.parametrize("call", DOCUMENTED["errors"])
def test_errors_are_those_that_the_contract_knows(call: str) -> None:
    """A route documents the statuses that the contract holds the real client's exceptions against."""
    documented = {status for status in DOCUMENTED["errors"][call] if isinstance(status, int)}
    name = {"get_related_block_details": "describe_app_deployment"}.get(call, call)
    (route,) = [route for route in ROUTES if route.name == name]
    assert {*route.errors, 500} == documented
