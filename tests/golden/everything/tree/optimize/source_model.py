template:optimize/pytorch.py
