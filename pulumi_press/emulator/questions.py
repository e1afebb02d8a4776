"""What the client and its documentation leave open, by number, and what is settled here without a choice."""

from __future__ import annotations

from typing import Final

__all__ = ["FIXED", "QUESTIONS"]

QUESTIONS: Final[dict[int, str]] = {
    1: "status of each success",
    2: "body of an error beyond `detail`",
    3: "status of each mistake",
    4: "rules for names, tags and titles",
    5: "sizes, limits and order of pages",
    6: "spelling of `featured`, comma lists in a query",
    7: "the text `null` in a form",
    8: "type of a spec body's `version`",
    9: "`tenants` and `shared`, one without the other; when a change of scope takes effect",
    10: "what other tenants may do with a public or shared spec",
    11: "deleting a spec that has deployments",
    12: "deleting a deployment: when, and how",
    13: "how statuses move, and when a revision is superseded",
    14: "what `archived` and `unavailable` forbid",
    15: "what a patch merges, replaces and clears",
    16: "what patching run parameters does",
    17: "how hidden values are shown, and the shape of described parameters",
    18: "when `@param:` is replaced",
    19: "`required` against `defaultValue`; whether conditions are enforced",
    20: "which artifact a config demands, and which fields exclude each other",
    21: "limits and features of zips",
    22: "when images are built",
    23: "instance types, storage and secrets",
    24: "rate limits, idempotency, caching, order of a form's parts",
    25: "`latest` in a path",
    26: "fields beyond the examples, and absent values",
    27: "tokens",
}
"""Nobody can know these without asking the real service."""

FIXED: Final[tuple[tuple[int, str], ...]] = (
    (2, "`detail` is one sentence in words of the local Press; `errors` has every mistake, not only the first."),
    (4, "Names and tags are any text that is not empty. Names are compared, and prefixes matched, letter by letter."),
    (5, "Page 0, and a page size of 0, are mistakes. Equal items are listed in the order in which they were made."),
    (6, "`featured` is read in Python's spelling and in JSON's."),
    (7, "The text `null` for `featured` and `autoRunOnDeploy` means that nothing was given, which means false."),
    (
        9,
        "A deployment keeps running when its spec is no longer visible to its tenant. One's own need not be listed.",
    ),
    (10, "Who sees a spec may deploy it. Deployments are visible to their own tenant only."),
    (11, "The name of a deleted spec or deployment is free again as soon as it is gone."),
    (
        12,
        "Deleting a deployment that is being deleted is a success. There are no apps, so no deployment has a `parent`.",
    ),
    (13, "After a rollback the deployment has the status `rollback_complete`, and the revision before is live."),
    (13, "A deployment that is being redeployed is `redeploying`, its revision `deploying`."),
    (13, "A rollout ends well unless an outcome rule says otherwise: nothing else makes it fail, warn or roll back."),
    (14, "Only new deployments may be forbidden: a spec of any status is described, patched, released and deleted."),
    (15, "A field cannot be cleared by null: texts are cleared by an empty text, lists by an empty list."),
    (16, "Nothing runs, so nothing is restarted."),
    (17, "`groups` is always empty: no request has anything that it could come from."),
    (18, "`@param:` stays as it was submitted, whatever name follows. A value is never converted to another type."),
    (19, "A default fills in for a required parameter. `conditions` are for user interfaces: they are not enforced."),
    (
        20,
        "Exactly one of `image`, `imageRef` and `imageDetails`; `sqlQueryPath` or `repository`; `cron` or `webhook`.",
    ),
    (20, "Paths in `dockerfile`, `context` and `sqlQueryPath` are not looked up in the artifact."),
    (21, "Refused in a zip: links, encryption, names twice, names that leave the folder, wrong checksums."),
    (22, "Images are not built, so their versions may repeat."),
    (23, "Every instance type, storage size and secret exists."),
    (24, "No rate limit unless a fault sets one; no ETags, no caching, no CORS. JSON may have 8 MiB."),
    (24, "`x-peak-requestId` is written down but decides nothing: a call that comes twice is done twice."),
    (25, "A revision is its number in digits."),
    (26, "A deployment has one platform resource, named as its spec, with version `0.0.<revision>`."),
    (27, "A token is any text and never expires; its user is `user@<tenant>.example`."),
)
"""Settled without a choice, by number of the question."""
