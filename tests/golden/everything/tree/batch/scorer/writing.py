template:batch/scorer/writing.py
