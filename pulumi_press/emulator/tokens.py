"""The tokens of the command, from wherever they come. No message repeats one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["pair", "read_tokens"]


def read_tokens(given: Sequence[str], variables: Sequence[str], files: Sequence[str]) -> dict[str, str]:
    """Give the tenants by token.

    Args:
        given: pairs of a token and its tenant.
        variables: pairs of an environment variable that holds a token, and its tenant.
        files: pairs of a file that holds a token, and its tenant.

    Raises:
        ValueError: a pair is none, or there is no token where it is said to be; the message says what to do.
    """
    tokens: dict[str, str] = {}
    for token, tenant in [*_given(given), *_from_environment(variables), *_from_files(files)]:
        if tokens.setdefault(token, tenant) != tenant:
            raise ValueError(f"one token is given for two tenants, {tokens[token]} and {tenant}; give each its own")
    return tokens


def pair(text: str, option: str, form: str, *, last: bool = False) -> tuple[str, str]:
    """Split what an option takes at its equals sign.

    Args:
        text: what was given; it may be a token, and is not repeated.
        option: the option.
        form: what it takes, for the message.
        last: whether the last equals sign counts: a token may have some of its own, a tenant has none.

    Raises:
        ValueError: it is no pair.
    """
    left, sign, right = text.rpartition("=") if last else text.partition("=")
    if not (left and sign and right):
        raise ValueError(f"{option} takes {form}")
    return left, right


def _given(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in given:
        yield pair(text, "--token", "TOKEN=TENANT", last=True)


def _from_environment(variables: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in variables:
        name, tenant = pair(text, "--token-env", "VARIABLE=TENANT", last=True)
        yield _checked(os.environ.get(name, ""), f"the environment variable {name} of --token-env"), tenant


def _from_files(files: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in files:
        name, tenant = pair(text, "--token-file", "FILE=TENANT", last=True)
        where = f"the file {name} of --token-file"
        try:
            token = Path(name).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise ValueError(f"{where} cannot be read: {reason}") from None
        yield _checked(token.removesuffix("\n").removesuffix("\r"), where), tenant


def _checked(token: str, where: str) -> str:
    if not token:
        raise ValueError(f"{where} has no token; write one into it, alone")
    if not (token.isascii() and token.isprintable() and token == token.strip()):
        raise ValueError(f"{where} has more than a token: a line break, a space at an end, or what no header can carry")
    return token
