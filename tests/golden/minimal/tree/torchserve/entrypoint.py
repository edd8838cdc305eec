template:torchserve/entrypoint.py
    "main": "org.pytorch.serve.ModelServer",
    "jvm": ["-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData"],
    "inference": "http://127.0.0.1:8080",
    "management": "http://127.0.0.1:8081",
    "token": True,
    "drain_seconds": 30,
    "perhaps_seconds": 3,
