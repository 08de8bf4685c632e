"""The threshold as a picture, and what it means in words."""
