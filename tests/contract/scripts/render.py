"""Ask the service's own command what it makes of files: those of a table, and the samples that it comes with."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import peak  # type: ignore[import-not-found]  # It runs elsewhere.
from peak.cli import helpers  # type: ignore[import-not-found]


def render(case: dict[str, Any]) -> Any:
    """Return what the command makes of a case."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, text in case["files"].items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        os.environ.update(case.get("environment", {}))
        texts = case.get("texts", {})
        return helpers.template_handler(case["file"], case.get("params_file"), case.get("params", []), texts)


cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
answer = Path(sys.argv[2]).absolute()
samples = Path(peak.__file__).parent / "sample_yaml" / "press" / "blocks"
for sample in sorted(samples.rglob("*.yaml")):
    name = sample.relative_to(samples).as_posix()
    cases[name] = {"file": "block.yaml", "files": {"block.yaml": sample.read_text(encoding="utf-8")}}
answer.write_text(json.dumps({name: {**case, "made": render(case)} for name, case in cases.items()}), encoding="utf-8")
