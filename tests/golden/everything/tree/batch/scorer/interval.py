template:batch/scorer/interval.py
