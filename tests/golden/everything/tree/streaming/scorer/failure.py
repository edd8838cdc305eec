template:batch/scorer/failure.py
