template:torchserve/healthcheck.py
    "model": "fraud-detector",
    "management": "http://127.0.0.1:8081",
    "token": True,
    "timeout": 5,
