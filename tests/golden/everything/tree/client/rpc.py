template:client/command.py
template:client/errors.py
template:client/grpc/channel.py
template:client/grpc/start.py
template:client/grpc/torchserve.py
template:client/rows.py
    "url": "http://127.0.0.1:7075",
    "model": "fraud_detector",
    "timeout": 1.5,
    "columns": [],
    "depth": 2,
    "method": "/org.pytorch.serve.grpc.inference.InferenceAPIsService/Predictions",
    "messages": {
        "PredictionsRequest": {"model_name": "string 1", "input": "repeated Part 3"},
        "PredictionResponse": {"prediction": "bytes 1"},
        "Part": {"key": "string 1", "value": "bytes 2"},
    },
    "example": {"instances": [[912.5, 3, 2, 6]]},
