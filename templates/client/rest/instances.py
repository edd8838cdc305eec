

def encode(inputs: Any) -> dict[str, Any]:
    """The request for rows."""
    return {"instances": rows(inputs)}


def decode(answer: Any) -> Any:
    """The predictions, one for each row; the whole answer where it does not call them so."""
    return answer["predictions"] if isinstance(answer, dict) and "predictions" in answer else answer
