template:streaming/kafka/kafka_backlog.py
