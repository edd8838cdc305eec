"""The node of a predictor's graph, which says what its container is."""

from __future__ import annotations

from servespec.deployment.mirrors import place_of
from servespec.emit.quoted import Data, traced
from servespec.runtimes.seldon import IMPLEMENTATIONS, INITIALIZER
from servespec.targets.kube.predictors import Predictor
from servespec.targets.seldon.checking import node_name


def graph(predictor: Predictor) -> dict[str, Data]:
    """The node: a prepackaged server by its name, or else the container that is called like the node.

    One of the two has to be there, or Seldon's webhook refuses the whole ("Can't find container for Predictive Unit").
    """
    deployment = predictor.deployment
    data: dict[str, Data] = {"name": traced(node_name(deployment), "model.name"), "type": "MODEL"}
    if predictor.stored is None:
        return data
    known = IMPLEMENTATIONS.value.get(deployment.model.format)
    if known is not None:
        data["implementation"] = traced(known[0], "model.format")
    if predictor.secret is not None:
        data["envSecretRefName"] = predictor.secret
    return {
        **data,
        "modelUri": traced(predictor.stored, "model.uri"),
        "storageInitializerImage": traced(place_of(INITIALIZER.value, deployment), "fact:seldon.INITIALIZER"),
    }
