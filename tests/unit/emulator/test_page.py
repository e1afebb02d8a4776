"""The pages: `/`, those of a spec, a deployment and a file, and the calls."""

from __future__ import annotations

import json
import socket
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

SPECS = "/_emulator/specs/"
DEPLOYMENTS = "/_emulator/deployments/"
CALLS = "/_emulator/calls"
NASTY = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ 7 * 7 }}{% raw %}</textarea>",
    "right \u202eto\u2066left\u200f",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U0001f469\u200d\U0001f680\U0001f1eb\U0001f1ee e\u0301",
    "x" * 1_000,
    "&amp;&lt;b&gt;",
)


class _Reader(HTMLParser):
    """Collects the text, the tags, and the targets of the links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if data.strip():
            self.text.append(" ".join(data.split()))

    @property
    def words(self) -> str:
        """All text."""
        return " ".join(self.text)

    @property
    def links(self) -> list[str]:
        """Where the links lead."""
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]


def _get(api: Api, path: str, status: int = 200) -> _Reader:
    answer = requests.get(api.press.url + path, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    page = _Reader(answer.text)
    scripts = [attrs for tag, attrs in page.tags if tag in {"script", "style", "img", "iframe"}]
    assert scripts == [{"src": "/_emulator/page.js", "defer": None}]
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.tags for name in attrs)
    return page


def test_an_empty_page_says_what_will_be_there(api: Api) -> None:
    """Nothing stored yet is told in words, not by empty lists."""
    page = _get(api, "/")
    assert "No spec is published yet. A spec shows here with its releases." in page.text
    assert "Nothing is deployed yet. A deployment shows here with its revisions." in page.text
    assert "No call yet." in page.text
    assert "No call yet." in _get(api, CALLS).text


def test_the_overview_shows_specs_deployments_and_the_latest_calls(
    api: Api, make_zip: Callable[..., bytes], run_parameters: dict[str, Any]
) -> None:
    """Names, versions, statuses and errors are there, and each call leads to what it changed."""
    spec_id = api.make_spec(parameters=run_parameters, artifact=make_zip({"a": "1"}))
    api.make_release(spec_id, "1.1.0", parameters=run_parameters)
    api.press.outcomes({"status": "failed", "errors": [{"code": 137, "message": "out of memory"}]})
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"rounds": 3, "password": "hush"}})
    api.revise(deployment_id)
    page = _get(api, "/")
    for expected in ("etl", "1.1.0", "train", "prod", "failed", "137: out of memory", "/v1/blocks/deployments/"):
        assert expected in page.words
    assert [word for word in page.text if word in {"deploying", "failed"}] == ["failed", "deploying", "failed"]
    assert {
        f"{SPECS}{spec_id}",
        f"{SPECS}{spec_id}?release=1.1.0#chosen",
        f"{DEPLOYMENTS}{deployment_id}",
        f"{DEPLOYMENTS}{deployment_id}?revision=2#chosen",
    } <= set(page.links)
    assert "changed revision 2 of prod" in page.words


def test_a_spec_has_a_page(api: Api, make_zip: Callable[..., bytes], run_parameters: dict[str, Any]) -> None:
    """Its metadata, releases, config, declared parameters, files, deployments and calls are there."""
    metadata = {"title": "Nightly", "description": "Long\ntext", "tags": [{"name": "sales"}]}
    zipped = make_zip({"main.py": "print()", "lib/load.py": "x = 1"})
    spec_id = api.make_spec(parameters=run_parameters, artifact=zipped, metadata=metadata)
    api.make_release(spec_id, "1.1.0")
    api.make_deployment(spec_id)
    page = _get(api, f"{SPECS}{spec_id}?release=1.0.0")
    for expected in ("Nightly", "Long text", "sales", "Release 1.0.0", "1.1.0", "python main.py", "rounds", "required"):
        assert expected in page.words
    assert {"main.py", "lib/load.py", "7 B", "5 B", "prod"} <= set(page.text)
    assert "This release has no artifact." in _get(api, f"{SPECS}{spec_id}").text
    assert "changed release 1.1.0 of etl" in page.words


def test_a_deployment_has_a_page(api: Api, make_zip: Callable[..., bytes], run_parameters: dict[str, Any]) -> None:
    """Its revisions, the parameters of one, the config and files of its release, and its calls are there."""
    spec_id = api.make_spec(parameters=run_parameters, artifact=make_zip({"main.py": "print()"}))
    values = {"run": {"rounds": 3, "password": "hush"}}
    deployment_id = api.make_deployment(spec_id, parameters=values, revision={"notes": "The first"})
    api.revise(deployment_id)
    page = _get(api, f"{DEPLOYMENTS}{deployment_id}?revision=1")
    for expected in ("Revision 1", "Revision 2", "The first", "superseded", "rounds 3", "mode AVG default", "main.py"):
        assert expected in page.words
    assert "password ********" in page.words
    assert f"{SPECS}{spec_id}" in page.links
    assert f"{DEPLOYMENTS}{deployment_id}?revision=2#chosen" in page.links
    other = api.make_deployment(spec_id, "other", parameters=values)
    assert [entry for entry in _get(api, f"{DEPLOYMENTS}{other}").text if entry == "/v1/blocks/deployments/"] == [
        "/v1/blocks/deployments/"
    ]


def test_what_differs_between_two_releases_is_shown(api: Api, make_zip: Callable[..., bytes]) -> None:
    """Config, declared parameters and files, line by line; by default between the two newest."""
    config = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python main.py --fast"}}}
    spec_id = api.make_spec(artifact=make_zip({"main.py": "a\nb\nc\n", "old.txt": "", "same": "1", "bin": b"\0"}))
    declared = {"run": [{"name": "rounds", "type": "number", "required": False}]}
    files = {"main.py": "a\nB\nc\n", "new.txt": "", "same": "1", "bin": b"\0\1"}
    api.make_release(spec_id, "1.1.0", config=config, parameters=declared, artifact=make_zip(files))
    api.make_release(spec_id, "1.2.0", config=config, parameters=declared, artifact=make_zip(files))
    page = _get(api, f"{SPECS}{spec_id}?from=1.0.0&to=1.1.0")
    assert {'- "command": "python main.py",', '+ "command": "python main.py --fast",'} <= set(page.text)
    assert {"- b", "+ B", '+ "name": "rounds",'} <= set(page.text)
    assert "new.txt file added" in page.words
    assert "old.txt file removed" in page.words
    assert "bin file changed; it is no text, or too long to be compared" in page.words
    assert not any(text.startswith(("- c", "+ a", "same")) for text in page.text[page.text.index("Compare") :])
    assert "They are equal." not in page.text
    newest = _get(api, f"{SPECS}{spec_id}")
    assert "- 1.1.0" not in newest.text
    assert "- b" not in newest.text


def test_what_differs_between_two_revisions_is_shown(
    api: Api, make_zip: Callable[..., bytes], run_parameters: dict[str, Any]
) -> None:
    """Parameters, the release, and what differs in it; a hidden value that differs is told without either value."""
    spec_id = api.make_spec(parameters=run_parameters, artifact=make_zip({"main.py": "a\n"}))
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"rounds": 3, "password": "hush"}})
    assert "There is one revision only" in _get(api, DEPLOYMENTS + deployment_id).words
    api.make_release(spec_id, "1.1.0", parameters=run_parameters, artifact=make_zip({"main.py": "b\n"}))
    api.revise(deployment_id, parameters={"run": {"rounds": 4, "password": "HUSH"}})
    page = _get(api, DEPLOYMENTS + deployment_id)
    assert {'- "rounds": 3', '+ "rounds": 4', "- a", "+ b", "- 1.0.0", "+ 1.1.0"} <= set(page.text)
    assert '+ "password": "******** (another value)",' in page.text
    assert "hush" not in page.words.lower()
    assert "They are equal." in _get(api, f"{DEPLOYMENTS}{deployment_id}?from=2&to=2").text


def test_a_long_text_is_not_compared_line_by_line(api: Api, make_zip: Callable[..., bytes]) -> None:
    """The comparison would take longer than anybody waits."""
    spec_id = api.make_spec(artifact=make_zip({"a.txt": "a\n" * 2_000}))
    api.make_release(spec_id, "1.1.0", artifact=make_zip({"a.txt": "b\n" * 2_000}))
    assert "too long to be compared: 2000 lines before, 2000 after" in _get(api, SPECS + spec_id).words


def test_many_files_are_not_all_compared_line_by_line(api: Api, make_zip: Callable[..., bytes]) -> None:
    """Of those beyond twenty, or beyond some thousand lines, the names are there."""
    for name, count, lines in (("many", 30, 1), ("long", 8, 800)):
        old, new = ({f"{number}.py": f"{word}\n" * lines for number in range(count)} for word in "ab")
        spec_id = api.make_spec(name, artifact=make_zip(old))
        api.make_release(spec_id, "1.1.0", artifact=make_zip(new))
        words = _get(api, SPECS + spec_id).words
        assert words.count("file changed") == {"many": 10, "long": 6}[name]


def test_a_file_of_an_artifact_is_shown(api: Api, make_zip: Callable[..., bytes]) -> None:
    """Its text is there as it is, whatever its name; what is no text is told."""
    name = "a b/<i>&?#%\u202e.txt"
    files = {name: "\n<script>x</script>\n", "bin": b"\0\1", "big": "x" * 300_000, "latin": b"\xe9", "empty": ""}
    spec_id = api.make_spec(artifact=make_zip(files))
    api.make_spec("other", artifact=make_zip({"b": "2"}))
    page = _get(api, SPECS + spec_id)
    paths = [link for link in page.links if "/file?path=" in link]
    shown = {path: _get(api, path) for path in paths}
    assert len(paths) == len(files)
    assert "<script>x</script>" in shown[next(path for path in paths if "%26" in path)].text
    for word in ("bin", "big", "latin"):
        assert (
            "This file is no text, or too long to be shown." in shown[next(p for p in paths if p.endswith(word))].text
        )
    assert "This file is empty." in shown[next(path for path in paths if path.endswith("empty"))].text
    artifact = paths[0].partition("?")[0]
    assert "The artifact has no file" in _get(api, f"{artifact}?path=../x", 404).words
    assert "The artifact has no file" in _get(api, artifact, 404).words
    assert "There is no artifact" in _get(api, "/_emulator/artifacts/none/file?path=a", 404).words


@pytest.mark.parametrize("name", NASTY)
def test_what_people_wrote_is_only_text(
    make_api: Callable[..., Api], make_zip: Callable[..., bytes], name: str
) -> None:
    """Names, texts, parameters, notes and files with anything in them are shown, and do nothing; see `_get`."""
    api = make_api()
    declared = {"run": [{"name": name[:60], "type": "string", "required": False, "description": name}]}
    config = {"steps": {"train": {"imageDetails": {"id": 1}, "command": f"run {name}"}}}
    metadata = {"title": name, "summary": name, "description": name}
    spec_id = api.make_spec(
        name, metadata=metadata, parameters=declared, config=config, artifact=make_zip({"a.txt": name})
    )
    api.make_release(spec_id, "1.1.0", parameters=declared, artifact=make_zip({"a.txt": "b"}))
    values = {"run": {name[:60]: name}}
    deployment_id = api.make_deployment(
        spec_id, name, metadata={"name": name, **metadata}, parameters=values, revision={"notes": name}
    )
    api.press.outcomes({"status": "failed", "errors": [{"code": 1, "message": name}]})
    api.revise(deployment_id, parameters={"run": {name[:60]: name + "2"}})
    api.get(f"/v1/{quote(name)}?{quote(name)}")
    seen = "".join(f"\\u{ord(char):04x}" if char in "\u202e\u2066\u200f" else char for char in name)
    for path in ("/", SPECS + spec_id, DEPLOYMENTS + deployment_id, CALLS):
        page = _get(api, path)
        assert seen in page.text
        assert not set(page.words) & set("\u202e\u2066\u200f")


def test_lists_are_filtered_by_tenant_kind_and_name(make_api: Callable[..., Api]) -> None:
    """A filter leaves what has all that was chosen, and the calls of the tenant."""
    api = make_api(tokens={"n": "north", "s": "south"})
    for token, kind, name in (("n", "workflow", "Load"), ("n", "service", "web"), ("s", "workflow", "load-south")):
        api.token = token
        api.make_deployment(api.make_spec(name, kind=kind), f"{name}-live")

    def names(query: str) -> list[str]:
        known = {"Load", "web", "load-south"}
        page = _get(api, f"/?{query}")
        specs = page.text[: page.text.index("Latest calls")]
        return [text for text in specs[specs.index("Specs") :] if text in known]

    assert names("") == ["load-south", "web", "Load"]
    assert names("tenant=north") == ["web", "Load"]
    assert names("kind=workflow") == ["load-south", "Load"]
    assert names("name=LOAD&tenant=north&kind=workflow") == ["Load"]
    page = _get(api, "/?tenant=nobody")
    assert {"No spec is left by the filter.", "No deployment is left by the filter.", "No call yet."} <= set(page.text)
    assert [text for text in _get(api, f"{CALLS}?tenant=south").text if text in ("/v1/blocks/specs/", "1")] == [
        "/v1/blocks/specs/"
    ]


def test_long_lists_have_parts(api: Api) -> None:
    """Each part has 25 items, and leads to the next and the one before, with the filter kept."""
    for number in range(60):
        api.make_spec(f"etl-{number:02}")
    first, second, last = (_get(api, f"/?kind=workflow&specs={part}") for part in ("1", "2", "999"))
    assert [[text for text in page.text if text.startswith("etl-")][:25] for page in (first, second)] == [
        [f"etl-{number:02}" for number in range(start, start - 25, -1)] for start in (59, 34)
    ]
    assert "2 of 3" in second.text
    assert {"?kind=workflow&specs=1#specs", "?kind=workflow&specs=3#specs"} <= set(second.links)
    assert ("3 of 3" in last.text, "etl-00" in last.text, "etl-10" in last.text) == (True, True, False)
    assert "1 of 3" in _get(api, "/?specs=x").text


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (f"{SPECS}none", "There is no spec none."),
        (f"{DEPLOYMENTS}none", "There is no deployment none."),
        ("{spec}?release=9.9.9", "The spec has no release 9.9.9."),
        ("{spec}?from=1.0.0&to=9.9.9", "The spec has no release 9.9.9."),
        ("{deployment}?revision=7", "The deployment has no revision 7."),
        ("{deployment}?revision=x", "The deployment has no revision x."),
    ],
)
def test_what_is_not_there_is_told(api: Api, path: str, message: str) -> None:
    """With 404, on a page that leads back."""
    spec_id = api.make_spec()
    api.make_release(spec_id, "1.1.0")
    deployment_id = api.make_deployment(spec_id)
    path = path.format(spec=SPECS + spec_id, deployment=DEPLOYMENTS + deployment_id)
    page = _get(api, path, 404)
    assert message in page.words
    assert "/" in page.links


def test_a_spec_that_was_deleted_is_gone(api: Api) -> None:
    """Its page is not there any more, and its calls say so."""
    spec_id = api.make_spec()
    api.delete(f"/v1/blocks/specs/{spec_id}")
    _get(api, SPECS + spec_id, 404)
    assert f"spec {spec_id} , which is gone" in _get(api, "/").words


def test_the_calls_have_their_bodies(api: Api, make_zip: Callable[..., bytes]) -> None:
    """A body and the parts of a form can be looked at, with the fault that applied."""
    api.press.faults({"match": {"method": "PATCH"}, "then": {"status": 503}})
    spec_id = api.make_spec(artifact=make_zip({"a": "1"}))
    api.patch(f"/v1/blocks/specs/{spec_id}", json={"featured": True})
    api.post("/v1/blocks/deployments/", json={"x": "y" * 30_000})
    page = _get(api, CALLS)
    assert "artifact.zip" in page.words
    assert "fault rule 1" in page.words
    assert "10,0" in page.words.partition("more characters")[0][-10:]
    assert max(map(len, page.text)) < 21_000


def test_a_call_without_an_answer_is_told_from_one_that_has_none_yet(api: Api) -> None:
    """The first was dropped; of the other, the body has not come."""
    api.press.faults({"match": {"method": "DELETE"}, "then": {"drop": True}})
    with pytest.raises(requests.ConnectionError):
        api.delete("/v1/blocks/specs/x")
    address = urlsplit(api.press.url)
    with socket.create_connection((str(address.hostname), address.port or 0)) as connection:
        head = ("POST /v1/blocks/deployments/ HTTP/1.1", "Host: localhost", "Authorization: token", "Content-Length: 9")
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        while len(api.press.requests()) < 2:
            pass
        shown = _get(api, "/").text
    assert [text for text in shown if text in ("under way", "no answer")] == ["under way", "no answer"]


def test_the_pages_answer_to_reads_only(api: Api) -> None:
    """They change nothing, and leave no trace in the log."""
    spec_id = api.make_spec()
    api.press.clear_requests()
    for path in ("/", CALLS, SPECS + spec_id, "/_emulator/page.js", "/_emulator/page.css", "/_emulator/icon.svg"):
        assert requests.post(api.press.url + path, timeout=30).status_code == 405
        head = requests.head(api.press.url + path, timeout=30)
        assert (head.status_code, head.text) == (200, "")
    assert api.press.requests() == []


def test_the_pages_read_no_rollout(make_api: Callable[..., Api]) -> None:
    """Looking at them is not among the reads that a rollout waits for; by time it goes on."""
    api = make_api(rollout="reads:2")
    deployment_id = api.make_deployment(api.make_spec())
    for path in ("/", DEPLOYMENTS + deployment_id) * 3:
        assert "deployed" not in _get(api, path).text
    timed = make_api(rollout="seconds:5", seed_number=1)
    deployment_id = timed.make_deployment(timed.make_spec())
    assert "deployed" not in _get(timed, DEPLOYMENTS + deployment_id).text
    timed.press.advance(5)
    assert "deployed" in _get(timed, DEPLOYMENTS + deployment_id).text


def test_values_of_any_type_are_shown_as_json(api: Api) -> None:
    """Lists, objects, numbers and texts of parameters are told apart."""
    types = {"a": "string_array", "b": "object", "c": "boolean", "d": "string"}
    declared = {"run": [{"name": name, "type": kind, "required": False} for name, kind in types.items()]}
    values = {"a": ["x"], "b": {"k": 1}, "c": True, "d": "true"}
    deployment_id = api.make_deployment(api.make_spec(parameters=declared), parameters={"run": values})
    words = _get(api, DEPLOYMENTS + deployment_id).words
    assert " ".join(json.dumps(values["b"], indent=2).split()) in words
    assert 'a [ "x" ]' in words
    assert "c true d true" in words
