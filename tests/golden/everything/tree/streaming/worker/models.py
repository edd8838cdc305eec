template:streaming/worker/models.py
