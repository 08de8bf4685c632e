"""Speed and memory, measured against the plain packages; run by `bench`."""
