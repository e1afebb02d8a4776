"""The functions of the native plugin, which read from the service: each is a method of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.plugin.names import to_camel
from pulumi_press.plugin.tokens import NATIVE
from pulumi_press.provider.metadata import strip_marks
from pulumi_press.schema.failures import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_press.client.client import Client
    from pulumi_press.provider.values import Values

__all__ = ["ANY", "FUNCTIONS", "Function"]

ANY: Mapping[str, Any] = {"$ref": "pulumi.json#/Any"}
_TEXT: Mapping[str, Any] = {"type": "string"}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _TEXT}
_NUMBER: Mapping[str, Any] = {"type": "integer"}
_FLAG: Mapping[str, Any] = {"type": "boolean"}
_MAP: Mapping[str, Any] = {"type": "object", "additionalProperties": ANY}


def _refer(name: str) -> Mapping[str, Any]:
    """Return a type of the schema: a YAML program can read the members of an object, and of nothing else."""
    return {"$ref": f"#/types/{NATIVE}{name}"}


_ITEMS: Mapping[str, Any] = {
    "type": "array",
    "items": _MAP,
    "description": "All that were found, as the service returns them.",
}


class Function(NamedTuple):
    """A function."""

    method: str
    """The client's method; its docstring is the description."""
    required: Mapping[str, Any]
    """Arguments that must be given, in the method's order, with their types as Pulumi's schema has them."""
    optional: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Members of the result. A list is returned as `items`, run parameters as `values`."""

    def find_failures(self, arguments: Values) -> Iterator[str]:
        """Yield what is wrong with the names of the arguments."""
        known = [*self.required, *self.optional]
        for name in self.required:
            if name not in arguments:
                yield f"{to_camel(name)}: is required"
        for name in arguments:
            if name not in known:
                yield f"{to_camel(name)}: is not a known argument{suggest(to_camel(name), map(to_camel, known))}"

    def call(self, client: Client, arguments: Values) -> Values:
        """Read from the service; return the members of the result."""
        named = dict(arguments)
        positional = [named.pop(name) for name in self.required]
        found = getattr(client, self.method)(*positional, **named)
        if "items" in self.outputs:
            return {"items": strip_marks(list(found))}
        if "values" in self.outputs:
            return {"values": found}
        return {name: value for name, value in strip_marks(dict(found)).items() if name in self.outputs}


_SPEC = {"spec_id": {**_TEXT, "description": "Id of the spec."}}
_DEPLOYMENT = {"deployment_id": {**_TEXT, "description": "Id of the deployment."}}
_FILTER = {
    "status": {**_TEXTS, "description": "Only these statuses."},
    "name": {**_TEXT, "description": "Only names that begin so."},
    "title": {**_TEXT, "description": "Only titles that begin so."},
    "sort": {**_TEXTS, "description": "Order, such as `name:asc`."},
}
_SORT = {"sort": _FILTER["sort"]}
_BLOCK = {
    "id": {**_TEXT, "description": "Its id."},
    "metadata": {**_MAP, "description": "Name, title, status and other texts."},
}
_VALUES = {**_refer("ParameterValues"), "description": "Its parameters, `build` and `run`."}
_RUNS = {**_refer("DeploymentSpec"), "description": "The spec and the release that it runs."}

FUNCTIONS: Mapping[str, Function] = {
    f"{NATIVE}{name}": function
    for name, function in {
        "getSpec": Function(
            "describe_spec",
            _SPEC,
            {},
            {
                **_BLOCK,
                "kind": {**_TEXT, "description": "`workflow` or `service`."},
                "parameters": {**_refer("Parameters"), "description": "What its latest release asks for."},
                "latestRelease": {**_MAP, "description": "Its latest release."},
                "scope": {**_TEXT, "description": "Who may find and deploy it."},
                "featured": {**_FLAG, "description": "Whether it is featured."},
                "tenants": {**_TEXTS, "description": "Tenants that it is shared with."},
            },
        ),
        "listSpecs": Function(
            "list_specs",
            {},
            {
                **_FILTER,
                "featured": {**_FLAG, "description": "Only featured ones, or only others."},
                "scope": {**_TEXTS, "description": "Only these scopes."},
            },
            {"items": _ITEMS},
        ),
        "getSpecRelease": Function(
            "describe_spec_release",
            {**_SPEC, "version": {**_TEXT, "description": "Version of the release."}},
            {},
            {
                "config": {**_refer("BlockConfig"), "description": "What it does."},
                "parameters": {**_refer("Parameters"), "description": "What it asks for."},
                "notes": {**_TEXT, "description": "What changed."},
                "autoRunOnDeploy": {**_FLAG, "description": "Whether it runs once whenever it is deployed."},
                "artifact": {**_MAP, "description": "Where its files can be downloaded."},
            },
        ),
        "listSpecReleases": Function("list_spec_releases", _SPEC, _SORT, {"items": _ITEMS}),
        "getDeployment": Function(
            "describe_deployment",
            _DEPLOYMENT,
            {},
            {
                **_BLOCK,
                "spec": _RUNS,
                "parameters": _VALUES,
                "latestRevision": {**_MAP, "description": "Its latest revision, with status and resources."},
            },
        ),
        "listDeployments": Function("list_deployments", {}, _FILTER, {"items": _ITEMS}),
        "getDeploymentRevision": Function(
            "describe_deployment_revision",
            {**_DEPLOYMENT, "revision": {**_NUMBER, "description": "Number of the revision."}},
            {},
            {
                "revision": {**_NUMBER, "description": "Its number."},
                "status": {**_TEXT, "description": "Its status."},
                "notes": {**_TEXT, "description": "What was said of it."},
                "spec": _RUNS,
                "parameters": _VALUES,
                "resources": {**ANY, "description": "What runs for it, with errors."},
            },
        ),
        "listDeploymentRevisions": Function(
            "list_deployment_revisions", _DEPLOYMENT, {"status": _FILTER["status"], **_SORT}, {"items": _ITEMS}
        ),
        "getParameters": Function(
            "get_parameters",
            _DEPLOYMENT,
            {},
            {"values": {**_MAP, "description": "The run parameters, by name."}},
        ),
    }.items()
}
"""Token -> function."""
