template:client/command.py
template:client/errors.py
template:client/rest/http.py
template:client/rest/instances.py
template:client/rest/start.py
template:client/rows.py
    "url": "http://127.0.0.1:8080",
    "path": "/predictions/fraud-detector",
    "timeout": 30.0,
    "columns": [],
    "depth": 2,
    "example": None,
