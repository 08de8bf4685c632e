"""The page that people stand before."""
