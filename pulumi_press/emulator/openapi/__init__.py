"""The OpenAPI document of a local Press, built from the declarations that it works by."""

from pulumi_press.emulator.openapi.document import build_document

__all__ = ["build_document"]
