

def classes() -> dict[str, Any]:
    """The classes of the messages. They are made here, so that nothing has to be generated, and in a pool of their own,
    so that they clash with no others."""
    kind = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="model.proto", package="model", syntax="proto3")
    for name, fields in SPEC["messages"].items():
        message = file.message_type.add(name=name)
        for field, declared in fields.items():  # as in a .proto: `repeated`, the type, the number
            *repeated, type_, number = declared.split()
            label = kind.LABEL_REPEATED if repeated else kind.LABEL_OPTIONAL
            entry = message.field.add(name=field, number=int(number), label=label)
            if type_ in SPEC["messages"]:
                entry.type, entry.type_name = kind.TYPE_MESSAGE, f".model.{type_}"
            else:
                entry.type = kind.Type.Value(f"TYPE_{type_.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = {name: pool.FindMessageTypeByName(f"model.{name}") for name in SPEC["messages"]}
    return {name: message_factory.GetMessageClass(descriptor) for name, descriptor in found.items()}


MESSAGES = classes()
FAILURES: dict[Any, type[ClientError]] = {
    grpc.StatusCode.UNAVAILABLE: Unreachable,
    grpc.StatusCode.DEADLINE_EXCEEDED: TooLate,
    grpc.StatusCode.INTERNAL: ServerFailed,
    grpc.StatusCode.UNKNOWN: ServerFailed,
}


class Client:
    """Asks one server. It uses no proxy; several threads may share it."""

    def __init__(
        self, url: str = SPEC["url"], *, timeout: float = SPEC["timeout"], token: str | Path | None = None
    ) -> None:
        """`timeout` is how many seconds an answer may take; a `Path` is the file that holds the token."""
        parts = address(url)
        where = parts.netloc.rstrip(":")
        if parts.port is None:  # gRPC takes 443 then, with TLS and without
            where += ":443" if parts.scheme == "https" else ":80"
        options = [("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", -1)]
        if parts.scheme == "https":
            self._channel = grpc.secure_channel(where, grpc.ssl_channel_credentials(), options=options)
        else:
            self._channel = grpc.insecure_channel(where, options=options)
        request, answer, *_ = MESSAGES.values()
        self._call = self._channel.unary_unary(
            SPEC["method"], request_serializer=request.SerializeToString, response_deserializer=answer.FromString
        )
        self._timeout, self._token = patience(timeout), token

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up for good."""
        self._channel.close()

    def predict(self, inputs: Any) -> Any:
        """What the model says of the inputs, in the form of `decode`. Raises ClientError."""
        return self._said(encode(inputs))

    def example(self) -> Any:
        """What the model says of the first example of the spec."""
        if SPEC["example"] is None:
            raise BadInput("the spec has no example that can be sent: give inputs")
        return self._said(message(SPEC["example"]))

    def _said(self, request: Any) -> Any:
        headers = () if self._token is None else (("authorization", f"Bearer {bearer(self._token)}"),)
        try:
            return decode(self._call(request, timeout=self._timeout, metadata=headers))
        except grpc.RpcError as error:
            kind = FAILURES.get(error.code(), Refused)
            raise kind(f"{error.code().name}: {error.details()}"[:500]) from None
        except (KeyError, TypeError, IndexError, ValueError) as error:
            raise ServerFailed(f"an answer in another form: {error!r}") from None
