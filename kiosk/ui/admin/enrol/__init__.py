"""Enrolling: from the camera, from files, from a folder."""
