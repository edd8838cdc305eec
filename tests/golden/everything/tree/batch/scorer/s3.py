template:batch/storages/s3.py
