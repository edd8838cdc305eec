

def encode(inputs: Any) -> dict[str, Any]:
    """The request by the Open Inference Protocol, version 2, for tensors by their names or for rows."""
    return {"inputs": [tensor(name, values) for name, values in by_name(inputs).items()]}


def tensor(name: str, values: Any) -> dict[str, Any]:
    """One input of a request."""
    shape, data = flat(values)
    datatype = SPEC["inputs"][name]["datatype"]
    return {"name": name, "shape": shape, "datatype": datatype, "data": [number(item) for item in data]}


def number(value: Any) -> Any:
    """A value as the server's JSON has it. Where that knows no NaN, it is null; for infinity there is nothing then."""
    if SPEC["nan"] or not isinstance(value, float) or abs(value) < float("inf"):
        return value
    if value != value:  # NaN alone is not the same as itself
        return None
    raise BadInput(f"there is no JSON for {value}")


def decode(answer: Any) -> dict[str, Any]:
    """The outputs by their names."""
    return {item["name"]: nested(flat(item["data"])[1], item["shape"]) for item in answer["outputs"]}
