"""What is wrong with environments and overlays. Start-up: loaded for a mistake."""

from __future__ import annotations

from servespec.deployment.names import as_label
from servespec.diagnostics.types import Diagnostic, Label, error, warning
from servespec.diagnostics.wording import shown, typed
from servespec.spans import Place


def invalid_environment(at: Label, name: str) -> Diagnostic:
    """An environment has a name that can't be that of a folder and of a Kubernetes label.

    A file `serving.<environment>.yaml` beside the spec is an environment too.

    Bad:
    ```yaml
    environments: {Production_EU: {owner: risk-ml}}
    ```
    Good:
    ```yaml
    environments: {production-eu: {owner: risk-ml}}
    ```
    """
    near = typed(as_label(name))
    return error(
        "invalid-environment",
        f"{shown(name)} can't be the name of an environment",
        at,
        help=f"write `{near}`" if near else "use at most 63 of `a-z`, `0-9` and inner `-`, as in `production-eu`",
    )


def fixed_field(at: Label, name: str, *, instead: str) -> Diagnostic:
    """An environment changes a field that is the same for all of them.

    The outputs of all environments lie in one folder of the service's name, and are written together.

    Bad:
    ```yaml
    environments: {staging: {name: fraud-detector-staging}}
    ```
    Good:
    ```yaml
    environments: {staging: {labels: {stage: staging}}}
    ```
    """
    return error(
        "fixed-field",
        f"an environment can't change {shown(name)}",
        at,
        help=instead,
    )


def too_many_environments(at: Label, limit: int) -> Diagnostic:
    """A spec has more environments than anybody deploys to.

    Each is compiled as a spec of its own. The limit keeps a file that was not written by a person from taking the time
    of whoever checks it; nothing is said of the environments themselves.

    Bad:
    ```yaml
    # and so on, more than a hundred times
    environments: {customer-1: {}, customer-2: {}}
    ```
    Good:
    ```yaml
    environments: {small-customers: {}, large-customers: {}}
    ```
    """
    return error(
        "too-many-environments",
        f"a spec has no more than {limit} environments",
        at,
        help="make specs of their own of some, with what they share in the root file's `defaults`",
    )


def nothing_to_delete(place: Place) -> Diagnostic:
    """A `null` in an environment or a variant deletes what lies beneath it, and nothing does.

    Bad:
    ```yaml
    environments: {staging: {owner: null}}
    ```
    Good:
    ```yaml
    owner: risk-ml
    environments: {staging: {owner: null}}
    ```
    """
    return warning(
        "nothing-to-delete",
        "this `null` deletes nothing",
        Label(place.value, "nothing lies beneath it"),
        help="take it out, or write `{}` for a block of which every field has its default",
    )
