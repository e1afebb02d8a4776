"""Masking: what is secret never stands in the journal, the state or the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["MASK", "hidden_names", "mask", "mask_declaration", "mask_values"]

MASK = "********"
"""What stands for a secret in the control plane, whatever the assumptions say of the API."""

GROUPS = ("build", "run")


def hidden_names(declared: object) -> Iterator[str]:
    """Give the names of the parameters that a release declares with `hideValue`."""
    for group in GROUPS:
        items = declared.get(group) if isinstance(declared, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and item.get("hideValue") is True and isinstance(item.get("name"), str):
                yield item["name"]


def mask_values(values: Mapping[str, Any], hidden: Collection[str], mask_text: str = MASK) -> dict[str, Any]:
    """Mask the values of hidden parameters."""
    return {name: mask_text if name in hidden else value for name, value in values.items()}


def mask_declaration(declaration: Mapping[str, Any], mask_text: str = MASK) -> dict[str, Any]:
    """Mask the default and the options of a parameter declared with `hideValue`."""
    shown = dict(declaration)
    if declaration.get("hideValue") is True:
        if "defaultValue" in shown:
            shown["defaultValue"] = mask_text
        if isinstance(shown.get("options"), list):
            shown["options"] = [
                {**option, "value": mask_text} if isinstance(option, dict) else mask_text for option in shown["options"]
            ]
    return shown


def mask(value: Any, hidden: Collection[str]) -> Any:
    """Mask a body, a config or a declaration of any shape.

    Masked are: values of hidden parameters, by name; defaults and options of parameters declared with `hideValue`; the
    token of a repository.
    """
    if isinstance(value, list):
        return [mask(item, hidden) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {key: mask(item, hidden) for key, item in mask_declaration(value).items()}
    parameters = shown.get("parameters")
    if isinstance(parameters, dict):
        values = {group: mask_values(parameters[group], hidden) for group in GROUPS if _is_dict(parameters.get(group))}
        shown["parameters"] = {**parameters, **values}
    repository = shown.get("repository")
    if isinstance(repository, dict) and "token" in repository:
        repository["token"] = MASK
    return shown


def _is_dict(value: object) -> bool:
    return isinstance(value, dict)
