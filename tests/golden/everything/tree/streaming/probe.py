template:streaming/probe.py
