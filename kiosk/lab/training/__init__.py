"""Training: losses, optimisers, the loops, their checkpoints."""
