"""Convolutions along the steps of text, sound, heartbeats and series."""

from typing import Any

from keras import Input, Model, layers, ops

from tests.models.naming import called


def kim_text_cnn() -> Model:
    words = Input((56,), dtype="int32", name="words")
    x = layers.Embedding(18_000, 128, name="vectors")(words)
    pooled = []
    for width in (3, 4, 5):
        y = layers.Conv1D(100, width, activation="relu", name=f"of_{width}")(x)
        pooled.append(layers.GlobalMaxPooling1D(name=f"max_of_{width}")(y))
    x = layers.Concatenate(name="features")(pooled)
    x = layers.Dropout(0.5, name="dropout")(x)
    return Model(words, layers.Dense(2, activation="softmax", name="classes")(x))


def _gate(x: Any, block: str, rate: int) -> Any:
    """What a dilated layer of WaveNet gives to the skips."""
    content, gate = (
        layers.Conv1D(
            32, 2, padding="causal", dilation_rate=rate, activation=activation, name=f"{block}.{name}"
        )(x)
        for name, activation in (("content", "tanh"), ("gate", "sigmoid"))
    )
    gated = layers.Multiply(name=f"{block}.gated")([content, gate])
    return layers.Conv1D(32, 1, name=f"{block}.skip")(gated)


def wavenet() -> Model:
    samples = Input((None, 256), name="samples")
    x = layers.Conv1D(32, 2, padding="causal", name="front")(samples)
    skips = []
    for cycle in range(2):
        for rate in (1, 2, 4):
            block = f"cycle_{cycle}.dilation_{rate}"
            skips.append(_gate(x, block, rate))
            x = layers.Add(name=f"{block}.residual")([x, skips[-1]])
    skips.append(_gate(x, "last", 8))
    x = layers.Add(name="skips")(skips)
    x = layers.ReLU(name="skips_relu")(x)
    x = layers.Conv1D(128, 1, activation="relu", name="mixed")(x)
    return Model(samples, layers.Conv1D(256, 1, activation="softmax", name="next_sample")(x))


def tcn_forecaster() -> Model:
    series = Input((192, 7), name="series")
    x = series
    for rate in (1, 2, 4, 8):
        block = f"dilation_{rate}"
        shortcut = x
        for number, name in enumerate(("first", "second"), start=1):
            conv = layers.Conv1D(
                48, 3, padding="causal", dilation_rate=rate, activation="relu", name=f"{block}.{name}"
            )
            x = layers.SpatialDropout1D(0.1, name=f"{block}.dropout_{number}")(conv(x))
        if shortcut.shape[-1] != 48:
            shortcut = layers.Conv1D(48, 1, name=f"{block}.widened")(shortcut)
        x = layers.Add(name=f"{block}.sum")([shortcut, x])
    last = called("last_step", ops.take(x, -1, axis=1))
    return Model(series, layers.Dense(24, name="forecast")(last))


def unet_1d_ecg() -> Model:
    def conv(name: str, filters: int) -> Any:
        return layers.Conv1D(filters, 9, padding="same", activation="relu", name=name)

    ecg = Input((1024, 1), name="ecg")
    x = ecg
    skips = []
    for level, filters in enumerate((16, 32, 64), start=1):
        x = conv(f"down_{level}.first", filters)(x)
        x = conv(f"down_{level}.second", filters)(x)
        skips.append(x)
        x = layers.MaxPooling1D(2, name=f"pool_{level}")(x)
    x = conv("bottom.first", 128)(x)
    x = conv("bottom.second", 128)(x)
    for level, filters in ((3, 64), (2, 32), (1, 16)):
        x = layers.Conv1DTranspose(filters, 2, strides=2, name=f"up_{level}")(x)
        x = layers.Concatenate(name=f"skip_{level}")([skips.pop(), x])
        x = conv(f"merged_{level}", filters)(x)
    return Model(ecg, layers.Conv1D(4, 1, activation="softmax", name="labels")(x))


def se_resnet_1d_ecg() -> Model:
    ecg = Input((1000, 12), name="ecg")
    x = layers.Conv1D(64, 15, strides=2, padding="same", use_bias=False, name="stem")(ecg)
    x = layers.BatchNormalization(name="stem_norm")(x)
    x = layers.ReLU(name="stem_relu")(x)
    x = layers.MaxPooling1D(2, name="stem_pool")(x)
    for copy in range(3):
        block = f"block_{copy}"
        shortcut = x
        x = layers.Conv1D(64, 7, padding="same", use_bias=False, name=f"{block}.conv_1")(x)
        x = layers.BatchNormalization(name=f"{block}.norm_1")(x)
        x = layers.ReLU(name=f"{block}.relu_1")(x)
        x = layers.Conv1D(64, 7, padding="same", use_bias=False, name=f"{block}.conv_2")(x)
        x = layers.BatchNormalization(name=f"{block}.norm_2")(x)
        gate = layers.GlobalAveragePooling1D(name=f"{block}.squeeze")(x)
        gate = layers.Dense(8, activation="relu", name=f"{block}.reduce")(gate)
        gate = layers.Dense(64, activation="sigmoid", name=f"{block}.excite")(gate)
        gate = layers.Reshape((1, 64), name=f"{block}.gate")(gate)
        x = layers.Multiply(name=f"{block}.scaled")([x, gate])
        x = layers.Add(name=f"{block}.sum")([shortcut, x])
        x = layers.ReLU(name=f"{block}.relu_2")(x)
    x = layers.GlobalAveragePooling1D(name="features")(x)
    return Model(ecg, layers.Dense(5, activation="sigmoid", name="diagnoses")(x))
