"""The networks: EfficientFaceNet in Keras and its twin in PyTorch, and the report's others."""
