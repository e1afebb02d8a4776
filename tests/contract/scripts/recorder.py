"""Call the service's own client and write down what came of it. Runs in the client's own environment.

A script reads its input (JSON) from the file that its first argument names, and writes what it recorded to the second.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Recorder:
    """Records calls by a label of their own, in order.

    ``given`` is the script's input.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.calls: list[dict[str, Any]] = []

    def __call__(self, label: str, method: Any, *args: Any, **options: Any) -> Any:
        """Call a method of the client; return its answer, an iterator's as a list, and None after an error."""
        call: dict[str, Any] = {"label": label, "method": method.__name__}
        self.calls.append(call)
        try:
            answer = method(*args, **options)
            if isinstance(answer, Iterator):
                call["kind"] = "items"
                answer = list(answer)
            elif "return_iterator" in options:
                call["kind"] = "page"
            else:
                call["kind"] = "validated" if options.get("validate") else "answer"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the client said.
            told = error.args[0] if error.args else None
            told = told if isinstance(told, (dict, list, str)) else repr(told)
            call["error"] = {"type": type(error).__name__, "told": told}
            return None
        call["answer"] = answer
        return answer


@contextlib.contextmanager
def recording() -> Iterator[Recorder]:
    """Give a recorder, and write down what it recorded unless the script itself goes wrong."""
    record = Recorder(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    yield record
    Path(sys.argv[2]).write_text(json.dumps(record.calls), encoding="utf-8")
