def secrets():
    """The variables with keys of secrets: a worker has them in its own environment, by the names that compose takes."""
    return {name: os.environ[held] for name, held in SPEC["secret_env"].items() if held in os.environ}


