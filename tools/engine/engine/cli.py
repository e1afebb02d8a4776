"""The command line of this tool."""

import argparse
import os
import signal
import sys

from .cache import locate_cache
from .errors import EngineUnavailableError
from .pins import CLI_VERSION, HOST_VERSION, YAML_VERSION
from .provide import find_engine, provide_engine
from .yaml import find_yaml_host, provide_yaml_host

_EXIT_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Print the folders of a Pulumi engine, joined as on PATH; return the exit code, 1 when there is none."""
    parser = argparse.ArgumentParser(
        prog="python3 tools/engine",
        description='Prints the folder of a Pulumi engine, two with --yaml: PATH="$(python3 tools/engine):$PATH". '
        "It takes the engine on PATH if that is whole and new enough, else the one it made before, else makes one: "
        f"CLI {CLI_VERSION} and Python language host {HOST_VERSION} from Go modules (some minutes, once) "
        "with the Go on PATH or that of PyPI, "
        f"or CLI {CLI_VERSION} by the official installer. What it makes stays in {locate_cache()} "
        "(PULUMI_PRESS_ENGINE_CACHE names another folder).",
    )
    parser.add_argument("--check", action="store_true", help="make nothing: say which engine there is; exit 1 if none")
    parser.add_argument(
        "--yaml",
        action="store_true",
        help=f"also find or build the language host of YAML programs ({YAML_VERSION}, some minutes, once)",
    )
    options = parser.parse_args(arguments)
    # A job that is cancelled stops Go and clears away what is half made, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        engine = find_engine() if options.check else provide_engine()
        folders = [engine.folder]
        if options.yaml:
            folders.append(find_yaml_host(engine) if options.check else provide_yaml_host(engine))
    except EngineUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted: nothing was kept.", file=sys.stderr)
        return _EXIT_INTERRUPTED
    if options.check:
        print(f"pulumi {engine.version} in {engine.folder}, {engine.origin}")
        for folder in folders[1:]:
            print(f"pulumi-language-yaml in {folder}")
    else:
        print(os.pathsep.join(dict.fromkeys(map(str, folders))))
    return 0
