"""Values and rules of the kiosk. Standard library and numpy only."""
