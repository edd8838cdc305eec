

def rows(inputs: Any) -> list[Any]:
    """The inputs as a list of rows. One row will do; a row may be a map, where the columns have names."""
    names, found = SPEC["columns"], plain(inputs)
    if isinstance(found, dict) or depth(found) < SPEC["depth"]:
        found = [found]
    return [in_order(row, names) if isinstance(row, dict) else row for row in found]


def in_order(row: dict[str, Any], names: list[str]) -> list[Any]:
    """The values of a row in the order of the columns."""
    if set(row) != set(names):
        raise BadInput(f"a row has the columns {names}, and not {list(row)}")
    return [row[name] for name in names]


def depth(value: Any) -> int:
    """How deep lists are nested in the first item of each; a map is as deep as the list that it stands for."""
    if isinstance(value, dict):
        return 1
    return 1 + depth(value[0]) if isinstance(value, list) and value else int(isinstance(value, list))
