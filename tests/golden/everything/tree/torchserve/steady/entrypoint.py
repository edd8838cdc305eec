template:torchserve/entrypoint.py
    "main": "org.pytorch.serve.ModelServer",
    "jvm": ["-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData"],
    "inference": "http://127.0.0.1:8085",
    "management": "http://127.0.0.1:8081",
    "token": False,
    "drain_seconds": 45,
    "perhaps_seconds": 3,
