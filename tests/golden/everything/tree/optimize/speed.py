template:optimize/speed.py
