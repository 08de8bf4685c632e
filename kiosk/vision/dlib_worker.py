"""dlib in a process of its own: chips in on standard input, vectors out on standard output.

dlib keeps Python's global lock while it computes, 0.1 s a face, and the screen would stand still
with it. Run by ``dlib_encoder`` as a file, so that it loads nothing but numpy and dlib.
"""

from __future__ import annotations

import os
import signal
import sys

CHIP_SIDE = 150
CHIP_BYTES = CHIP_SIDE * CHIP_SIDE * 3
VECTOR_BYTES = 128 * 4


def main(weights: str) -> None:
    """Answer each RGB chip (150, 150, 3) with dlib's raw vector (128,) float32, until the end of
    the input: when the kiosk goes, in whatever way, this goes too."""
    # Ctrl-C in the terminal is for the kiosk, which then closes the input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the vectors

    import dlib
    import numpy as np

    network = dlib.face_recognition_model_v1(weights)
    while len(chip := sys.stdin.buffer.read(CHIP_BYTES)) == CHIP_BYTES:
        picture = np.frombuffer(chip, np.uint8).reshape(CHIP_SIDE, CHIP_SIDE, 3)
        vector = np.array(network.compute_face_descriptor(picture.copy()), np.float32)
        answers.write(vector.tobytes())
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
