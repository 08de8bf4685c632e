"""Is it a face before the camera or a picture of one: what frames say, a part each.

``network`` looks at skin and what is around it, ``turn`` at where the nose stands. ``eyes`` asks
all of them: the ``LivenessCheck`` port.
"""
