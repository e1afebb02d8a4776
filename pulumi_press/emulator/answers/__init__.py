"""What every call is answered: the shape of each answer, with how each of its fields is known."""

from pulumi_press.emulator.answers.common import Created, Error, Nothing, Tenant, Validated
from pulumi_press.emulator.answers.deployments import (
    DeploymentItem,
    DeploymentPage,
    DeploymentStatus,
    DescribedDeployment,
    DescribedRevision,
    Executed,
    Redeployed,
    Revised,
    RevisionPage,
    RevisionStatus,
    Values,
)
from pulumi_press.emulator.answers.specs import (
    DescribedRelease,
    DescribedSpec,
    Released,
    ReleasePage,
    SpecItem,
    SpecPage,
)

__all__ = [
    "Created",
    "DeploymentItem",
    "DeploymentPage",
    "DeploymentStatus",
    "DescribedDeployment",
    "DescribedRelease",
    "DescribedRevision",
    "DescribedSpec",
    "Error",
    "Executed",
    "Nothing",
    "Redeployed",
    "ReleasePage",
    "Released",
    "Revised",
    "RevisionPage",
    "RevisionStatus",
    "SpecItem",
    "SpecPage",
    "Tenant",
    "Validated",
    "Values",
]
