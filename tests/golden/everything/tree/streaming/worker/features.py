template:streaming/worker/features.py
