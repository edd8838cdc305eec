template:streaming/worker/scoring.py
