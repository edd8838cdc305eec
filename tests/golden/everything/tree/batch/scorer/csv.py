template:batch/formats/csv.py
