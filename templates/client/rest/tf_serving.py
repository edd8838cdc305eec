

def encode(inputs: Any) -> dict[str, Any]:
    """The request in the column form of TensorFlow Serving, for tensors by their names or for rows."""
    return {"inputs": by_name(inputs)}


def decode(answer: Any) -> dict[str, Any]:
    """The outputs by their names. The server leaves out the name of a lone one, which the spec may know."""
    outputs = answer["outputs"]
    if isinstance(outputs, dict):
        return outputs
    return {name: outputs for name in SPEC["outputs"] or ["outputs"]}
