

def encode(inputs: Any) -> Any:
    """The message by the Open Inference Protocol, version 2, for tensors by their names or for rows."""
    return message(by_name(inputs))


def message(tensors: dict[str, Any]) -> Any:
    """The message for tensors that fit."""
    request = MESSAGES["ModelInferRequest"](model_name=SPEC["model"])
    for name, values in tensors.items():
        shape, data = flat(values)
        request.inputs.add(name=name, datatype=SPEC["inputs"][name]["datatype"], shape=shape)
        request.raw_input_contents.append(packed(data, SPEC["inputs"][name]["datatype"]))
    return request


def decode(answer: Any) -> dict[str, Any]:
    """The outputs by their names."""
    parts = zip(answer.outputs, answer.raw_output_contents, strict=True)
    try:
        return {item.name: nested(unpacked(data, item.datatype), list(item.shape)) for item, data in parts}
    except struct.error as error:
        raise ValueError(error) from None


def packed(data: list[Any], datatype: str) -> bytes:
    """The values as the protocol has them: little-endian, and each text with its length before it."""
    try:
        if datatype == "BYTES":
            texts = [item.encode() for item in data]
            return b"".join(len(text).to_bytes(4, "little") + text for text in texts)
        if datatype == "BOOL" and (others := [item for item in data if not isinstance(item, bool)]):
            raise TypeError(f"{others[0]!r} is neither true nor false")
        return struct.pack(f"<{len(data)}{SPEC['formats'][datatype]}", *data)
    except (TypeError, ValueError, AttributeError, OverflowError, struct.error) as error:
        raise BadInput(f"a value is no {datatype}: {error}") from None


def unpacked(data: bytes, datatype: str) -> list[Any]:
    """The values in the bytes of an answer."""
    if datatype != "BYTES":
        return [value for (value,) in struct.iter_unpack(f"<{SPEC['formats'][datatype]}", data)]
    texts = []
    while data:
        end = 4 + int.from_bytes(data[:4], "little")
        texts.append(data[4:end].decode(errors="replace"))
        data = data[end:]
    return texts
