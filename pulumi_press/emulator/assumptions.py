"""How a local Press is set up: its settings, and what it assumes about the real service.

No real server was ever asked, so each assumption is a setting: `--assume name=value`, or `start(assume={...})`.
`tools/docs/emulator.py` writes them into `docs/emulator.md`, together with what has no setting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["AT_ONCE", "DEFAULT_TOKENS", "Assumption", "Assumptions", "Pacing", "Settings", "describe"]


@dataclass(frozen=True)
class Pacing:
    """How long each intermediate status of a rollout lasts.

    Args:
        kind: what is counted.
        amount: number of reads, or seconds.
    """

    kind: Literal["at-once", "reads", "seconds"]
    amount: float = 0

    def __str__(self) -> str:
        """Return the text that `parse` reads."""
        return self.kind if self.kind == "at-once" else f"{self.kind}:{self.amount:g}"

    @classmethod
    def parse(cls, text: str) -> Pacing:
        """Return the pacing of a text: `at-once`, `reads:3` or `seconds:1.5`.

        Raises:
            ValueError: the text is none of these.
        """
        kind, _, amount = text.partition(":")
        try:
            if text == "at-once":
                return AT_ONCE
            if kind == "reads" and int(amount) >= 0:
                return cls("reads", int(amount)) if int(amount) else AT_ONCE
            if kind == "seconds" and math.isfinite(float(amount)) and float(amount) >= 0:
                return cls("seconds", float(amount)) if float(amount) else AT_ONCE
        except ValueError:
            pass
        raise ValueError(f"{text!r} is not a length of a rollout; write at-once, reads:3 or seconds:1.5")


AT_ONCE = Pacing("at-once")
"""A rollout ends within the call that starts it."""


ANY_TEXT: Final = "any text"
NUMBER: Final = "a number"


@dataclass(frozen=True)
class Assumption:
    """One assumption, as help and docs show it."""

    name: str
    default: str | int
    allowed: tuple[str | int, ...] | str
    """The values, or a description of what is allowed."""
    unknown: int
    """Number of the open question that it is about, as in `docs/emulator.md`."""
    what: str
    """What it decides."""
    because: str
    """Why the default is the default."""

    def parse(self, value: object) -> str | int:
        """Return the value that a text stands for.

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
    default: Any,
    *others: str | int,
    unknown: int,
    what: str,
    because: str,
    allowed: tuple[str | int, ...] | str | None = None,
) -> Any:
    about = {"allowed": allowed or (default, *others), "unknown": unknown, "what": what, "because": because}
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class Assumptions:
    """How the local Press behaves where the real service is not known: the only list of names and defaults."""

    create_status: int = _assume(
        201, 200, 202, unknown=1, what="status of a create that went well", because="HTTP's status for a created object"
    )
    update_status: int = _assume(
        200, 202, unknown=1, what="status of a change that went well", because="the response is the changed object"
    )
    delete_status: int = _assume(
        200, 202, 204, unknown=1,
        what="status of a delete that went well; 204 has no body", because="it is documented to return `{}`",
    )  # fmt: skip
    redeploy_status: int = _assume(
        200, 201, 202, unknown=1, what="status of a redeploy that went well", because="nothing is created"
    )
    error_body: str = _assume(
        "errors", "detail", unknown=2,
        what="an error lists each mistake in `errors`, or has only `detail`",
        because="all failures at once help a person; the client reads only `detail`",
    )  # fmt: skip
    mistake_status: str = _assume(
        "documented", "400", "422", unknown=3,
        what="status of a mistake: 422 where the call documents it, else 400",
        because="both are documented; 422 says more",
    )  # fmt: skip
    duplicate_name: int = _assume(
        422, 409, 400, unknown=3,
        what="status when a name is taken",
        because="409 is documented for redeploys and revisions, and for no create or update",
    )  # fmt: skip
    older_version: int = _assume(
        422, 400, 409, unknown=3,
        what="status when a release is not newer than the last", because="as for a name that is taken",
    )  # fmt: skip
    unknown_query: str = _assume(
        "refuse", "ignore", unknown=3,
        what="a query key that the call does not have", because="no input is to be ignored silently",
    )  # fmt: skip
    default_page_size: int = _assume(
        25, unknown=5, allowed=NUMBER, what="`pageSize` when none is given", because="the examples show it"
    )
    max_page_size: int = _assume(
        100, unknown=5, allowed=NUMBER,
        what="a larger `pageSize` is a mistake", because="services have a limit, and this is a usual one",
    )  # fmt: skip
    page_beyond_end: str = _assume(
        "empty", "refuse", unknown=5,
        what="a page after the last", because="the client reads on while pages shrink, and must not fail then",
    )  # fmt: skip
    empty_page_count: int = _assume(
        0, 1, unknown=5, what="`pageCount` of a listing without items", because="there is no page with an item"
    )
    list_order: str = _assume(
        "oldest-first", "newest-first", unknown=5,
        what="order by creation when no `sort` is given; releases are documented to be newest first",
        because="a listing that is read page by page then misses no object while others are created",
    )  # fmt: skip
    comma_lists: str = _assume(
        "split", "literal", unknown=6,
        what="`status=a,b` means two values, or one odd one",
        because="the command's help promises comma lists, and sends them as they are",
    )  # fmt: skip
    body_version: str = _assume(
        "both", "number", unknown=8,
        what='a spec body\'s `version` may be `1` and `"1"`, or only `1`', because="the sources show both",
    )  # fmt: skip
    shared_without_tenants: str = _assume(
        "accept", "refuse", unknown=9,
        what="scope `shared` that lists no tenant", because="no rule against it is documented",
    )  # fmt: skip
    tenants_without_shared: str = _assume(
        "accept", "refuse", unknown=9,
        what="tenants listed with another scope", because="the client sends them whatever the scope is",
    )  # fmt: skip
    invisible: int = _assume(
        404, 403, unknown=10,
        what="status for a spec of another tenant that is not shared", because="403 would reveal that it exists",
    )  # fmt: skip
    foreign_change: int = _assume(
        403, 404, unknown=10,
        what="status for changing a spec of another tenant that is visible", because="that it exists is no secret",
    )  # fmt: skip
    delete_spec_with_deployments: str = _assume(
        "refuse", "cascade", "orphan", unknown=11,
        what="refused with 422, deletes them too, or leaves them running",
        because="the call documents 422, which nothing else explains; and it destroys least",
    )  # fmt: skip
    delete_deployment: str = _assume(
        "synchronous", "asynchronous", unknown=12,
        what="gone in the response, or `deleting` for as long as a rollout takes",
        because="tests are faster; the statuses hint at the other, so try both",
    )  # fmt: skip
    delete_while_deploying: str = _assume(
        "accept", "refuse", unknown=12,
        what="deleting during a rollout; a rejection is 422",
        because="a deployment that does not start must be deletable",
    )  # fmt: skip
    second_revision_while_deploying: str = _assume(
        "refuse", "accept", unknown=13,
        what="a second revision during a rollout; a rejection is 409",
        because="the call documents 409, which nothing else explains",
    )  # fmt: skip
    superseded: str = _assume(
        "when-live", "when-created", unknown=13,
        what="a revision is `superseded` when the next is live, or is made",
        because="it runs until then, and a rollback goes back to it",
    )  # fmt: skip
    current_version: str = _assume(
        "live", "requested", unknown=13,
        what="a deployment's `currentVersion` is what runs, or what was asked for last",
        because="that is what the word says",
    )  # fmt: skip
    archived_spec: str = _assume(
        "deployable", "refuse", unknown=14,
        what="deploying a spec that is `archived` or `unavailable`; a rejection is 422",
        because="no rule against it is documented",
    )  # fmt: skip
    unchanged_patch: str = _assume(
        "accept", "refuse", unknown=15,
        what="a metadata patch that changes nothing; a rejection is 422 `No changes detected`",
        because="a patch that is sent twice then has the same result; the client's code hints at a rejection",
    )  # fmt: skip
    patch_tags: str = _assume(
        "replace", "merge", unknown=15,
        what="tags in a patch replace the old ones, or add to them", because="otherwise none could be removed",
    )  # fmt: skip
    patch_tenants: str = _assume(
        "replace", "merge", unknown=15,
        what="tenants in a patch replace the old ones, or add to them", because="as for tags",
    )  # fmt: skip
    run_parameter_patch: str = _assume(
        "in-place", "revision", unknown=16,
        what="patched run parameters change the revision, or make another and roll it out",
        because="the call is documented to return parameters, and no revision",
    )  # fmt: skip
    patched_parameters: str = _assume(
        "checked", "unchecked", unknown=16,
        what="patched run parameters against the declaration of the release", because="the call documents 400",
    )  # fmt: skip
    revision_parameters: str = _assume(
        "keep", "merge", "defaults", unknown=16,
        what="run parameters of a new revision: kept if it gives none, given ones over the old, or only the given ones",
        because="all fields of that body are optional, and a rollout should not undo a patch",
    )  # fmt: skip
    masked_value: str = _assume(
        "********", unknown=17, allowed=ANY_TEXT,
        what="what is shown for a `hideValue` parameter", because="masking is documented, its form is not",
    )  # fmt: skip
    get_parameters_hidden: str = _assume(
        "clear", "masked", unknown=17,
        what="`hideValue` values when the block reads them", because="a block could not run with masked ones",
    )  # fmt: skip
    described_parameters: str = _assume(
        "declaration", "pair", unknown=17,
        what="`parameters.run[]` of a description: the declaration with `value` added, or `{name, value}`",
        because="the list of a spec's description has declarations",
    )  # fmt: skip
    artifact_when_building: str = _assume(
        "required", "optional", unknown=20,
        what="whether an image that is to be built requires an artifact",
        because="the documentation lets a call go without one if it uses an existing image and version",
    )  # fmt: skip
    artifact_limit: int = _assume(
        10 * 2**20, unknown=21, allowed=NUMBER, what="bytes of a zip; more is 413", because="the client's own limit"
    )
    unpacked_limit: int = _assume(
        512 * 2**20, unknown=21, allowed=NUMBER,
        what="bytes of an unpacked zip; more is a zip bomb", because="fifty times the zip's limit",
    )  # fmt: skip
    form_order: str = _assume(
        "documented", "any", unknown=24,
        what="whether the parts of a form must come in the order that the client sends",
        because="a server that reads the parts as they come might fail with another order",
    )  # fmt: skip
    answer_date: str = _assume(
        "clock", "absent", unknown=24,
        what="the header `Date` of a response: by the clock that also gives `createdAt`, or left out",
        because="HTTP requires it of a service with a clock, and the provider recognizes an older block by it",
    )  # fmt: skip
    latest_alias: str = _assume(
        "refuse", "accept", unknown=25,
        what="`latest` in place of a version or revision in a path", because="no source mentions it",
    )  # fmt: skip
    absent_values: str = _assume(
        "omit", "null", unknown=26,
        what="a value that was never given is left out of a response, or null", because="the examples show no null",
    )  # fmt: skip

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Assumptions:
        """Return the defaults with `values` over them. Names may have dashes in place of underscores.

        Raises:
            ValueError: a name is not known, or a value is not allowed; the message has the choices.
        """
        known = {assumption.name: assumption for assumption in describe()}
        parsed: dict[str, Any] = {}
        for given, value in values.items():
            name = given.replace("-", "_")
            if name not in known:
                raise ValueError(f"there is no assumption {given!r}; there are: {', '.join(known)}")
            parsed[name] = known[name].parse(value)
        return cls(**parsed)


