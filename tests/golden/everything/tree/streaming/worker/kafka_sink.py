template:streaming/kafka/kafka_sink.py
