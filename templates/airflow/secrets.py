def secrets():
    """The variables with keys of secrets: a worker has them in its own environment, by the names that compose takes.

    To be asked for while a task runs: what an operator is given before, Airflow keeps in its database.
    """
    return {name: os.environ[held] for name, held in SPEC["secret_env"].items() if held in os.environ}


