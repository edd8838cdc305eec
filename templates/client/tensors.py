

def by_name(inputs: Any) -> dict[str, Any]:
    """The inputs as nested lists by their names. Of a model with one input its rows will do, also a row alone; of one
    that takes columns, these, or rows as maps or as lists in the order of the columns."""
    wanted = SPEC["inputs"]
    if not wanted:
        raise BadInput("the spec does not say what the model takes: name its inputs in `signature`, and build again")
    found = plain(inputs)
    if SPEC["columns"]:
        found = columns(found)
    elif not isinstance(found, dict) and len(wanted) == 1:
        found = {name: found for name in wanted}
    if not isinstance(found, dict) or set(found) != set(wanted):
        given = sorted(map(str, found)) if isinstance(found, dict) else "something without names"
        raise BadInput(f"the model takes {sorted(wanted)}, and got {given}")
    return {name: fitted(name, found[name]) for name in wanted}


def columns(found: Any) -> dict[str, Any]:
    """Columns, or rows, or one row, as a column for each name with one value a row."""
    if isinstance(found, dict) and all(isinstance(values, list) for values in found.values()):
        return {name: [[value] for value in flat(values)[1]] for name, values in found.items()}
    names = list(SPEC["inputs"])
    several = found if isinstance(found, list) and found and isinstance(found[0], (list, dict)) else [found]
    told = (isinstance(row, dict) and set(row) == set(names) for row in several)
    table = [[row[name] for name in names] if by else row for row, by in zip(several, told, strict=True)]
    if any(not isinstance(row, list) or len(row) != len(names) for row in table):
        raise BadInput(f"a row has the values of {names}, as a map or as a list in this order")
    return {name: [[row[index]] for row in table] for index, name in enumerate(names)}


def fitted(name: str, values: Any) -> Any:
    """The values, when they have the shape that the model takes; -1 is any size. A row alone is one of one row."""
    wanted, shape = SPEC["inputs"][name]["shape"], flat(values)[0]
    if len(shape) == len(wanted) - 1:
        return fitted(name, [values])
    if len(shape) != len(wanted) or any(want not in (-1, size) for size, want in zip(shape, wanted, strict=True)):
        raise BadInput(f"{name!r} has the shape {shape}, and the model takes {wanted}")
    return values


def flat(values: Any) -> tuple[list[int], list[Any]]:
    """The lengths of nested lists from the outside in, and all that is in them."""
    if not isinstance(values, list):
        return [], [values]
    if not any(isinstance(item, list) for item in values):
        return [len(values)], values
    parts = [flat(item) for item in values]
    if any(shape != parts[0][0] for shape, _ in parts):
        raise BadInput("the lists differ in their lengths")
    return [len(values), *parts[0][0]], [value for _, data in parts for value in data]


def nested(data: list[Any], shape: Sequence[int]) -> Any:
    """The data as nested lists of these lengths."""
    if not shape:
        return data[0]
    for size in reversed(shape[1:]):
        data = [data[start : start + size] for start in range(0, len(data), max(size, 1))]
    return data
