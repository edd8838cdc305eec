template:streaming/kafka/kafka_source.py
