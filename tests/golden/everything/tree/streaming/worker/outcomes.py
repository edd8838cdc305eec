template:streaming/worker/outcomes.py
