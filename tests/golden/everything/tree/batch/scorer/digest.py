template:scorer/digest.py
