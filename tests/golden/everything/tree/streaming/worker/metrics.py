template:streaming/worker/metrics.py
