template:client/command.py
template:client/errors.py
template:client/rest/http.py
template:client/rest/instances.py
template:client/rest/start.py
template:client/rows.py
    "url": "http://127.0.0.1:8085",
    "path": "/predictions/fraud_detector",
    "timeout": 1.5,
    "columns": [],
    "depth": 2,
    "example": {"instances": [[912.5, 3, 2, 6]]},
