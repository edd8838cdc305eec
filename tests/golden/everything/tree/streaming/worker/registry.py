template:streaming/worker/registry.py
