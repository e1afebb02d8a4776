"""Tenants: who sees, deploys and changes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"
TOKENS = {"north-token": "north", "south-token": "south", "second north-token": "north"}


@pytest.fixture
def tenants(make_api: Callable[..., Api]) -> tuple[Api, Api]:
    """Give clients of two tenants of one local Press."""
    north = make_api(tokens=TOKENS)
    return north, type(north)(north.press, "south-token", north.session)


@pytest.mark.parametrize(
    ("sharing", "visible"),
    [
        ({"scope": "private"}, False),
        ({"scope": "private", "tenants": ["south"]}, False),
        ({"scope": "public"}, True),
        ({"scope": "shared", "tenants": ["east", "south"]}, True),
        ({"scope": "shared", "tenants": ["east"]}, False),
        ({"scope": "shared"}, False),
    ],
)
def test_scope_decides_who_sees_a_spec(tenants: tuple[Api, Api], sharing: dict[str, Any], visible: bool) -> None:  # noqa: FBT001  (a parameter of the table)
    """What is visible is listed, described and deployed; what is not is 404 and leaves no trace."""
    north, south = tenants
    spec_id = north.make_spec(**sharing)
    seen = [
        south.get(SPECS).json()["specCount"],
        south.get(SPECS + spec_id).status_code,
        south.get(f"{SPECS}{spec_id}/releases").status_code,
        south.get(f"{SPECS}{spec_id}/releases/1.0.0").status_code,
        south.send_deployment(spec_id).status_code,
    ]
    assert seen == ([1, 200, 200, 200, 201] if visible else [0, 404, 404, 404, 404])


def test_only_its_own_tenant_changes_a_spec(tenants: tuple[Api, Api]) -> None:
    """A visible spec of another tenant is 403 for every change; it stays as it is."""
    north, south = tenants
    spec_id = north.make_spec(scope="public")
    before = north.get(SPECS + spec_id).json()
    answers = [
        south.patch(SPECS + spec_id, json={"featured": True}),
        south.delete(SPECS + spec_id),
        south.send_release(spec_id, "2.0.0"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert north.get(SPECS + spec_id).json() == before


def test_names_are_free_in_another_tenant(tenants: tuple[Api, Api]) -> None:
    """Uniqueness ends at the tenant, for specs and for deployments."""
    north, south = tenants
    spec_ids = [api.make_spec("etl") for api in (north, south)]
    assert [api.send_deployment(spec_id).status_code for api, spec_id in zip(tenants, spec_ids, strict=True)] == [
        201,
        201,
    ]


def test_deployments_belong_to_their_tenant(tenants: tuple[Api, Api]) -> None:
    """Another tenant's deployment is 404 for every call, whoever owns its spec."""
    north, south = tenants
    spec_id = north.make_spec(scope="public")
    deployment_id = south.make_deployment(spec_id)
    path = DEPLOYMENTS + deployment_id
    answers = [
        north.get(path),
        north.patch(path, json={"title": "mine"}),
        north.delete(path),
        north.post(f"{path}/redeploy"),
        north.get(f"{path}/revisions"),
        north.revise(deployment_id),
        north.get(f"/v1/deployments/{deployment_id}/parameters/run"),
        north.patch(f"/v1/deployments/{deployment_id}/parameters/run"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert north.get(DEPLOYMENTS).json()["deploymentCount"] == 0
    assert south.get(DEPLOYMENTS).json()["deploymentCount"] == 1


def test_a_spec_with_deployments_of_others_is_not_deleted(tenants: tuple[Api, Api]) -> None:
    """Deployments count, whosever they are."""
    north, south = tenants
    spec_id = north.make_spec(scope="public")
    south.make_deployment(spec_id)
    assert north.delete(SPECS + spec_id).status_code == 422


def test_a_deployment_outlives_the_sharing(tenants: tuple[Api, Api]) -> None:
    """When the spec becomes private again, the deployment works on, but nobody else can deploy it."""
    north, south = tenants
    spec_id = north.make_spec(scope="public")
    deployment_id = south.make_deployment(spec_id)
    north.patch(SPECS + spec_id, json={"scope": "private"})
    assert south.status(deployment_id) == "deployed"
    assert south.revise(deployment_id).status_code == 201
    assert south.send_deployment(spec_id, "other").status_code == 404


def test_two_tokens_of_a_tenant_share_everything(tenants: tuple[Api, Api]) -> None:
    """A token that rotates changes nothing."""
    north, _ = tenants
    spec_id = north.make_spec()
    other = type(north)(north.press, "second north-token", north.session)
    assert other.get(SPECS + spec_id).json() == north.get(SPECS + spec_id).json()


def test_a_session_learns_its_tenant(tenants: tuple[Api, Api]) -> None:
    """The call that the client makes first is answered for a known token, and 401 for others."""
    _, south = tenants
    path = "/tenant-management/api/v1/external/tenants/tenant-metadata"
    answer = south.get(path)
    assert (answer.status_code, answer.json()) == (200, {"tenant": "south"})
    assert south.get(path, headers={"Authorization": "x"}).status_code == 401
