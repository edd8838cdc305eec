

def encode(inputs: Any) -> dict[str, Any]:
    """The request for rows of a table, with the names of the columns where they are known."""
    names = SPEC["columns"]
    return {"dataframe_split": {"columns": names, "data": rows(inputs)}} if names else {"inputs": rows(inputs)}


def decode(answer: Any) -> Any:
    """The predictions, one for each row."""
    return answer["predictions"]
