template:batch/scorer/kept.py