def describe() -> Iterator[Assumption]:
    """Return every assumption, in the order of the questions."""
    for item in fields(Assumptions):
        yield Assumption(name=item.name, default=item.default, **item.metadata)  # type: ignore[arg-type]  # All have one.


DEFAULT_TOKENS: Mapping[str, str] = {"token": "tenant"}
"""The token that is accepted by default, and its tenant."""

STALL = 30.0
"""Seconds without a byte after which an incomplete body is rejected with 408."""


@dataclass(frozen=True)
class Settings:
    """How a local Press is set up.

    Args:
        tokens: tenant by token; not shown.
        assumptions: how it behaves where the real service is not known.
        pacing: how long rollouts take without an outcome rule.
        state: folder for the objects; None: they are discarded at the end.
        seed: file with the first objects, or None.
        seed_number: ids and times are derived from it and from the calls; None: random ids, real time.
        stall: seconds without a byte after which an incomplete body is rejected.
        allow_hosts: host names that are accepted on a loopback address besides those of this machine.
    """

    tokens: Mapping[str, str] = field(default_factory=lambda: DEFAULT_TOKENS, repr=False)
    assumptions: Assumptions = field(default_factory=Assumptions)
    pacing: Pacing = AT_ONCE
    state: Path | None = None
    seed: Path | None = None
    seed_number: int | None = None
    stall: float = STALL
    allow_hosts: tuple[str, ...] = ()
