

def encode(inputs: Any) -> Any:
    """The message for rows."""
    return message({"instances": rows(inputs)})


def message(body: Any) -> Any:
    """The message with a whole request, the same one that goes over REST."""
    try:
        data = {"key": "body", "value": json.dumps(body).encode()}
    except (TypeError, ValueError) as error:
        raise BadInput(f"there is no JSON for it: {error}") from None
    return MESSAGES["PredictionsRequest"](model_name=SPEC["model"], input=[data])


def decode(answer: Any) -> Any:
    """The predictions, one for each row; the whole answer where it does not call them so. A handler's error comes
    without its status, as an answer like any other."""
    found = json.loads(answer.prediction)
    if isinstance(found, dict) and set(found) == {"error"}:
        raise Refused(str(found["error"]))
    return found["predictions"] if isinstance(found, dict) and "predictions" in found else found
