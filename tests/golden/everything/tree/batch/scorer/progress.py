template:batch/scorer/progress.py
