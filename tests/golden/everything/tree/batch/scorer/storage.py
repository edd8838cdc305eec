template:batch/scorer/storage.py
