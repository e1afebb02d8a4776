"""What holds for all tests."""

from __future__ import annotations

import gc
import re
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.scenarios import WAY, count_scenarios

if TYPE_CHECKING:
    from collections.abc import Callable

TOLD = pytest.StashKey["list[str]"]()

OUTCOMES = ("passed", "failed", "error", "skipped")

# A shell that starts a run in the background lets it ignore interruptions, and every process that it starts, too: then
# tests that interrupt one wait in vain, and the engine waits five seconds at the end of each command.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


LONGEST = (
    "reliability/test_mutations.py",
    "engine/test_effects.py",
    "engine/test_import.py",
    "engine/test_forced_replacement.py",
    "engine/test_automation_example.py",
    "contract/test_kills.py",
    "engine/test_crashes.py",
    "engine/test_drift.py",
    "engine/test_bad_programs.py",
    "engine/test_mistakes_page.py",
    "engine/test_ci_example.py",
    "engine/test_life.py",
    "engine/test_docs.py",
    "contract/test_openapi.py",
)
"""The files that take longest, the longest first."""

SPLIT = (
    "reliability/test_mutations.py",
    "engine/test_drift.py",
    "engine/test_effects.py",
    "engine/test_forced_replacement.py",
    "engine/test_life.py",
    "engine/test_many.py",
    "engine/test_rollouts.py",
)
"""Files whose tests need minutes and share nothing: they need not run in one process.

Of any other file, the tests that differ in how a program reaches the engine share nothing.
"""


LATER = (
    r"engine/test_bad_yaml\.py",
    r"engine/test_convert_yaml\.py",
    r"engine/test_options\.py",
    r"engine/test_bad_programs\.py",
    r"engine/test_mistakes_page\.py",
    r"engine/test_assumptions\.py",
    r"engine/test_samples\.py",
    r"engine/test_many\.py",
    r"engine/test_effects\.py::test_every_change_behind_the_back",
    r"engine/test_crashes\.py::test_promises_are_kept",
    r"engine/test_moving\.py::test_(?!kept_state|secrets)",
    r"engine/test_automation_example\.py::test_(one_tenant_that_fails|an_interrupted_run|a_killed_run)",
    r"engine/test_forced_replacement\.py::test_replacement_in_every_way",
    r"engine/test_ci_example\.py::.*\[gitlab\]",
    r"engine/test_docs\.py::.*\[(?!from-peak)",
    r"engine/test_docs_(stacks|troubleshooting)\.py",
    r"engine/test_import\.py::.*\[words[12]\]",
    r"engine/test_new_project\.py::(?!test_a_new_project_works_as_it_is\[workflow-pulumi-press\])",
    r"contract/test_kills\.py::test_every_answered_write",
    r"packaging/test_installation\.py",
    r"reliability/test_mutations\.py::.*\[native-(forget|compare|escape|say|delete)",
    r"reliability/test_mutations\.py::.*\[dynamic-(escape|say|try|wait|fail|refuse)",
)
"""Tests that a short run leaves out, as patterns of their ids: they need minutes, and a shorter one tries the same."""

NATIVE = (
    "engine/test_first_preview.py",
    "engine/test_life.py",
    "engine/test_rollouts.py",
)
"""Files whose scenarios a short run tries with the native plugin, too; all others with the dynamic provider alone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run leave out what takes long."""
    parser.addoption(
        "--scenarios",
        choices=("all", "short"),
        default="all",
        help="short: try most scenarios with the dynamic provider alone, and leave some out",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files where several processes share the tests, so that all have work to the end."""
    if config.getoption("scenarios") == "short":
        later = {item.nodeid: item for item in items if _is_later(item)}
        config.hook.pytest_deselected(items=list(later.values()))
        items[:] = [item for item in items if item.nodeid not in later]
    for item in items:
        if way := find_way(item):
            item.user_properties.append((WAY, way))
    if not hasattr(config, "workerinput"):
        return
    items.sort(key=_place_in_line)
    for item in items:
        path = item.path.as_posix()
        group = item.nodeid if _is_in(item, SPLIT) else f"{path} {find_way(item)}"
        item.add_marker(pytest.mark.xdist_group(group))


def _is_later(item: pytest.Item) -> bool:
    """Return whether a short run leaves the test out."""
    is_long = any(re.search(f"tests/{pattern}", item.nodeid) for pattern in LATER)
    return is_long or (find_way(item) == "native" and not _is_in(item, NATIVE))


def _is_in(item: pytest.Item, files: tuple[str, ...]) -> bool:
    return item.path.as_posix().endswith(tuple(f"/tests/{file}" for file in files))


def find_way(item: pytest.Item) -> str:
    """Return how the programs of a scenario reach the engine; empty for any other test."""
    callspec = getattr(item, "callspec", None)
    return "" if callspec is None else str(callspec.params.get(WAY, ""))


def _place_in_line(item: pytest.Item) -> int:
    path = item.path.as_posix()
    return next((place for place, file in enumerate(LONGEST) if path.endswith(f"/tests/{file}")), len(LONGEST))


def pytest_collection_finish() -> None:
    """Keep the garbage collector off what lives as long as the run: thousands of tests, and the modules they import.

    Tests that collect garbage themselves would otherwise spend most of their time on these.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Give what adds a line to the end of the run's report."""
    return pytestconfig.stash.setdefault(TOLD, []).append


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what the tests of this process told, where it is one of several."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["told"] = session.config.stash.get(TOLD, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what the tests of another process told; one that died told nothing."""
    node.config.stash.setdefault(TOLD, []).extend(getattr(node, "workeroutput", {}).get("told", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what the tests have told, and how many scenarios passed in each way."""
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)
    ran = [(report, outcome == "passed") for outcome in OUTCOMES for report in terminalreporter.getreports(outcome)]
    if line := count_scenarios((report.nodeid, dict(report.user_properties), passed) for report, passed in ran):
        terminalreporter.write_line(line)
