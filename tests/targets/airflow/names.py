"""Outputs whose address has no name in it that is the same in all intervals, or none that Airflow takes for an asset."""

NAMELESS = (
    "scores-{interval.start:%Y-%m-%d}",
    "{interval.start:%Y-%m-%d}/scores/",
    "./{interval.start:%Y-%m-%d}/",
    "../{interval.start:%Y-%m-%d}/",
    "punktzahlen-für/{interval.start:%Y-%m-%d}/",
    f"{'scores/' * 250}{{interval.start:%Y-%m-%d}}/",
)
