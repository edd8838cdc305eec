template:scorer/__init__.py
