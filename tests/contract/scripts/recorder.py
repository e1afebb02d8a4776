"""Write down what came of calls, of the real client's as of any other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


class Recorder:
    """Records calls by a label of their own, in order.

    Args:
        given: the script's input.
        connect: makes a client with a token, or with the usual one.
    """

    def __init__(self, given: dict[str, Any], connect: Callable[[str | None], Any]) -> None:
        self.given = given
        self.connect = connect
        self.client = connect(None)
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
