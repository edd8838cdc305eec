template:batch/scorer/columns.py
