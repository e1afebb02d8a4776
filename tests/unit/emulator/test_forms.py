"""The multipart form: parts, order and encodings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"


@pytest.fixture
def parts(make_spec_body: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """Give the parts that the client sends when nothing is chosen."""
    return {"spec": make_spec_body("etl"), "featured": None, "scope": "private", "autoRunOnDeploy": None}


def test_null_means_that_nothing_was_given(api: Api, parts: dict[str, Any], make_form: Callable[..., Any]) -> None:
    """The text `null` is taken, and means false."""
    spec_id = api.post(SPECS, files=make_form(parts)).json()["id"]
    described = api.get(SPECS + spec_id).json()
    assert (described["featured"], described["latestRelease"]["autoRunOnDeploy"]) == (False, False)


def test_a_form_of_its_spec_alone_will_do(api: Api, parts: dict[str, Any], make_form: Callable[..., Any]) -> None:
    """Everything but the spec has a default."""
    spec_id = api.post(SPECS, files=make_form({"spec": parts["spec"]})).json()["id"]
    assert api.get(SPECS + spec_id).json()["scope"] == "private"


def test_parts_out_of_order_are_refused(api: Api, parts: dict[str, Any], make_form: Callable[..., Any]) -> None:
    """The documented order is demanded by default, and the answer says what it is."""
    turned = dict(reversed(parts.items()))
    refused = api.post(SPECS, files=make_form(turned))
    assert refused.status_code == 422
    assert refused.json()["detail"] == (
        "The parts must come in the order artifact, spec, featured, scope, autoRunOnDeploy, tenants, parameters, "
        "not autoRunOnDeploy, scope, featured, spec"
    )


def test_any_order_can_be_allowed(
    make_api: Callable[..., Api], parts: dict[str, Any], make_form: Callable[..., Any]
) -> None:
    """With `form_order=any` the order does not matter."""
    turned = dict(reversed(parts.items()))
    api = make_api(assume={"form_order": "any"})
    assert api.post(SPECS, files=make_form(turned)).status_code == 201


def test_unknown_missing_and_repeated_parts_are_told(api: Api, make_form: Callable[..., Any]) -> None:
    """Each part that does not belong is told by its name."""
    sent = [*make_form({"colour": "red", "featured": True}), *make_form({"featured": True})]
    errors = api.post(SPECS, files=sent).json()["errors"]
    assert [(error["path"], error["message"].split(";")[0]) for error in errors] == [
        ("colour", "is not a part of this form"),
        ("featured", "is there more than once"),
        ("spec", "is required"),
    ]


def test_a_release_has_fewer_parts(api: Api, parts: dict[str, Any], make_form: Callable[..., Any]) -> None:
    """Featured and scope belong to a spec, not to a release."""
    spec_id = api.make_spec()
    refused = api.post(f"{SPECS}{spec_id}/releases", files=make_form(parts))
    assert [error["path"] for error in refused.json()["errors"]] == ["featured", "scope"]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("spec", {"{": "is not JSON"}),
        ("spec", {"[]": "must be an object"}),
        ("spec", {'{"a": 1, "a": 2}': "is not JSON: the key 'a' is there twice"}),
        ("featured", {"True": "is not JSON"}),
        ("featured", {"1": "must be true, false or null"}),
        ("tenants", {'"north"': "must be a list"}),
        ("parameters", {"null": "must be an object"}),
        ("parameters", {'{"run": NaN}': "is not JSON: NaN is not JSON"}),
    ],
)
def test_each_part_has_its_encoding(
    api: Api, parts: dict[str, Any], make_form: Callable[..., Any], part: str, told: dict[str, str]
) -> None:
    """A part that is not encoded as it should be is refused by its name."""
    [(text, message)] = told.items()
    sent = [(name, (None, text) if name == part else value) for name, value in make_form({**parts, part: {}})]
    errors = api.post(SPECS, files=sent).json()["errors"]
    assert [error["path"] for error in errors] == [part]
    assert errors[0]["message"].startswith(message)


def test_a_file_where_a_text_belongs_is_refused(api: Api, parts: dict[str, Any], make_form: Callable[..., Any]) -> None:
    """Only the artifact is a file, and only a zip is an artifact."""
    sent = [("artifact", ("a.txt", b"x", "text/plain")), *make_form({**parts, "featured": b"true"})]
    errors = api.post(SPECS, files=sent).json()["errors"]
    assert [(error["path"], error["message"]) for error in errors] == [
        ("artifact", "must be a file of type application/zip"),
        ("featured", "must be a text, not a file"),
    ]


def test_a_body_that_is_no_form_is_refused(api: Api) -> None:
    """JSON in place of the form is 400, and so is a form without a boundary."""
    assert api.post(SPECS, json={}).status_code == 400
    refused = api.post(SPECS, data=b"x", headers={"Content-Type": "multipart/form-data"})
    assert (refused.status_code, refused.json()["detail"].startswith("The form cannot be read")) == (400, True)


def test_a_form_that_is_cut_off_is_refused(api: Api) -> None:
    """A form without its last boundary may lack a part, so it is not taken."""
    body = b'--b\r\nContent-Disposition: form-data; name="spec"\r\n\r\n{}\r\n--b\r\n'
    refused = api.post(SPECS, data=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert (refused.status_code, refused.json()["detail"]) == (400, "The form cannot be read: its end is missing.")
