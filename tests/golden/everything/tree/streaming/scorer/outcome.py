template:batch/scorer/outcome.py
