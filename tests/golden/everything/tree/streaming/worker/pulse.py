template:streaming/worker/pulse.py
