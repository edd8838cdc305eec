"""Trains the small model of this example, and saves it as Keras does.

    pip install tensorflow-cpu==2.21.0
    python train.py

Writes fraud_detector.keras, which deploy/fraud-detector/tf-serving/export.py turns into the SavedModel that is served.
The model is a stand-in: four numbers in, the probability of fraud out.
"""

import keras
import numpy as np

keras.utils.set_random_seed(7)
features = np.random.default_rng(7).normal(size=(2000, 4)).astype("float32")
fraud = (features @ np.array([1.5, -2.0, 0.5, 1.0], dtype="float32") > 1.0).astype("float32")

model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(features, fraud, epochs=15, verbose=0)
loss, accuracy = model.evaluate(features, fraud, verbose=0)
model.save("fraud_detector.keras")
print(f"fraud_detector.keras: accuracy {accuracy:.3f}")
