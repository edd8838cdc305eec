template:scorer/failure.py
