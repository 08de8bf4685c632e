"""The report's Siamese networks, and ResNet50 with triplets."""

from kiosk.lab.experiments.config import Experiment

ROWS = (
    Experiment(
        "siamese-conv2", "Siamese, two conv layers, random triplets, 160 px", "F1 0.10",
        trunk="conv2", mining="random", size=160, pretrained=False,
    ),
    Experiment(
        "siamese-mobilenet", "Siamese, MobileNet, trainable from layer 54, 160 px", "F1 0.24",
        trunk="mobilenet", mining="random", size=160, trainable_from=54,
    ),
    Experiment(
        "siamese-resnet50-conv5", "Siamese, ResNet50, conv5 trainable, 160 px", "F1 0.27",
        trunk="resnet50", mining="random", size=160, trainable_from="conv5",
    ),
    Experiment(
        "siamese-resnet50-conv4", "Siamese, ResNet50, conv4 onward trainable, 160 px", "F1 0.27",
        trunk="resnet50", mining="random", size=160, trainable_from="conv4",
    ),
    Experiment(
        "siamese-resnet50-conv3", "Siamese, ResNet50, conv3 onward trainable, 100 px", "F1 0.18",
        trunk="resnet50", mining="random", size=100, trainable_from="conv3",
    ),
    Experiment(
        "resnet50-triplet", "ResNet50 with triplet loss (the report's video)", "none given",
        trunk="resnet50", size=112,
    ),
)  # fmt: skip
