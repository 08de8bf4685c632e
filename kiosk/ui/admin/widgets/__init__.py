"""The parts that all pages of the panel are made of."""
