"""The network that tells a live face from a picture of one: its data, its training, its judging."""
