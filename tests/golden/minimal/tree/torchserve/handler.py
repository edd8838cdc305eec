template:torchserve/handler.py
SPEC = {"datatype": "float32", "shape": None, "columns": [], "outputs": [], "whole": False}
