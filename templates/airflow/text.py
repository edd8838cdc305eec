def as_is(value):
    """The value for a field that Airflow renders: each text as a template that renders to that text."""
    if isinstance(value, dict):
        return {key: as_is(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_is(item) for item in value]
    return "{" + "{ " + repr(value) + " }" + "}" if isinstance(value, str) else value


