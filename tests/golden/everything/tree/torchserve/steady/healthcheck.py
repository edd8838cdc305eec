template:torchserve/healthcheck.py
    "model": "fraud_detector",
    "management": "http://127.0.0.1:8081",
    "token": False,
    "timeout": 6,
