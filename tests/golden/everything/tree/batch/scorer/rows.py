template:batch/scorer/rows.py
