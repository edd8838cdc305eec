template:batch/storages/azure.py
