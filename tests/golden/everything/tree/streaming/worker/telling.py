template:streaming/worker/telling.py
