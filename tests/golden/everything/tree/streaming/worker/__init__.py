template:streaming/worker/__init__.py
