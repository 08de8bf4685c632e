"""The only place that touches hardware."""
