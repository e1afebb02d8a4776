"""What `pulumi-press report` takes for thousands of resources: `python -m bench.reports`, with the engine on PATH.

The real engine previews a small stack in which all that can change does; each of its events is then copied, under other
names, until the preview has as many resources as asked for. Each report is made by a process of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.previews import record, show_secrets
from bench.process import measure

FORMATS = ("markdown", "html", "json", "table")
COUNTS = (300, 3000)


def main() -> None:
    """Make the previews, measure the reports, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.reports", description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, help="resources (default: %(default)s)")
    counts = parser.parse_args().counts
    recorded = record()
    print(f"{'input':<23} {'resources':>9} {'MB':>5}  {'format':<8} {'seconds':>7} {'of a processor':>14} {'MiB':>4}")
    with tempfile.TemporaryDirectory(prefix="press-bench-") as folder:
        path = Path(folder, "input")
        for count in counts:
            copies = -(-count // recorded.resources)
            log = recorded.write_events(copies)
            inputs = {
                "JSON": recorded.write_document(copies),
                "event log": log,
                "event log with secrets": show_secrets(log),
            }
            for name, text in inputs.items():
                path.write_text(text, encoding="utf-8")
                _report(path, name, recorded.resources * copies)


def _report(path: Path, name: str, resources: int) -> None:
    for format_ in FORMATS:
        made = path.with_name("report")
        command = [sys.executable, "-m", "pulumi_press.cli", "report", str(path)]
        spent = measure([*command, "--format", format_, "--output", str(made)], codes={3})
        print(
            f"{name:<23} {resources:>9} {path.stat().st_size / 1e6:>5.1f}  {format_:<8} {spent.seconds:>7.2f} "
            f"{spent.cpu_seconds:>14.2f} {spent.mib:>4.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
