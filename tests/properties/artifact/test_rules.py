"""What holds for every set of ignore rules."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pathspec import PathSpec
from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from pulumi_press.artifact.errors import IgnoreFileInvalid
from pulumi_press.artifact.folder import Folder

# Few letters, so that rules and paths meet often.
LINES = st.lists(
    st.text(st.sampled_from("ab*?/![]-\\# "), max_size=7)
    | st.sampled_from(["*", "**", "*/", "/", "!*/", "a/", "!a", "a/*", "!a/b", "a/**", "**/b", "a[!b]", "\\a", "\\!a"]),
    max_size=6,
)
PATHS = st.lists(
    st.lists(st.sampled_from(["a", "b", "ab", "ba", "!a", "#b", "a b"]), min_size=1, max_size=4).map("/".join),
    min_size=1,
    max_size=12,
)


def read_rules(lines: list[str]) -> PathSpec[GitIgnoreSpecPattern]:
    """Read rules as the service's own client does; a match is what it packs."""
    rules = [line.strip() for line in lines]
    rules = [rule for rule in rules if rule and not rule.startswith("#")]
    keeping = ["*", *(rule[1:] if rule.startswith("!") else f"!{rule}" for rule in rules)]
    return PathSpec([GitIgnoreSpecPattern(pattern) for pattern in keeping])


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")  # Said of "[[]" by Python, through pathspec.
@settings(max_examples=400, deadline=None)
@given(PATHS, LINES)
@example(["a/b/a", "a/a"], ["a[!b]"])
@example(["a/b/a", "a/a"], ["a", "!a/b/a"])
@example(["a"], ["[b-a]"])
@example(["a"], ["a\\"])
def test_every_file_is_judged_by_its_own_path(paths: list[str], lines: list[str]) -> None:
    """Folders that are not looked into hold nothing that would have been packed, and what is no rule is refused."""
    files = {path for path in paths if not any(other.startswith(f"{path}/") for other in paths)}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).touch()
        (root / "rules").write_text("\n".join([*lines, "/rules"]), encoding="utf-8")
        folder = Folder(root, ["rules"])

        try:
            rules = read_rules(lines)
        except (GitIgnorePatternError, re.error):
            with pytest.raises(IgnoreFileInvalid):
                folder.manifest()
        else:
            expected = sorted(path for path in files if rules.match_file(path))
            assert expected == [entry.path for entry in folder.manifest().entries]
