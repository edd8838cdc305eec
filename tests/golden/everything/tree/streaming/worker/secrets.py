template:streaming/worker/secrets.py
