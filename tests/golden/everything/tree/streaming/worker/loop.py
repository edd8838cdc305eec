template:streaming/worker/loop.py
