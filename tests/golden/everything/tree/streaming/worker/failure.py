template:streaming/worker/failure.py
