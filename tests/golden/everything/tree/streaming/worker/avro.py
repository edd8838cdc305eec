template:streaming/formats/avro.py
