"""Reports on Pulumi previews: read a preview, render it for a reviewer."""

from pulumi_press.report.model import (
    Change,
    Drift,
    FailOn,
    Files,
    Message,
    Outcome,
    PropertyDiff,
    Report,
    StackReport,
    exit_code,
)
from pulumi_press.report.origin import Origin
from pulumi_press.report.preview import read_preview
from pulumi_press.report.read.operation import PreviewError
from pulumi_press.report.render.html import render_html
from pulumi_press.report.render.json import render_json
from pulumi_press.report.render.markdown import LIMIT, marker, render_markdown
from pulumi_press.report.render.table import render_table

__all__ = [
    "LIMIT",
    "Change",
    "Drift",
    "FailOn",
    "Files",
    "Message",
    "Origin",
    "Outcome",
    "PreviewError",
    "PropertyDiff",
    "Report",
    "StackReport",
    "exit_code",
    "marker",
    "read_preview",
    "render_html",
    "render_json",
    "render_markdown",
    "render_table",
]
