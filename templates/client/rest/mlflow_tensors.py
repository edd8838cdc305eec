

def encode(inputs: Any) -> dict[str, Any]:
    """The request for tensors by their names or, of a lone one, for its rows."""
    found = by_name(inputs)
    return {"inputs": found if SPEC["named"] else next(iter(found.values()))}


def decode(answer: Any) -> Any:
    """The predictions."""
    return answer["predictions"]
