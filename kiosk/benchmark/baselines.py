"""What the kiosk's path is measured against: the plain packages, as they come."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kiosk.domain.frame import Image


def mtcnn_detect(image: Image) -> Callable[[], object]:
    """``mtcnn.MTCNN().detect_faces`` on one picture."""
    from mtcnn import MTCNN

    detector = MTCNN()
    return lambda: detector.detect_faces(image)


def keras_predict(dimension: int = 128) -> Callable[[], object]:
    """``keras predict`` of EfficientNet-B0 with a pooled embedding on one 112x112 crop."""
    import keras

    body = keras.applications.EfficientNetB0(
        include_top=False, weights=None, input_shape=(112, 112, 3), pooling="avg"
    )
    model = keras.Sequential([body, keras.layers.Dense(dimension)])
    crop = np.zeros((1, 112, 112, 3), np.float32)
    return lambda: model.predict(crop, verbose=0)
