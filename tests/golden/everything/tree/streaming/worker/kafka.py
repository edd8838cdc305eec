template:streaming/kafka/kafka.py
