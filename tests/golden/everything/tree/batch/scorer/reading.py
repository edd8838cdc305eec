template:batch/scorer/reading.py
