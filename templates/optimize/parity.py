"""Whether two models answer alike: what they are asked, and by how much their answers differ."""

import numpy as np

KINDS = {"FP16": "float16", "FP32": "float32", "FP64": "float64", "BYTES": "object"}
EXAMPLES, NEAR, MISSING = "examples", "near the examples", "missing values"
# By group: of numbers the powers of ten that they lie between, above and below zero; the most that a count is.
SCALES = {"ordinary": (-1, 1, 10), "hundreds": (1, 3, 255), "large": (3, 9.3, 2**31 - 1)}
DISTANCES = (-7, 0)  # of a number from that of an example, as a share of it: between these powers of ten
LARGEST_HALF = 6e4  # of FP16
WORDS = ("a", "b", "other", "", "\N{LATIN SMALL LETTER E WITH ACUTE}")
FREE = 16  # where the signature lets a size free and no example has one
AT_ONCE = 2**20  # values in one feed: more would only fill the memory
ADVICE = """
The model takes missing values, which clients send as null, and the converted one answers them otherwise; with trees of
scikit-learn it does. Put an imputer before the trees; or, if no client sends null, say so in the spec:
optimize: {randomInputs: {missing: 0}}"""


class Answered:
    """What the model was asked, and its answer by output, or why it gave none."""

    def __init__(self, group, feed, ask):
        self.group, self.feed, self.answer, self.refusal = group, feed, None, None
        self.rows = len(next(iter(feed.values())))
        try:
            self.answer = ask(feed)
        except Exception as error:  # an unknown category, an index out of range: no question for this model
            self.refusal = said(error)


