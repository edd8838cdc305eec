template:batch/scorer/scoring.py
