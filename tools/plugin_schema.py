"""The schema of the native plugin, written from the shapes, tables of fields, settings and functions of the code.

Renew it with `python -m tools.plugin_schema`.
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press import schema
from pulumi_press.client.client import Client
from pulumi_press.plugin.functions import ANY, FUNCTIONS
from pulumi_press.plugin.names import to_camel
from pulumi_press.plugin.package import SCHEMA
from pulumi_press.plugin.tokens import DYNAMIC, NATIVE, NATIVE_KINDS, PACKAGE, load_native
from pulumi_press.provider.fields import Effect
from pulumi_press.schema import arguments
from pulumi_press.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_press.plugin.functions import Function

__all__ = ["EXAMPLES", "LANGUAGES", "describe_package", "render", "strip_comment"]

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "native"
"""A folder for each resource, with the same program in each language."""

LANGUAGES = {
    "Pulumi.yaml": ("YAML", "yaml"),
    "__main__.py": ("Python", "python"),
    "index.ts": ("TypeScript", "typescript"),
    "main.go": ("Go", "go"),
}

Json = dict[str, Any]

VARIANTS = {
    "Step": {
        "StandardStep": "`standard`",
        "HttpStep": "`http`",
        "ExportStep": "`export`",
        "SqlStep": "`sql`",
    },
    "BlockConfig": {"WorkflowConfig": "a workflow", "ServiceConfig": "a service"},
    "Condition": {"Condition": "one condition", "Conditions": "several conditions"},
    "StepParameters": {"StepParameters": "a `standard` or `http` step", "SqlParameters": "an `sql` step"},
    "StepRepository": {"Repository": "a `standard` step", "SqlRepository": "an `sql` step"},
}
"""Types whose values come in variants, and what a description calls each.

They are written as one type with the properties of all. Go has no unions of objects, and where a step has a wrong key,
the checker of YAML programs would explain of every variant why it does not fit.
"""

_TEXT = {"type": "string"}
_LISTED = ("BlockSpec", "BlockDeployment")

_DESCRIPTIONS = {
    "BlockSpec": """\
A published workflow or service, with its metadata, scope and releases.

The arguments are those of the SDK's `create_spec`. A change of `metadata`, `featured`, `scope` or `tenants` is made in
place. A change of `config`, of a file of the artifact, of `parameters`, `autoRunOnDeploy` or `release.notes` publishes
a new release; the spec keeps its id. Only another `kind` replaces it.""",
    "BlockSpecRelease": """\
One more release of a spec, in addition to the one that the `BlockSpec` itself publishes.

A release never changes: other content needs a higher version, and becomes a new release. The service cannot delete a
release alone, so it stays until its spec is deleted.""",
    "BlockDeployment": """\
A deployment of a spec, with its revisions and run parameters.

The arguments are those of the SDK's `create_deployment`. A change of `metadata`, or of run parameters alone, is made in
place. A change of the release, of build parameters, of the revision's notes or of `triggers` makes a new revision.
Another spec replaces the deployment.

