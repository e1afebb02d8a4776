"""The pages, as headless Chromium shows them; KEEP_PICTURES=1 in the environment renews the pictures of the docs."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator import server, start
from tests.support.chromium import NARROW, WIDE
from tests.support.pictures import keep
from tests.unit.emulator.conftest import Api

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pulumi_press.emulator.backend.rollout_simulation import ResourceError
    from tests.support.chromium import Chromium

IS_LIVE = "document.getElementById('connection').textContent === 'live'"
LOAD = """x = 1


def load(table):
    return table.read()


def sums(rows):
    return sum(rows)
"""


@pytest.fixture
def lived(make_api: Callable[..., Api], make_zip: Callable[..., bytes], run_parameters: dict[str, Any]) -> Api:
    """Give a local Press in which much has happened: releases, a failure, a redeploy, a warning, a rollback."""
    api = make_api(seed_number=1, rollout="seconds:2", tokens={"token": "north"})
    zipped = make_zip({"main.py": "print()", "Dockerfile": "FROM python", "lib/load.py": LOAD})
    summary = {"title": "Nightly load", "summary": "Loads the orders of the day.", "tags": [{"name": "sales"}]}
    spec = api.make_spec("nightly-load", artifact=zipped, parameters=run_parameters, metadata=summary)
    run = {"run": {"rounds": 3, "password": "hush"}}
    killed: ResourceError = {"code": 137, "message": "the container ran out of memory"}
    api.press.outcomes(
        {"deployment": "load-live", "revision": 2, "status": "failed", "times": 1},
        {"deployment": "load-test", "revision": 2, "status": "rollback_complete", "errors": [killed]},
    )
    live = api.make_deployment(spec, "load-live", parameters=run, revision={"notes": "The first"})
    api.press.advance(60)
    changed = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python main.py --fast"}}}
    files = {
        "main.py": "print(1)",
        "Dockerfile": "FROM python",
        "lib/load.py": LOAD.replace("read()", "read(fast=True)"),
    }
    api.make_release(spec, "1.1.0", parameters=run_parameters, artifact=make_zip(files), config=changed)
    api.revise(live, revision={"notes": "Faster"}, parameters={"run": {"rounds": 5, "password": "HUSH"}})
    api.press.advance(60)
    api.post(f"/v1/blocks/deployments/{live}/redeploy")
    test = api.make_deployment(spec, "load-test", parameters=run, metadata={"name": "load-test", "summary": "Tries."})
    api.press.advance(60)
    api.revise(test)
    api.press.advance(60)
    api.get("/v1/blocks/specs/?sort=colour:asc")
    return api


@pytest.fixture
def pages(lived: Api) -> dict[str, str]:
    """Give the address of each page, by a word for it."""
    state = lived.press.state()
    (spec,) = state["specs"]
    own = f"{lived.press.url}/_emulator"
    artifact = spec["releases"][0]["artifact"]["id"]
    return {
        "overview": f"{lived.press.url}/",
        "spec": f"{own}/specs/{spec['id']}",
        "deployment": f"{own}/deployments/{state['deployments'][0]['id']}",
        "calls": f"{own}/calls",
        "file": f"{own}/artifacts/{artifact}/file?path=lib/load.py",
        "missing": f"{own}/specs/none",
    }


def test_the_page_shows_what_happened(chromium: Chromium, pages: dict[str, str]) -> None:
    """Specs, deployments, and the statuses of their newest revisions over time are seen."""
    chromium.show(pages["overview"])
    seen = chromium.evaluate("document.body.innerText")

    for words in ("nightly-load", "1.1.0", "load-live", "load-test", "137: the container ran out of memory"):
        assert words in seen
    histories = chromium.evaluate("[...document.querySelectorAll('.history')].map(list => list.innerText)")
    assert [[step.split()[0] for step in steps.splitlines() if step] for steps in histories] == [
        ["deploying", "rollback", "rollback_complete"],
        ["deploying", "failed", "deploying", "deployed"],
    ]


def test_the_pages_are_as_in_the_docs(chromium: Chromium, pages: dict[str, str]) -> None:
    """What the pictures show is on the pages: the overview wide and narrow, and a deployment with a difference."""
    chromium.show(pages["overview"])
    chromium.wait_for(IS_LIVE)
    keep(chromium, "emulator-page.png", chromium.picture())
    chromium.show(pages["overview"], NARROW)
    chromium.wait_for(IS_LIVE)
    keep(chromium, "emulator-page-narrow.png", chromium.picture(NARROW, 1_200))
    chromium.show(pages["deployment"])
    assert "******** (another value)" in chromium.evaluate("document.querySelector('.difference').innerText")
    chromium.wait_for(IS_LIVE)
    chromium.evaluate("document.getElementById('config').open = false")
    keep(chromium, "emulator-deployment.png", chromium.picture())


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everyone_can_read_the_pages(chromium: Chromium, pages: dict[str, str], width: int) -> None:
    """Nothing is cut off, too small or too pale; headings are in order; everything has a name; no complaint is made."""
    chromium.complaints.clear()
    faults = {}
    for name, url in pages.items():
        chromium.show(url, width)
        faults[name] = chromium.find_faults()

    assert {name: found for name, found in faults.items() if found} == {}
    assert [text for text in chromium.complaints if "404" not in text] == []


def test_long_and_odd_names_fit(chromium: Chromium, api: Api, make_zip: Callable[..., bytes]) -> None:
    """A thousand letters, letters from right to left and emoji neither widen nor turn a narrow page."""
    urls = ["/"]
    for name in ("x" * 1_000, "\u202eleft " * 50, "\u05e9\u05dc\u05d5\u05dd " * 40, "\U0001f469\u200d\U0001f680" * 60):
        declared = {"run": [{"name": "value", "type": "string", "required": False, "defaultValue": name}]}
        about, zipped = {"title": name, "summary": name}, make_zip({f"{name[:90]}/a": name})
        spec = api.make_spec(name, metadata=about, parameters=declared, artifact=zipped)
        deployment = api.make_deployment(spec, name, revision={"notes": name})
        api.revise(deployment, parameters={"run": {"value": "other"}})
        urls.append(f"/_emulator/deployments/{deployment}")
    faults = {}
    for url in (*urls, f"/_emulator/specs/{spec}"):
        chromium.show(api.press.url + url, NARROW)
        faults[url] = chromium.find_faults()
    assert {url: found for url, found in faults.items() if found} == {}


def test_a_page_follows_what_happens(chromium: Chromium, api: Api) -> None:
    """What is made, and what goes on, appears by itself; what is opened stays open, and the focus where it was."""
    api.make_spec("first")
    chromium.show(f"{api.press.url}/_emulator/calls")
    chromium.evaluate("document.querySelector('details').open = true; document.querySelector('summary').focus()")
    chromium.wait_for(IS_LIVE)
    spec = api.make_spec("second")
    chromium.wait_for("document.querySelectorAll('.calls > li').length === 2")
    assert chromium.evaluate("[...document.querySelectorAll('details')].map(part => part.open)") == [False, True]
    assert chromium.evaluate("document.activeElement.parentElement === document.querySelectorAll('details')[1]")

    chromium.show(f"{api.press.url}/")
    deployment = api.make_deployment(spec, "live")
    chromium.wait_for("document.body.innerText.includes('revision 1')")
    api.revise(deployment)
    chromium.wait_for("document.body.innerText.includes('revision 2')")
    chromium.show(f"{api.press.url}/_emulator/deployments/{deployment}")
    api.delete(f"/v1/blocks/deployments/{deployment}")
    chromium.wait_for("document.body.innerText.includes('There is no deployment')")


def test_a_filter_is_kept_while_the_page_follows(chromium: Chromium, api: Api) -> None:
    """What somebody is filling in is left alone, and the page is still the filtered one."""
    api.make_spec("first")
    chromium.show(f"{api.press.url}/")
    chromium.evaluate("document.querySelector('input').focus()")
    chromium.ask("Input.insertText", text="seco")
    api.make_spec("second")
    chromium.wait_for("document.querySelectorAll('#specs + ul > li').length === 2")
    assert chromium.evaluate("document.activeElement.value") == "seco"
    chromium.press("Enter", 13)
    chromium.wait_for(
        "location.search.includes('name=seco') && document.querySelectorAll('#specs + ul > li').length === 1"
    )
    api.make_spec("third")
    api.make_spec("second-too")
    chromium.wait_for("document.querySelectorAll('#specs + ul > li').length === 2")


def test_more_tabs_than_a_browser_has_connections_all_follow(chromium: Chromium, api: Api) -> None:
    """A browser opens six connections to one server: a stream for each tab would leave none for the seventh page."""
    tabs = [chromium.open_tab() for _ in range(8)]
    for tab in tabs:
        chromium.look_at(tab)
        chromium.show(f"{api.press.url}/")
    api.make_spec("seen-by-all")
    for tab in tabs:
        chromium.look_at(tab)
        chromium.ask("Page.bringToFront")
        chromium.wait_for("document.body.innerText.includes('seen-by-all')")
    for tab in tabs[1:]:
        chromium.look_at(tab)
        chromium.ask("Page.close")
    chromium.look_at(tabs[0])
    chromium.ask("Page.bringToFront")
    api.make_spec("seen-by-the-last")
    chromium.wait_for("document.body.innerText.includes('seen-by-the-last')")


@pytest.fixture
def restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Api]]:
    """Give what starts a local Press anew, on the same port with the same objects."""
    stack, ports = ExitStack(), [0]
    bind = server._bind  # noqa: SLF001  (`start` takes no port)

    def bind_again(host: str, _: int) -> socket.socket:
        bound = bind(host, ports[-1])
        ports.append(bound.getsockname()[1])
        return bound

    monkeypatch.setattr(server, "_bind", bind_again)

    def restart() -> Api:
        stack.close()
        press = stack.enter_context(start(state=tmp_path))
        return Api(press, press.token)

    yield restart
    stack.close()


def test_a_page_outlives_a_restart(chromium: Chromium, restart: Callable[[], Api]) -> None:
    """It connects again by itself, and then shows what has happened since."""
    api = restart()
    chromium.show(f"{api.press.url}/")
    chromium.wait_for(IS_LIVE)
    api = restart()
    api.make_spec("after-the-restart")
    chromium.wait_for("document.body.innerText.includes('after-the-restart')")
    chromium.wait_for(IS_LIVE)


def test_everything_is_reached_with_the_keyboard(chromium: Chromium, pages: dict[str, str]) -> None:
    """Tab goes through links and fields from the top, and Enter follows a link."""
    chromium.show(pages["overview"])
    names = []
    for _ in range(9):
        chromium.press("Tab", 9)
        names.append(chromium.evaluate("document.activeElement.innerText || document.activeElement.name"))
    assert names[:4] == ["Skip to the content", "Local Press", "Overview", "Calls"]
    assert names[7] == "Filter"
    assert names[8] == "load-test"
    chromium.press("Enter", 13)
    chromium.wait_for("location.pathname.startsWith('/_emulator/deployments/') && document.readyState === 'complete'")


def test_statuses_are_told_apart_by_colour(chromium: Chromium, pages: dict[str, str]) -> None:
    """What is well and what is not do not look alike."""
    colors = []
    for page, status in (("overview", "deployed"), ("overview", "rollback_complete"), ("deployment", "superseded")):
        chromium.show(pages[page])
        badge = f"[...document.querySelectorAll('.badge')].find(badge => badge.innerText == '{status}')"
        colors.append(chromium.evaluate(f"getComputedStyle({badge}).color"))

    assert len(set(colors)) == 3
