"""Render a report as Markdown, HTML, JSON or a table."""