The resource is there once its revision is live, so whatever depends on it waits for that. A revision that fails fails
the update; the deployment stays in the state, and the next `pulumi up` deploys it again.""",
}

_COMPUTED = {
    "BlockSpec": {"releaseVersion": {**_TEXT, "description": "Version of its release, known in a preview."}},
    "BlockSpecRelease": {"version": {**_TEXT, "description": "Version of the release."}},
    "BlockDeployment": {
        "revisionNumber": {"type": "integer", "description": "Number of the revision, known in a preview."},
        "status": {
            **_TEXT,
            "description": "Status once the revision is live, `deployed` or `warning`; none if `wait` is false.",
        },
    },
}
"""What only the provider knows."""

_ARTIFACT = f"{NATIVE}PublishedArtifact"
_OPTIONAL = ("status",)


def render() -> str:
    """Return the text of the file."""
    return json.dumps(describe_package(), indent=1, ensure_ascii=False) + "\n"


def describe_package() -> Json:
    """Return the schema."""
    types = _Types()
    settings = {setting.name: _setting(setting) for setting in SETTINGS}
    resources = {f"{NATIVE}{kind}": _resource(kind, types) for kind in NATIVE_KINDS}
    types.written[_ARTIFACT] = _published(types.written[f"{NATIVE}Artifact"])
    return {
        "name": PACKAGE,
        "displayName": "Press Blocks",
        "version": "0.0.0",
        "description": "Peak's Press Blocks: specs with their releases, and deployments with their revisions.",
        "keywords": ["pulumi", "peak", "press", "blocks", "category/cloud", "kind/native"],
        "license": "Apache-2.0",
        "attribution": "",
        "config": {"variables": settings},
        "provider": {
            "description": (
                "Settings for the resources that name it. What is not given comes from the environment, not from the "
                "stack's configuration."
            ),
            "inputProperties": settings,
        },
        "resources": resources,
        "functions": {name: _function(function) for name, function in FUNCTIONS.items()},
        "types": dict(sorted(types.written.items())),
        # Not `pulumi_press`: that is this package itself, which Python programs use without a generated SDK.
        "language": {
            "python": {
                "packageName": "pulumi_press_sdk",
                "respectSchemaVersion": True,
                "inputTypes": "classes-and-dicts",
                "pyproject": {"enabled": True},
            },
            "nodejs": {"packageName": "pulumi-press", "respectSchemaVersion": True},
            "go": {
                "importBasePath": "pulumi-press/sdk/go/press",
                "respectSchemaVersion": True,
                "generateResourceContainerTypes": True,
            },
        },
    }


def _setting(setting: Any) -> Json:
    described = dict(setting.schema)
    text = _with_choices(setting.help, described.pop("enum", None))
    if setting.default not in (None, ()):
        text += (
            f" Default `{json.dumps(setting.default)}`."
            if not isinstance(setting.default, str)
            else (f" Default `{setting.default}`.")
        )
    if setting.variables:
        text += f" Else {' or '.join(f'`{name}`' for name in setting.variables)} of the environment."
    return {**described, "description": text, **({"secret": True} if setting.secret else {})}


def _resource(kind: str, types: _Types) -> Json:
    resource = load_native(kind)
    shape = schema.json_schema(getattr(arguments, resource.shape))
    types.definitions.update(shape.get("$defs", {}))
    inputs = {to_camel(name): types.describe(value) for name, value in shape["properties"].items()}
    for field in resource.fields:
        if field.effect is Effect.REPLACE and field.path in shape["properties"]:
            inputs[to_camel(field.path)]["willReplaceOnChanges"] = True
    required = [to_camel(name) for name in shape.get("required", [])]
    outputs = {**inputs, **_COMPUTED[kind]}
    if "artifact" in outputs:
        outputs["artifact"] = {"$ref": f"#/types/{_ARTIFACT}", "description": inputs["artifact"]["description"]}
    known = {*required, *_COMPUTED[kind], *({"release"} if "release" in inputs else ())} - {*_OPTIONAL}
    described = {
        "description": f"{_DESCRIPTIONS[kind]}\n{_examples(kind)}",
        "inputProperties": inputs,
        "requiredInputs": sorted(required),
        "properties": outputs,
        "required": sorted(known),
        # A stack that the dynamic provider made keeps its objects.
        "aliases": [{"type": f"{DYNAMIC}{kind}"}],
    }
    if kind in _LISTED:
        listed = {name: {**_TEXT, "description": f"Only {name}s that begin so."} for name in ("name", "title")}
        described["listInputs"] = {"properties": listed}
    return described


def _examples(kind: str) -> str:
    """Return the examples of a resource, as pages of the registry have them."""
    folder = EXAMPLES / kind
    blocks = [
        f"\n```{mark}\n{strip_comment((folder / file).read_text(encoding='utf-8')).strip()}\n```"
        for file, (_, mark) in LANGUAGES.items()
        if (folder / file).exists()
    ]
    if not blocks:
        return ""
    return (
        "\n{{% examples %}}\n## Example Usage\n{{% example %}}\n"
        + "\n".join(blocks)
        + "\n{{% /example %}}\n{{% /examples %}}\n"
    )


def strip_comment(text: str) -> str:
    """Return a program without the first line, where that says how to run it."""
    first, _, rest = text.partition("\n")
    return rest if first.startswith(("# Run", "// Run", '"""')) else text


def _function(function: Function) -> Json:
    arguments = {**function.required, **function.optional}
    text = inspect.getdoc(getattr(Client, function.method)) or ""
    return {
        "description": text.partition("\n")[0],
        "inputs": {
            "type": "object",
            "properties": {to_camel(name): dict(value) for name, value in arguments.items()},
            "required": sorted(to_camel(name) for name in function.required),
        },
        "outputs": {
            "type": "object",
            "properties": {name: dict(value) for name, value in function.outputs.items()},
            "required": sorted({"items", "values"} & function.outputs.keys()),
        },
    }


def _published(artifact: Json) -> Json:
    """Return the type of an artifact that a release ships: what was given, and what is known of its files."""
    properties = {
        **artifact["properties"],
        "digest": {**_TEXT, "description": "Digest of its names and contents."},
        "files": {
            "type": "object",
            "additionalProperties": _TEXT,
            "description": "Short hash of each file, by its path; none where there are more than 200.",
        },
    }
    return {**artifact, "properties": properties}


