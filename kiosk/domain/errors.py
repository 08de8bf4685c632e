"""The errors that the kiosk raises on purpose.

Three families, because three different people act on them: the environment failed (whoever
runs the machine), the input is bad (whoever gave it), and everything else is our bug and keeps
its stack trace. Every message is a whole sentence: what was expected, what came, what to do.
"""


class KioskError(Exception):
    """A failure with a sentence that may be shown to a person as it is."""


class EnvironmentFailed(KioskError):
    """Something around the program failed: camera, disk, database, model file."""


class BadInput(KioskError):
    """Something given to the program can't be used: a file, a name, a setting."""


class CameraError(EnvironmentFailed):
    """The camera can't be opened or no longer delivers pictures."""


class ModelError(EnvironmentFailed):
    """A model file is missing, altered, or not what the manifest says."""


class StorageError(EnvironmentFailed):
    """The database can't be read or written: locked, read-only, full, corrupt, newer."""


class NotFound(BadInput):
    """The named person, template or event does not exist."""


class AlreadyExists(BadInput):
    """A value that must be unique, such as a staff number, is taken."""


class BadImage(BadInput):
    """A picture can't be read or is of no use, for the reason in its sentence."""


class BadSetting(BadInput):
    """A setting can't have this value; ``name`` says which one."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


class NotAllowed(BadInput):
    """Whoever asks has no right to it; the sentence says who has."""


class WrongPin(BadInput):
    """The PIN does not match."""


IN_SECONDS = 120.0
"""Longer waits are told in minutes."""


class LockedOut(BadInput):
    """Too many wrong PINs; try again after ``seconds``, or never where they are 0."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds
