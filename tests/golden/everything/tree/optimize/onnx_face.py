template:optimize/onnx_face.py
