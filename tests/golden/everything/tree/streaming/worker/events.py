template:streaming/worker/events.py
