

def encode(inputs: Any) -> dict[str, Any]:
    """The request by the Open Inference Protocol, version 2, for tensors by their names or for rows."""
    return {"inputs": [tensor(name, values) for name, values in by_name(inputs).items()]}


def tensor(name: str, values: Any) -> dict[str, Any]:
    """One input of a request."""
    shape, data = flat(values)
    return {"name": name, "shape": shape, "datatype": SPEC["inputs"][name]["datatype"], "data": data}


def decode(answer: Any) -> dict[str, Any]:
    """The outputs by their names."""
    return {item["name"]: nested(flat(item["data"])[1], item["shape"]) for item in answer["outputs"]}
