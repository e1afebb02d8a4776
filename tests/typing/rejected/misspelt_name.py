"""A function that there is not, of the package itself."""

import pulumi_press as press

specs = press.get_specs()  # error
