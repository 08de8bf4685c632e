"""Fused training operations for the CPU."""
