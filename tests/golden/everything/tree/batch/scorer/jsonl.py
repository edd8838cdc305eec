template:batch/formats/jsonl.py
