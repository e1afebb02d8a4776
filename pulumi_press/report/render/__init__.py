"""A report as text: Markdown, HTML, JSON and a table."""
