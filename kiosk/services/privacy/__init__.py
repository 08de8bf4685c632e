"""What is kept of people: for how long, what of it, and how it ends."""