class _Types:
    """The types that resources use, each written when it is first met."""

    def __init__(self) -> None:
        self.definitions: Json = {}
        self.written: Json = {}

    def describe(self, shape: Json) -> Json:
        """Return the type of a property, with its description."""
        text = _with_choices(shape.get("description", ""), shape.get("enum"))
        return {**self._type(shape), **({"description": text} if text else {})}

    def _type(self, shape: Json) -> Json:
        if "$ref" in shape:
            return self._refer([shape["$ref"].rpartition("/")[2]])
        if cases := shape.get("oneOf") or shape.get("anyOf"):
            return self._unite(cases)
        if choices := shape.get("enum"):
            return self._unite([{"type": _NAMES[type(choice)]} for choice in choices])
        return self._describe_plain(shape)

    def _describe_plain(self, shape: Json) -> Json:
        match shape.get("type"):
            case "array":
                return {"type": "array", "items": self._type(shape.get("items", {}))}
            case "object":
                members = shape.get("additionalProperties")
                return {
                    "type": "object",
                    "additionalProperties": self._type(members if isinstance(members, dict) else {}),
                }
            case "string" | "number" | "integer" | "boolean" as plain:
                return {"type": plain}
            case _:
                return dict(ANY)

    def _unite(self, cases: list[Json]) -> Json:
        """Return one type for several; objects become one object."""
        if all("$ref" in case for case in cases):
            return self._refer([case["$ref"].rpartition("/")[2] for case in cases])
        types = list(_distinct(map(self._type, cases)))
        return types[0] if len(types) == 1 else {"oneOf": types}

    def _refer(self, names: list[str]) -> Json:
        """Return a reference to the type of a definition, or of several variants."""
        name = next((name for name, variants in VARIANTS.items() if names[0] in variants), names[0])
        variants = VARIANTS.get(name, {name: ""})
        token = f"{NATIVE}{name}"
        if token not in self.written:
            self.written[token] = {}  # It may refer to itself.
            shapes = {self.definitions[variant]["title"]: self.definitions[variant] for variant in variants}
            self.written[token] = self._merge(shapes, variants)
        return {"$ref": f"#/types/{token}"}

    def _merge(self, shapes: Json, labels: Mapping[str, str]) -> Json:
        """Return an object with the properties of several; required is what each of them requires."""
        write = to_camel if "Artifact" in shapes else str
        properties: Json = {}
        for name in dict.fromkeys(name for shape in shapes.values() for name in shape.get("properties", {})):
            found = {key: shape["properties"][name] for key, shape in shapes.items() if name in shape["properties"]}
            properties[write(name)] = self._merge_property(found, labels, shared=len(found) == len(shapes))
            if name in _SECRETS:
                properties[name]["secret"] = True
        required = set.intersection(*(set(shape.get("required", ())) for shape in shapes.values()))
        texts = [shape.get("description", "") for shape in shapes.values()]
        if len(texts) > 1:
            texts = [f"For {label}: {_lower(text)}" for label, text in zip(labels.values(), texts, strict=True)]
        return {
            "type": "object",
            "description": " ".join(texts),
            "properties": properties,
            "required": sorted(map(write, required)),
        }

    def _merge_property(self, found: Json, labels: Mapping[str, str], *, shared: bool) -> Json:
        types = list(_distinct(self._type(shape) for shape in found.values()))
        merged = types[0] if len(types) == 1 else {"oneOf": types}
        if all("const" in shape for shape in found.values()) and len(found) > 1:
            constants = [f"`{shape['const']}`" for shape in found.values()]
            return {**merged, "description": f"One of {', '.join(constants)}. Default {constants[0]}."}
        described = {key: self.describe(shape).get("description", "") for key, shape in found.items()}
        by_text: dict[str, list[str]] = {}
        for key, text in described.items():
            by_text.setdefault(text, []).append(labels[key])
        if shared and len(by_text) == 1:
            text = next(iter(by_text))
        else:
            text = " ".join(f"For {' and '.join(names)}: {_lower(text)}" for text, names in by_text.items())
        return {**merged, "description": text} if text else merged


_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean"}
_SECRETS = ("token",)


def _lower(text: str) -> str:
    """Return a sentence as it goes on after a colon."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _with_choices(text: str, choices: Any) -> str:
    if not choices:
        return text
    words = list(dict.fromkeys(f"`{choice}`" for choice in choices))
    return f"{text} One of {', '.join(words)}.".strip() if len(words) > 1 else text


def _distinct(types: Any) -> Iterator[Json]:
    seen: list[Json] = []
    for item in types:
        if item not in seen:
            seen.append(item)
            yield item


if __name__ == "__main__":
    SCHEMA.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{SCHEMA.name} renewed\n")
