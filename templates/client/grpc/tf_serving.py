

def encode(inputs: Any) -> Any:
    """The message of TensorFlow Serving, for tensors by their names or for rows."""
    return message(by_name(inputs))


def message(tensors: dict[str, Any]) -> Any:
    """The message for tensors that fit."""
    request = MESSAGES["PredictRequest"](model_spec={"name": SPEC["model"]})
    for name, values in tensors.items():
        shape, data = flat(values)
        datatype = SPEC["inputs"][name]["datatype"]
        number, field = SPEC["types"][datatype]
        sizes = {"dim": [{"size": size} for size in shape]}
        try:
            tensor = {"dtype": number, "tensor_shape": sizes, field: [written(item, datatype) for item in data]}
            request.inputs.add(key=name, value=tensor)
        except (TypeError, ValueError, AttributeError, OverflowError, struct.error) as error:
            raise BadInput(f"a value of {name!r} is no {datatype}: {error}") from None
    return request


def written(value: Any, datatype: str) -> Any:
    """A value as a field of a tensor takes it: text as bytes, half a float by its bits. Small integers share a wider
    field, which the server cuts off; so it is seen here that a value fits."""
    if datatype == "BYTES":
        return value.encode()
    if datatype == "BOOL" and not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    bits = struct.pack(f"<{SPEC['formats'][datatype]}", value)
    return int.from_bytes(bits, "little") if datatype == "FP16" else value


def decode(answer: Any) -> dict[str, Any]:
    """The outputs by their names."""
    fields = {number: field for number, field in SPEC["types"].values()}
    outputs = {}
    for item in answer.outputs:
        field, sizes = fields[item.value.dtype], [dim.size for dim in item.value.tensor_shape.dim]
        outputs[item.key] = nested([seen(value, field) for value in getattr(item.value, field)], sizes)
    return outputs


def seen(value: Any, field: str) -> Any:
    """A value of a tensor's field as JSON has it."""
    if field == "half_val":
        return struct.unpack("<e", value.to_bytes(2, "little"))[0]
    return value.decode(errors="replace") if field == "string_val" else value
