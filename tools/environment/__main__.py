"""Makes a virtual environment with pip, also where Python came without `ensurepip`. Standard library only.

`python3 tools/environment FOLDER [REQUIREMENT ...]` makes the environment, or completes it, and installs what is asked.
"""

import sys

LEAST = (3, 10)

if __name__ == "__main__":
    if sys.version_info < LEAST:  # Before anything that an older Python cannot read.
        sys.exit("Python {}.{} or later is needed, and {} is {}.{}.".format(*LEAST, sys.executable, *sys.version_info))
    from pathlib import Path

    from making import UnavailableError, make_environment  # type: ignore[import-not-found]  # It lies beside this file.

    if not sys.argv[1:]:
        sys.exit("usage: python3 tools/environment FOLDER [REQUIREMENT ...]")
    try:
        make_environment(Path(sys.argv[1]), sys.argv[2:])
    except UnavailableError as error:
        sys.exit(str(error))
