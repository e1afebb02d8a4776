"""Requests of an import ahead of their use: several at once, each once, and the blocks still in their order."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from copy import deepcopy
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from pulumi_press.client.errors import PressError
from pulumi_press.client.session import CONNECTIONS
from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_press.client.client import Client
    from pulumi_press.client.responses import Json
    from pulumi_press.peakfiles.file_formats import BlockKind

__all__ = ["ReadAhead"]

Wanted = tuple["BlockKind", str, str]
"""Kind, resource name and id of a block."""


class ReadAhead:
    """A client that remembers what it read, and reads several blocks at once.

    Only the requests run at the same time. The blocks are made of the responses one after the other, since what one
    deployment hides can depend on the releases that were read before it.

    Args:
        client: the client that sends the requests.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = Lock()
        self._responses: dict[tuple[str, ...], Future[Json]] = {}

    def __getattr__(self, name: str) -> Any:
        """Return any other method of the client."""
        return getattr(self._client, name)

    @property
    def client(self) -> Client:
        """Itself, as the client that it stands for."""
        return cast("Client", self)

    def describe_spec(self, spec_id: str) -> Json:
        """Read a spec."""
        return self._read("describe_spec", spec_id)

    def describe_spec_release(self, spec_id: str, version: str) -> Json:
        """Read a release."""
        return self._read("describe_spec_release", spec_id, version)

    def describe_deployment(self, deployment_id: str) -> Json:
        """Read a deployment."""
        return self._read("describe_deployment", deployment_id)

    @contextmanager
    def follow(self, wanted: Sequence[Wanted]) -> Iterator[Iterator[Wanted]]:
        """Offer blocks in their order, each once its responses are there, while those after it are requested.

        At the end of the context, those that were not requested yet are not requested any more.
        """
        pool = ThreadPoolExecutor(CONNECTIONS)
        try:
            yield (item for item, _ in zip(wanted, pool.map(self._request, wanted), strict=True))
        finally:
            pool.shutdown(cancel_futures=True)

    def _request(self, wanted: Wanted) -> None:
        kind, _, id = wanted
        # The same error is raised again where the response is used.
        with suppress(PressError):
            if kind == "release":
                spec_id, _, version = id.partition("/")
                if version and "/" not in version:
                    self.describe_spec_release(spec_id, version)
            elif kind == "spec":
                self._request_release(id, get(self.describe_spec(id), "latestRelease.version"))
            else:
                spec = get(self.describe_deployment(id), "spec")
                self._request_release(get(spec, "id"), get(spec, "release.currentVersion"))

    def _request_release(self, spec_id: Any, version: Any) -> None:
        if isinstance(spec_id, str) and isinstance(version, str):
            self.describe_spec_release(spec_id, version)

    def _read(self, name: str, *arguments: str) -> Json:
        with self._lock:
            known = self._responses.get((name, *arguments))
            future = self._responses.setdefault((name, *arguments), Future())
        if known is None:
            try:
                future.set_result(getattr(self._client, name)(*arguments))
            except BaseException as error:  # noqa: BLE001  # It is raised to all who wait for it.
                future.set_exception(error)
        # Each caller may change what it gets.
        return deepcopy(future.result())
