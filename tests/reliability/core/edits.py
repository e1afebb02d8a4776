"""Edits of a program, as a person makes them. Each leaves a program that the service takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.reliability.core.plans import Content, DeploymentPlan, Plan, ReleasePlan, SpecPlan, Texts

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

__all__ = ["EDITS", "MOST_SPECS", "edit"]

MOST_SPECS, MOST_RELEASES, MOST_DEPLOYMENTS = 3, 3, 3
TAGS = ("a", "b", "ü")


@dataclass
class Editor:
    """Edits a plan at random.

    Args:
        plan: the program.
        chance: what decides.
        taken: names that blocks have, in the state or on the service, and so may not be given again before an `up`.
    """

    plan: Plan
    chance: random.Random
    taken: set[str]

    def add_spec(self) -> bool:
        """Declare another spec."""
        if len(self.plan.specs) >= MOST_SPECS:
            return False
        number = self.plan.number()
        version = f"{number}.0.0" if self.chance.random() < 0.3 else None
        kind = self.chance.choice(("workflow", "service"))
        self.plan.specs[f"s{number}"] = SpecPlan(self._name(), kind, self._content(), self._texts(), version)
        return True

    def add_release(self) -> bool:
        """Declare another release of a spec."""
        if not self.plan.specs or len(self.plan.releases) >= MOST_RELEASES:
            return False
        number = self.plan.number()
        self.plan.releases[f"r{number}"] = ReleasePlan(self._spec(), number, self._content())
        return True

    def add_deployment(self) -> bool:
        """Declare another deployment."""
        if not self.plan.specs or len(self.plan.deployments) >= MOST_DEPLOYMENTS:
            return False
        number, spec = self.plan.number(), self._spec()
        self.plan.deployments[f"d{number}"] = DeploymentPlan(
            self._name(),
            spec,
            self._release(spec),
            self._texts(),
            self._run(),
            self._build(),
            wait=self.chance.random() < 0.8,
        )
        return True

    def publish(self) -> bool:
        """Change what a spec does."""
        key, spec = self._choose(self.plan.specs)
        # A version that is written out must be raised; a chosen one raises itself.
        version = f"{self.plan.number()}.0.0" if spec.version else None
        self.plan.specs[key] = replace(spec, content=self._content(), version=version)
        self.plan.raise_releases(key)
        return True

    def change_notes(self) -> bool:
        """Change only the notes of a spec's release."""
        key, spec = self._choose(self.plan.specs)
        version = f"{self.plan.number()}.0.0" if spec.version else None
        content = replace(spec.content, notes=f"notes {self.plan.number()}")
        self.plan.specs[key] = replace(spec, content=content, version=version)
        self.plan.raise_releases(key)
        return True

    def change_files(self) -> bool:
        """Change a file of a spec's artifact, and nothing else."""
        key, spec = self._choose(self.plan.specs)
        if not spec.content.files:
            return False
        version = f"{self.plan.number()}.0.0" if spec.version else None
        content = replace(spec.content, files=self._files(self.plan.number()))
        self.plan.specs[key] = replace(spec, content=content, version=version)
        self.plan.raise_releases(key)
        return True

    def leave_version(self) -> bool:
        """Leave the version of a spec to the provider, or write one out."""
        key, spec = self._choose(self.plan.specs)
        if spec.version:
            self.plan.specs[key] = replace(spec, version=None)
            return True
        return False

    def describe_spec(self) -> bool:
        """Change what a PATCH of a spec changes."""
        key, spec = self._choose(self.plan.specs)
        scope = self.chance.choice(("private", "public", "shared"))
        tenants = ("north", "south")[: self.chance.randint(1, 2)] if scope == "shared" else ()
        self.plan.specs[key] = replace(
            spec, texts=self._texts(), scope=scope, tenants=tenants, featured=self.chance.random() < 0.5
        )
        return True

    def rename_spec(self) -> bool:
        """Give a spec another name."""
        key, spec = self._choose(self.plan.specs)
        self.plan.specs[key] = replace(spec, name=self._name())
        return True

    def change_kind(self) -> bool:
        """Make a workflow a service, or the other way round."""
        key, spec = self._choose(self.plan.specs)
        version = f"{self.plan.number()}.0.0" if spec.version else None
        kind = "service" if spec.kind == "workflow" else "workflow"
        self.plan.specs[key] = replace(spec, kind=kind, content=self._content(), version=version)
        self.plan.raise_releases(key, also_published=True)
        return True

    def remove_spec(self) -> bool:
        """Take a spec out, with all that stands on it."""
        key, _ = self._choose(self.plan.specs)
        del self.plan.specs[key]
        self.plan.releases = {other: plan for other, plan in self.plan.releases.items() if plan.spec != key}
        self.plan.deployments = {
            other: plan
            for other, plan in self.plan.deployments.items()
            if plan.spec != key and plan.release not in self._dropped(key)
        }
        return True

    def publish_release(self) -> bool:
        """Change a release that is declared apart from its spec."""
        if not self.plan.releases:
            return False
        key, release = self._choose(self.plan.releases)
        self.plan.releases[key] = replace(release, number=self.plan.number(), content=self._content())
        return True

    def remove_release(self) -> bool:
        """Take a release out; who ran it runs what its spec says."""
        if not self.plan.releases:
            return False
        key, _ = self._choose(self.plan.releases)
        del self.plan.releases[key]
        for other, plan in self.plan.deployments.items():
            if plan.release == key:
                self.plan.deployments[other] = replace(plan, release=plan.spec, notes=self._notes())
        return True

    def describe_deployment(self) -> bool:
        """Change what a PATCH of a deployment changes."""
        return self._redeployed(lambda _: {"texts": self._texts()})

    def rename_deployment(self) -> bool:
        """Give a deployment another name."""
        return self._redeployed(lambda _: {"name": self._name()})

    def change_run(self) -> bool:
        """Change run parameters."""
        return self._redeployed(lambda _: {"run": self._run()})

    def change_build(self) -> bool:
        """Change build parameters."""
        return self._redeployed(lambda _: {"build": self._build()})

    def change_trigger(self) -> bool:
        """Change the revision's notes, and a trigger or not. The notes make it unlike any other revision."""
        return self._redeployed(
            lambda plan: {
                "trigger": self.plan.number() if self.chance.random() < 0.6 else plan.trigger,
                "notes": self._notes(),
            }
        )

    def follow(self) -> bool:
        """Let a deployment run another release of its spec."""
        return self._redeployed(lambda plan: {"release": self._release(plan.spec), "notes": self._notes()})

    def move(self) -> bool:
        """Let a deployment run another spec."""

        def moved(_: DeploymentPlan) -> dict[str, Any]:
            spec = self._spec()
            return {"spec": spec, "release": self._release(spec), "notes": self._notes()}

        return self._redeployed(moved)

    def toggle_wait(self) -> bool:
        """Wait for a rollout, or no longer."""
        return self._redeployed(lambda plan: {"wait": not plan.wait})

    def remove_deployment(self) -> bool:
        """Take a deployment out."""
        if not self.plan.deployments:
            return False
        key, _ = self._choose(self.plan.deployments)
        del self.plan.deployments[key]
        return True

    def _redeployed(self, change: Callable[[DeploymentPlan], dict[str, Any]]) -> bool:
        if not self.plan.deployments:
            return False
        key, deployment = self._choose(self.plan.deployments)
        self.plan.deployments[key] = replace(deployment, **change(deployment))
        return True

    def _dropped(self, spec: str) -> set[str | None]:
        return {spec, *(key for key, release in self.plan.releases.items() if release.spec == spec)}

    def _choose(self, plans: dict[str, Any]) -> tuple[str, Any]:
        return self.chance.choice(list(plans.items()))

    def _spec(self) -> str:
        return self.chance.choice(list(self.plan.specs))

    def _release(self, spec: str) -> str | None:
        of_spec = [key for key, release in self.plan.releases.items() if release.spec == spec]
        return self.chance.choice([None, spec, spec, *of_spec])

    def _name(self) -> str:
        return self.plan.free_name(self.taken | self.plan.names(), self.chance.randrange(1000))

    def _notes(self) -> str:
        """Give notes that make a revision unlike any other, also one that only writes its version out."""
        return f"notes {self.plan.number()}"

    def _texts(self) -> Texts:
        return Texts(
            self.chance.choice(("", "Title", "Größe")),
            self.chance.choice(("", "What it does.\n")),
            tuple(tag for tag in TAGS if self.chance.random() < 0.3),
        )

    def _content(self) -> Content:
        number = self.plan.number()
        return Content(
            number,
            self.chance.choice(("", f"notes {number}")),
            self.chance.random() < 0.2,
            self._files(number) if self.chance.random() < 0.4 else (),
        )

    def _files(self, number: int) -> tuple[tuple[str, bytes], ...]:
        return (("Dockerfile", b"FROM scratch\n"), ("main.py", b"print(%d)\n" % number))

    def _run(self) -> tuple[tuple[str, Any], ...]:
        rows = (("rows", self.plan.number()),) if self.chance.random() < 0.6 else ()
        mode = (("mode", self.chance.choice(("fast", "slow"))),) if self.chance.random() < 0.5 else ()
        return (*rows, *mode)

    def _build(self) -> tuple[tuple[str, Any], ...]:
        return (("size", self.plan.number()),) if self.chance.random() < 0.5 else ()


EDITS = [name for name in vars(Editor) if not name.startswith("_")]


def edit(plan: Plan, name: str, chance: random.Random, taken: set[str]) -> bool:
    """Make an edit; tell whether there was anything to edit."""
    if not plan.specs and name != "add_spec":
        return False
    done: bool = getattr(Editor(plan, chance, taken), name)()
    return done
