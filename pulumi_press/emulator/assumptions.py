"""What cannot be known of the real service, and what the local Press does instead.

No real server was ever asked, so each of these is a setting: `--assume name=value`, or `start(assume={...})`.
`docs/emulator.md` is written from here: `python -m pulumi_press.emulator.assumptions docs/emulator.md`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["FIXED", "Assumption", "Assumptions", "describe", "render", "renew"]

ANY_TEXT: Final = "any text"
NUMBER: Final = "a number"


@dataclass(frozen=True)
class Assumption:
    """One assumption, as help and docs show it."""

    name: str
    default: str | int
    allowed: tuple[str | int, ...] | str
    """The values, or a word for what is allowed."""
    unknown: int
    """Number of the question, as in the list of `docs/emulator.md`."""
    why: str

    def parse(self, value: object) -> str | int:
        """Read a value that a person gave.

        Raises:
            ValueError: it is not allowed.
        """
        if isinstance(self.allowed, tuple):
            for allowed in self.allowed:
                if str(allowed) == str(value):
                    return allowed
        elif self.allowed == ANY_TEXT:
            return str(value)
        elif str(value).isdecimal() and int(str(value)) > 0:
            return int(str(value))
        raise ValueError(f"assumption {self.name} cannot be {value!r}; it takes {self.words}")

    @property
    def words(self) -> str:
        """What is allowed, in words."""
        return self.allowed if isinstance(self.allowed, str) else ", ".join(map(str, self.allowed))


def _assume(
    default: Any, *others: str | int, unknown: int, why: str, allowed: tuple[str | int, ...] | str | None = None
) -> Any:
    return field(default=default, metadata={"allowed": allowed or (default, *others), "unknown": unknown, "why": why})


@dataclass(frozen=True)
class Assumptions:
    """How the local Press behaves where the real service is not known. Names and defaults stand here only."""

    create_status: int = _assume(201, 200, 202, unknown=1, why="status of a create that went well")
    update_status: int = _assume(200, 202, unknown=1, why="status of a change that went well")
    delete_status: int = _assume(200, 202, 204, unknown=1, why="status of a delete that went well; 204 has no body")
    redeploy_status: int = _assume(200, 201, 202, unknown=1, why="status of a redeploy that went well")
    error_body: str = _assume(
        "errors", "detail", unknown=2, why="an error lists each mistake in `errors`, or has only `detail`"
    )
    mistake_status: str = _assume(
        "documented", "400", "422", unknown=3, why="status of a mistake: 422 where the call documents it, else 400"
    )
    duplicate_name: int = _assume(409, 422, 400, unknown=3, why="status when a name is taken")
    older_version: int = _assume(422, 400, 409, unknown=3, why="status when a release is not newer than the last")
    unknown_query: str = _assume("refuse", "ignore", unknown=3, why="a query key that the call does not have")
    default_page_size: int = _assume(
        25, unknown=5, allowed=NUMBER, why="`pageSize` when none is given, as in the examples"
    )
    max_page_size: int = _assume(100, unknown=5, allowed=NUMBER, why="a larger `pageSize` is a mistake")
    page_beyond_end: str = _assume("empty", "refuse", unknown=5, why="a page after the last")
    empty_page_count: int = _assume(0, 1, unknown=5, why="`pageCount` of a listing without items")
    list_order: str = _assume(
        "oldest-first",
        "newest-first",
        unknown=5,
        why="order by creation when no `sort` is given; releases are newest first",
    )
    comma_lists: str = _assume("split", "literal", unknown=6, why="`status=a,b` means two values, or one odd one")
    body_version: str = _assume(
        "both", "number", unknown=8, why='a spec body\'s `version` may be `1` and `"1"`, or only `1`'
    )
    shared_without_tenants: str = _assume("accept", "refuse", unknown=9, why="scope `shared` that lists no tenant")
    tenants_without_shared: str = _assume("accept", "refuse", unknown=9, why="tenants listed with another scope")
    invisible: int = _assume(404, 403, unknown=10, why="status for a spec of another tenant that is not shared")
    foreign_change: int = _assume(
        403, 404, unknown=10, why="status for changing a spec of another tenant that is visible"
    )
    delete_spec_with_deployments: str = _assume(
        "refuse", "cascade", "orphan", unknown=11, why="refused with 422, deletes them too, or leaves them running"
    )
    delete_deployment: str = _assume(
        "synchronous",
        "asynchronous",
        unknown=12,
        why="gone when answered, or `deleting` for as long as a rollout takes",
    )
    delete_while_deploying: str = _assume(
        "accept", "refuse", unknown=12, why="deleting amid a rollout; a refusal is 422"
    )
    second_revision_while_deploying: str = _assume(
        "refuse", "accept", unknown=13, why="refused with 409, which this call documents and nothing else explains"
    )
    superseded: str = _assume(
        "when-live", "when-created", unknown=13, why="a revision is `superseded` when the next is live, or is made"
    )
    current_version: str = _assume(
        "live", "requested", unknown=13, why="a deployment's `currentVersion` is what runs, or what was asked for last"
    )
    archived_spec: str = _assume(
        "deployable", "refuse", unknown=14, why="deploying a spec that is `archived` or `unavailable`; a refusal is 422"
    )
    unchanged_patch: str = _assume(
        "accept",
        "refuse",
        unknown=15,
        why="a metadata patch that changes nothing; a refusal is 422 `No changes detected`",
    )
    patch_tags: str = _assume(
        "replace", "merge", unknown=15, why="tags in a patch replace the old ones, or add to them"
    )
    patch_tenants: str = _assume(
        "replace", "merge", unknown=15, why="tenants in a patch replace the old ones, or add to them"
    )
    run_parameter_patch: str = _assume(
        "in-place",
        "revision",
        unknown=16,
        why="patched run parameters change the revision, or make another and roll it out",
    )
    patched_parameters: str = _assume("checked", "unchecked", unknown=16, why="against the declaration of the release")
    revision_parameters: str = _assume(
        "keep", "merge", "defaults", unknown=16,
        why="run parameters of a new revision: kept if it gives none, given ones over the old, or only the given ones",
    )  # fmt: skip
    masked_value: str = _assume(
        "********", unknown=17, allowed=ANY_TEXT, why="what is shown for a `hideValue` parameter"
    )
    get_parameters_hidden: str = _assume(
        "clear", "masked", unknown=17, why="`hideValue` values when the block reads them"
    )
    described_parameters: str = _assume(
        "declaration", "pair", unknown=17,
        why="`parameters.run[]` of a description: the declaration with `value` added, or `{name, value}`",
    )  # fmt: skip
    artifact_when_building: str = _assume(
        "optional", "required", unknown=20, why="whether an image that is to be built demands an artifact"
    )
    artifact_limit: int = _assume(
        10 * 2**20, unknown=21, allowed=NUMBER, why="bytes of a zip; more is 413, as in the client"
    )
    unpacked_limit: int = _assume(
        512 * 2**20, unknown=21, allowed=NUMBER, why="bytes of an unpacked zip; more is a zip bomb"
    )
    form_order: str = _assume(
        "documented", "any", unknown=24, why="whether the parts of a form must come in the order that the client sends"
    )
    latest_alias: str = _assume(
        "refuse", "accept", unknown=25, why="`latest` in place of a version or revision in a path"
    )
    absent_values: str = _assume(
        "omit", "null", unknown=26, why="what was never given is left out of an answer, or null"
    )

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Assumptions:
        """Take the defaults, and `values` over them.

        Raises:
            ValueError: a name is not known, or a value not allowed; the message has the choices.
        """
        known = {assumption.name: assumption for assumption in describe()}
        for name in values:
            if name not in known:
                raise ValueError(f"there is no assumption {name!r}; there are: {', '.join(known)}")
        parsed: dict[str, Any] = {name: known[name].parse(value) for name, value in values.items()}
        return cls(**parsed)


FIXED: tuple[tuple[int, str], ...] = (
    (
        4,
        "Names and tags are any text that is not empty. Names are compared, and prefixes matched, letter by letter.",
    ),
    (6, "`featured` is read in Python's spelling and in JSON's."),
    (7, "The text `null` for `featured` and `autoRunOnDeploy` means that nothing was given, which means false."),
    (9, "A deployment keeps running when its spec is no longer visible to its tenant."),
    (10, "Who sees a spec may deploy it. Deployments are visible to their own tenant only."),
    (11, "The name of a deleted spec or deployment is free again as soon as it is gone."),
    (
        12,
        "Deleting a deployment that is being deleted is a success. There are no apps, so no deployment has a `parent`.",
    ),
    (13, "After a rollback the deployment has the status `rollback_complete`, and the revision before is live."),
    (13, "A deployment that is being redeployed is `redeploying`, its revision `deploying`."),
    (15, "A field cannot be cleared by null: texts are cleared by an empty text, lists by an empty list."),
    (17, "`groups` is always empty: no request has anything that it could come from."),
    (18, "`@param:` stays as it was submitted. A value is never converted to another type."),
    (19, "A default fills in for a required parameter. `conditions` are for user interfaces: they are not enforced."),
    (20, "Paths in `dockerfile`, `context` and `sqlQueryPath` are not looked up in the artifact."),
    (21, "Refused in a zip: links, encryption, names twice, names that leave the folder, wrong checksums."),
    (22, "Images are not built."),
    (23, "Every instance type, storage size and secret exists."),
    (24, "No rate limit unless a fault sets one. `x-peak-requestId` is written down but decides nothing."),
    (26, "A deployment has one platform resource, named as its spec, with version `0.0.<revision>`."),
    (27, "A token is any text and never expires; its user is `user@<tenant>.example`."),
)
"""Assumptions without a choice, by number of the question."""


def describe() -> Iterator[Assumption]:
    """Give every assumption, in the order of the questions."""
    for item in fields(Assumptions):
        yield Assumption(name=item.name, default=item.default, **item.metadata)  # type: ignore[arg-type]  # All have one.


def render() -> str:
    """Write the part of `docs/emulator.md` that lists the assumptions."""
    rows = [f"| {a.unknown} | `{a.name}` | `{a.default}` | {_others(a)} | {a.why} |" for a in describe()]
    head = ["| question | setting | default | else | what it decides |", "|---|---|---|---|---|"]
    fixed = [f"| {number} | {says} |" for number, says in FIXED]
    return "\n".join(
        [*head, *rows, "", "Settled without a choice:", "", "| question | what is so |", "|---|---|", *fixed]
    )


def _others(assumption: Assumption) -> str:
    if isinstance(assumption.allowed, str):
        return assumption.allowed
    return ", ".join(f"`{value}`" for value in assumption.allowed if value != assumption.default)


BEGIN, END = "<!-- assumptions: begin -->", "<!-- assumptions: end -->"


def renew(text: str) -> str:
    """Give a document's text with its list of assumptions as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{render()}\n{END}{after}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        document = Path(name)
        document.write_text(renew(document.read_text(encoding="utf-8")), encoding="utf-8")
