template:batch/scorer/digest.py
