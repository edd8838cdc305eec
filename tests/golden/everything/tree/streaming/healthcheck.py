template:streaming/healthcheck.py
SPEC = {"url": "http://127.0.0.1:8080/ready", "timeout": 6}
