"""Training and evaluation of encoders: the only Keras and TensorFlow."""
