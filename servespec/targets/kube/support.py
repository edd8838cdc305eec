"""What targets for clusters do with the fields of a spec, where their platform is not in the way."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Support, dropped

ON_A_CLUSTER: Mapping[str, Support] = {
    "apiVersion": UNRELATED,
    "name": KEPT,
    "pattern": KEPT,
    "release": KEPT,
    "description": KEPT,
    "owner": KEPT,
    "labels": KEPT,
    "model": KEPT,
    "signature": UNRELATED,
    "runtime": KEPT,
    "image": KEPT,
    "resources": KEPT,
    "probes": KEPT,
    "security": KEPT,
    "security.authorization": dropped("a token is known to one process, and there may be several: none is asked for"),
    **dict.fromkeys(IN_A_CLUSTER, KEPT),
    "connections": KEPT,
    "secrets": KEPT,
    "batch": UNRELATED,
    "variants": KEPT,
    "examples": UNRELATED,
    "environments": KEPT,
    "targets": KEPT,
    "overrides": KEPT,
    "suppress": UNRELATED,
}
"""What holds for each of them."""

BEHIND_A_PLATFORM: Mapping[str, Support] = {
    **ON_A_CLUSTER,
    "network": dropped("the platform leads requests to the pods; who may reach them is the cluster's to say"),
    "optimize": KEPT,
}
"""What holds where a platform makes the pods."""
