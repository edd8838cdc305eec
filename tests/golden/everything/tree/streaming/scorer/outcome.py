template:scorer/outcome.py
