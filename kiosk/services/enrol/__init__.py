"""From pictures and camera to a person with templates."""
