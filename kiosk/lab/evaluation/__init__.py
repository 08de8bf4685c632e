"""Judging encoders, on people they have not learned."""
