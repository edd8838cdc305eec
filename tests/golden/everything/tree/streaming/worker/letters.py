template:streaming/worker/letters.py