def said(error):
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def asked(spec, ask):
    """What the model answers to the examples, and to random rows in groups of one scale each, a part at a time. Missing
    values are a group of their own: a model that refuses them is asked the others all the same."""
    inputs, random = spec["inputs"], np.random.default_rng(spec["random"]["seed"])
    gaps = spec["random"]["missing"] if any(dtype(item).kind == "f" for item in inputs) else 0
    try:
        examples = [{item["name"]: array(item, one[item["name"]]) for item in inputs} for one in spec["examples"]]
    except (ValueError, TypeError, OverflowError) as error:
        raise SystemExit(f"an example does not fit the signature: {said(error)}") from None
    found = [Answered(EXAMPLES, feed, ask) for feed in examples]
    half = len(SCALES) + bool(gaps)
    groups = {**dict.fromkeys(SCALES, 1), **({NEAR: half} if examples else {}), **({MISSING: 1} if gaps else {})}

    for group, share in groups.items():  # and the share of each
        rows = -(-spec["random"]["rows"] * share // sum(groups.values()))
        whole = {}
        for item in inputs:
            known = [one[item["name"]] for one in examples]
            close = known and group in (NEAR, MISSING)
            values = near(random, known, rows) if close else drawn(random, item, known, rows, group)
            whole[item["name"]] = holed(random, values, gaps) if group == MISSING else values
        found += [Answered(group, part, ask) for part in parts(whole, rows)]
    return found


def parts(feed, rows):
    step = max(1, AT_ONCE * rows // max(1, sum(array.size for array in feed.values())))
    for start in range(0, rows, step):
        yield {name: array[start : start + step] for name, array in feed.items()}


def dtype(item):
    return np.dtype(KINDS.get(item["datatype"], item["datatype"].lower()))


def holed(random, values, gaps):
    """The values with a share of the numbers missing; what is no float has no way to be."""
    if values.dtype.kind == "f":
        values[random.random(values.shape) < gaps] = np.nan
    return values


def array(item, example):
    """What an example has for an input, in its type and shape."""
    found = np.array(example["data"], dtype(item))
    return found if example["shape"] is None else found.reshape(example["shape"])


def drawn(random, item, known, rows, group):
    """Random rows of an input, whatever the examples say but for the sizes that the signature leaves open."""
    low, high, most = SCALES.get(group, SCALES["ordinary"])
    kind = dtype(item)
    size = (rows, *(known[0].shape[1:] if known else (FREE if size < 0 else size for size in item["shape"][1:])))
    if kind.kind == "f":
        numbers = random.choice([-1, 1], size) * 10 ** random.uniform(low, high, size)
        return (np.clip(numbers, -LARGEST_HALF, LARGEST_HALF) if item["datatype"] == "FP16" else numbers).astype(kind)
    if kind.kind == "b":
        return random.integers(0, 2, size).astype(bool)
    if kind.kind == "O":
        return random.choice(np.array([value for one in known for value in one.flat] + list(WORDS), object), size)
    return random.integers(0, min(most, np.iinfo(kind).max), size, endpoint=True).astype(kind)


def near(random, known, rows):
    """Rows of the examples: numbers moved a little or more, other values exchanged between them."""
    same = np.concatenate([one for one in known if one.shape[1:] == known[0].shape[1:]])
    picked = same[random.integers(0, len(same), rows)]
    if picked.dtype.kind != "f":
        return picked
    distance = 10 ** random.uniform(*DISTANCES, (rows, *[1] * (picked.ndim - 1)))
    wide = picked.astype("float64")
    return (wide + distance * random.normal(size=wide.shape) * np.where(wide == 0, 1, wide)).astype(picked.dtype)


def compared(answers, ask, tolerance):
    """How the other model's answers differ, by group, and the reason why that is too much, or None: every example must
    be within the tolerance, and of the random rows all but the share that may differ."""
    groups = {}
    for one in answers:
        group = groups.setdefault(one.group, {"rows": 0, "differing": 0, "max_absolute": 0.0, "max_relative": 0.0})
        if one.refusal:
            group["refused"] = one.refusal
            continue
        group["rows"] += one.rows
        for name, value in difference(one, ask, tolerance).items():
            counted = name == "differing"
            group[name] = value if name == "error" else group[name] + value if counted else max(group[name], value)
    wrong = groups.get(EXAMPLES, {}).get("differing", 0)
    rows, differing = (sum(groups[name][key] for name in groups if name != EXAMPLES) for key in ("rows", "differing"))
    may = int(tolerance["rows"] * rows)
    reason = None
    if wrong:
        reason = f"{wrong} row{'s' if wrong > 1 else ''} of the examples differ"
    elif differing > may:
        where = [f"{name}: {group['differing']}" for name, group in groups.items() if group["differing"]]
        reason = f"{differing} of {rows} random rows differ, and {may} may ({', '.join(where)})"
    return {"reason": reason, "tolerance": tolerance, "groups": groups}


def difference(one, ask, tolerance):
    """How many rows differ beyond the tolerance, and the largest differences between numbers."""
    try:
        answer = ask(one.feed)
    except Exception as error:
        return {"differing": one.rows, "error": said(error)}
    differ, largest = np.zeros(one.rows, bool), {"max_absolute": 0.0, "max_relative": 0.0}
    for name, wanted in one.answer.items():
        wanted, found = wanted.reshape(one.rows, -1), answer[name]
        if found.size != wanted.size:
            return {"differing": one.rows, "error": f"{name} is {found.shape}, and the model's is {wanted.shape}"}
        found = found.reshape(wanted.shape)
        if "f" not in (wanted.dtype.kind, found.dtype.kind):  # labels
            differ |= (wanted.astype(str) != found.astype(str)).any(axis=1)
            continue
        wanted, found = wanted.astype("float64"), found.astype("float64")
        close = np.isclose(found, wanted, atol=tolerance["absolute"], rtol=tolerance["relative"], equal_nan=True)
        differ |= ~close.all(axis=1)
        gap = np.abs(np.nan_to_num(found) - np.nan_to_num(wanted))
        worth = np.where(np.abs(wanted) > tolerance["absolute"], np.abs(wanted), np.inf)  # of next to nothing no share
        for key, value in (("max_absolute", gap), ("max_relative", gap / worth)):
            largest[key] = max(largest[key], float(np.nan_to_num(value).max(initial=0)))
    return {"differing": int(differ.sum()), **largest}


def advice(found):
    """What to do when missing values are among what differs."""
    return ADVICE if found["groups"].get(MISSING, {}).get("differing") else ""


def lines(found):
    """What a comparison found, for people."""
    yield f"{'':<20}{'rows':>8}{'differ':>8}{'absolute':>12}{'relative':>12}"
    for name, group in found["groups"].items():
        more = next((f"  {key}: {group[key]}" for key in ("error", "refused") if key in group), "")
        numbers = f"{group['max_absolute']:>12.1e}{group['max_relative']:>12.1e}"
        yield f"{name:<20}{group['rows']:>8}{group['differing']:>8}{numbers}{more}"
