template:streaming/worker/health.py
