template:streaming/topics.py
            "bootstrap.servers": "kafka-1:9093,kafka-2:9093",
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "PLAIN",
        "secrets": {
            "sasl.username": {"env": "KAFKA__USERNAME"},
            "sasl.password": {"env": "KAFKA__PASSWORD"},
        },
        "topics": [{"name": "payments", "partitions": 12}],
        "client": {"bootstrap.servers": "kafka-3:9092", "security.protocol": "PLAINTEXT"},
        "secrets": {},
        "topics": [{"name": "fraud", "partitions": 4}, {"name": "fraud-unscored", "partitions": 1}],
