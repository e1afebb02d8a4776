"""From a preview of the engine to a report that a reviewer reads."""

from pulumi_press.report.errors import PreviewError
from pulumi_press.report.gate import FailOn, exit_code
from pulumi_press.report.html import render_html
from pulumi_press.report.jsonreport import render_json
from pulumi_press.report.markdown import LIMIT, marker, render_markdown
from pulumi_press.report.reading import read_preview
from pulumi_press.report.report import Change, Drift, Files, Leaf, Message, Outcome, Report, StackReport
from pulumi_press.report.table import render_table

__all__ = [
    "LIMIT",
    "Change",
    "Drift",
    "FailOn",
    "Files",
    "Leaf",
    "Message",
    "Outcome",
    "PreviewError",
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
