"""The page at `/`: what is stored, and the latest calls. It changes nothing."""

from __future__ import annotations

import json
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse

from pulumi_press.emulator.control.control_plane import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from pulumi_press.emulator.backend.backend import Backend
    from pulumi_press.emulator.control.request_log import RequestLog

__all__ = ["show_page"]

SHOWN = 100
"""Maximum number of specs, and of deployments, on the page: the newest ones."""

CALLS = 15
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Frame-Options": "DENY",
}
BADGES = {
    "good": ("deployed", "available"),
    "busy": ("deploying", "redeploying", "deleting", "rollback"),
    "warn": ("warning", "unavailable", "rollback_complete"),
    "bad": ("failed", "delete_failed", "platform_resource_error", "rollback_failed"),
}
REFUSED, FAILED = 400, 500
KIB = 1024


def show_page(backend: Backend, log: RequestLog) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of the page."""
    style = resources.files("pulumi_press.emulator.control").joinpath("page.css").read_text(encoding="utf-8")

    def look() -> tuple[dict[str, Any], dict[str, int]]:
        with backend.store.transaction():
            backend.rollouts.advance()
            return take_snapshot(backend.context, SHOWN), backend.store.count()

    async def respond(_: Request) -> Response:
        snapshot, counts = await backend.run(look)
        calls = log.describe_last(CALLS)
        return HTMLResponse(_page(style, backend.clock.timestamp(), counts, snapshot, calls), headers=HEADERS)

    return respond


def _page(
    style: str, now: str, counts: Mapping[str, int], snapshot: Mapping[str, Any], calls: Sequence[Mapping[str, Any]]
) -> str:
    numbers = " &nbsp; ".join(
        f"<b>{number}</b> {name if number != 1 else name[:-1]}" for name, number in counts.items()
    )
    specs = [_spec(spec) for spec in reversed(snapshot["specs"])]
    deployments = [_deployment(item) for item in reversed(snapshot["deployments"])]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Press</title>
<style>{style}</style>
</head>
<body>
<header><h1>Local Press</h1><p>{_time(now)} UTC</p><p class="counts">{numbers}</p></header>
<main>
{_section("Deployments", deployments, "Nothing is deployed yet. A deployment shows here with its revisions.")}
{_section("Specs", specs, "No spec is published yet. A spec shows here with its releases.")}
{_section("Latest calls", _calls(calls), "No call yet.")}
</main>
</body>
</html>
"""


def _section(title: str, cards: Sequence[str], empty: str) -> str:
    content = "\n".join(cards) if cards else f'<p class="empty">{empty}</p>'
    return f"<section><h2>{title}</h2>\n{content}\n</section>"


def _spec(spec: Mapping[str, Any]) -> str:
    shared = f" with {', '.join(spec['tenants'])}" if spec["tenants"] else ""
    rows = [
        [
            f"<b>{_text(release['version'])}</b>",
            _code(_what_runs(release["config"])),
            _artifact(release["artifact"]),
            _time(release["createdAt"]),
            _text(release.get("notes")),
        ]
        for release in reversed(spec["releases"])
    ]
    heads = ["Release", "What it runs", "Artifact", "Published", "Notes"]
    return _card(spec, f"{spec['scope']}{shared}", _table("releases", heads, rows))


def _deployment(deployment: Mapping[str, Any]) -> str:
    rows = [
        [
            f"<b>{revision['revision']}</b>",
            _badge(revision["status"]) + _history(revision["statuses"]),
            _text(revision["version"]),
            _values(revision["parameters"]["run"]),
            _time(revision["createdAt"]),
            _text(revision.get("notes")) + _errors(revision["resources"]),
        ]
        for revision in reversed(deployment["revisions"])
    ]
    heads = ["Revision", "Status", "Release", "Run parameters", "Made", "Notes"]
    return _card(deployment, f"of {deployment['specName']}", _table("revisions", heads, rows))


def _card(item: Mapping[str, Any], what: str, table: str) -> str:
    metadata = item["metadata"]
    return f"""<article class="card">
<div class="head"><h3>{_text(metadata["name"])}</h3> {_badge(metadata["status"])}
<span class="soft">{_text(item["kind"])} &middot; {_text(what)} &middot; {_text(item["tenant"])}</span>
<span class="id">{_text(item["id"])}</span>
<span class="about">{_text(metadata.get("summary") or metadata.get("title") or "")}</span></div>
{table}
</article>"""


def _calls(calls: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            _time(call["time"]),
            _code(call["method"]),
            _code(call["path"] + (f"?{call['query']}" if call["query"] else "")),
            _status(call["status"]),
            _text(call["tenant"]),
        ]
        for call in reversed(calls)
    ]
    table = _table("calls", ["Time", "Method", "Path", "Status", "Tenant"], rows)
    return [f'<article class="card">{table}</article>'] if rows else []


def _table(kind: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll">{table}</div>'


def _history(statuses: Sequence[Mapping[str, Any]]) -> str:
    """Return the statuses so far, each with the time at which it began."""
    steps = "".join(f"<li>{_text(step['status'])} <time>{_clock(step['at'])}</time></li>" for step in statuses)
    return f'<ol class="history">{steps}</ol>'


def _errors(resources: Iterable[Mapping[str, Any]]) -> str:
    return "".join(
        f'<div class="error">{_text(error["code"])}: {_text(error["message"])}</div>'
        for resource in resources
        for error in resource["errors"]
    )


def _values(values: Mapping[str, Any]) -> str:
    shown = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    return "<br>".join(_code(f"{name} = {value}") for name, value in shown.items())


def _artifact(artifact: Mapping[str, Any] | None) -> str:
    if artifact is None:
        return ""
    size = f"{artifact['size'] / KIB:.1f} KiB"
    count = len(artifact["files"])
    return f"{count} file{'' if count == 1 else 's'}, {size} {_code(artifact['sha256'][:8])}"


def _what_runs(config: Mapping[str, Any]) -> str:
    steps = config.get("steps")
    return ", ".join(steps) if isinstance(steps, dict) else str(config.get("serviceType", "web-app"))


def _time(moment: str) -> str:
    return _text(moment.replace("T", " ").partition(".")[0])


def _clock(moment: str) -> str:
    return _text(moment.partition("T")[2].partition(".")[0])


def _status(status: int | None) -> str:
    if status is None:
        return '<span class="badge bad">none</span>'
    kind = "good" if status < REFUSED else "warn" if status < FAILED else "bad"
    return f'<span class="badge {kind}">{status}</span>'


def _badge(status: str) -> str:
    kind = next((kind for kind, statuses in BADGES.items() if status in statuses), "")
    return f'<span class="badge {kind}">{_text(status)}</span>'


def _code(value: object) -> str:
    return f"<code>{_text(value)}</code>"


def _text(value: object) -> str:
    return "" if value is None else escape(str(value))
