template:streaming/worker/service.py
