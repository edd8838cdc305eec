template:optimize/parity.py
