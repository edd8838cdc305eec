template:batch/scorer/__init__.py
