"""From vectors of training people to a scale on which a score means the same for everybody."""
