"""Distillation on a graphics processor: the same network, teacher and crops, all of it there."""
