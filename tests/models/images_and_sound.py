"""Images, spectrograms, videos and tables whose axes become steps."""

from typing import Any

from keras import Input, Model, layers


def crnn_captcha() -> Model:
    image = Input((200, 50, 1), name="image")
    x = layers.Conv2D(32, (3, 3), activation="relu", padding="same", name="conv_1")(image)
    x = layers.MaxPooling2D((2, 2), name="pool_1")(x)
    x = layers.Conv2D(64, (3, 3), activation="relu", padding="same", name="conv_2")(x)
    x = layers.MaxPooling2D((2, 2), name="pool_2")(x)
    x = layers.Reshape((200 // 4, (50 // 4) * 64), name="steps")(x)
    x = layers.Dense(64, activation="relu", name="dense")(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    for number, units in ((1, 128), (2, 64)):
        lstm = layers.LSTM(units, return_sequences=True, dropout=0.25)
        x = layers.Bidirectional(lstm, name=f"lstm_{number}")(x)
    return Model(image, layers.Dense(19 + 1, activation="softmax", name="probs")(x))


def crnn_any_width() -> Model:
    line = Input((None, 32, 1), name="line")
    x = line
    pools = ((2, 2), (2, 2), (1, 2), (1, 4))
    for number, (filters, pool) in enumerate(zip((32, 64, 128, 128), pools, strict=True), start=1):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv_{number}")(x)
        x = layers.MaxPooling2D(pool, name=f"pool_{number}")(x)
    x = layers.Reshape((-1, 128), name="steps")(x)
    for copy in range(2):
        lstm = layers.LSTM(64, return_sequences=True)
        x = layers.Bidirectional(lstm, name=f"recurrent_{copy}.lstm")(x)
    return Model(line, layers.Dense(80, activation="softmax", name="probs")(x))


def keyword_spotting() -> Model:
    spectrogram = Input((98, 40, 1), name="spectrogram")
    x = layers.Conv2D(32, (20, 5), strides=(8, 2), padding="same", name="conv")(spectrogram)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU(name="relu")(x)
    x = layers.TimeDistributed(layers.Flatten(), name="steps")(x)
    x = layers.Bidirectional(layers.GRU(32, return_sequences=True), name="gru_1")(x)
    x = layers.Bidirectional(layers.GRU(32), name="gru_2")(x)
    x = layers.Dense(64, activation="relu", name="dense")(x)
    return Model(spectrogram, layers.Dense(12, activation="softmax", name="commands")(x))


def deep_speech_2() -> Model:
    spectrogram = Input((None, 193), name="spectrogram")
    x = layers.Reshape((-1, 193, 1), name="channel")(spectrogram)
    for number, kernel, strides in ((1, (11, 41), (2, 2)), (2, (11, 21), (1, 2))):
        conv = layers.Conv2D(
            32, kernel, strides=strides, padding="same", use_bias=False, name=f"conv_{number}"
        )
        x = layers.BatchNormalization(name=f"norm_{number}")(conv(x))
        x = layers.ReLU(name=f"relu_{number}")(x)
    x = layers.Reshape((-1, x.shape[-2] * x.shape[-1]), name="steps")(x)
    x = layers.Bidirectional(layers.GRU(128, return_sequences=True), name="gru")(x)
    for copy in range(2):
        x = layers.Dropout(0.5, name=f"deeper_{copy}.dropout")(x)
        x = layers.Bidirectional(layers.GRU(128, return_sequences=True), name=f"deeper_{copy}.gru")(x)
    x = layers.Dense(256, activation="relu", name="dense")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    return Model(spectrogram, layers.Dense(31 + 1, activation="softmax", name="probs")(x))


def convlstm_next_frame() -> Model:
    def recurrent(name: str, kernel: int) -> Any:
        return layers.ConvLSTM2D(
            32, kernel, padding="same", return_sequences=True, activation="relu", name=name
        )

    frames = Input((None, 64, 64, 1), name="frames")
    x = recurrent("wide", 5)(frames)
    x = layers.BatchNormalization(name="wide_norm")(x)
    x = recurrent("narrow", 3)(x)
    x = layers.BatchNormalization(name="narrow_norm")(x)
    x = recurrent("point", 1)(x)
    last = layers.Conv3D(1, (3, 3, 3), activation="sigmoid", padding="same", name="next_frames")
    return Model(frames, last(x))


def video_cnn_gru() -> Model:
    def each_frame(layer: Any, name: str) -> Any:
        return layers.TimeDistributed(layer, name=name)

    video = Input((16, 64, 64, 3), name="video")
    x = each_frame(layers.Conv2D(16, 3, padding="same", activation="relu"), "conv_1")(video)
    x = each_frame(layers.MaxPooling2D(), "pool_1")(x)
    x = each_frame(layers.Conv2D(32, 3, padding="same", activation="relu"), "conv_2")(x)
    x = each_frame(layers.MaxPooling2D(), "pool_2")(x)
    x = each_frame(layers.Conv2D(64, 3, padding="same", activation="relu"), "conv_3")(x)
    x = each_frame(layers.GlobalAveragePooling2D(), "features")(x)
    x = layers.GRU(64, name="gru")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    return Model(video, layers.Dense(10, activation="softmax", name="classes")(x))


def _leaky(name: str) -> Any:
    return layers.LeakyReLU(negative_slope=0.01, name=name)


def _along_time(x: Any, block: str, first: Any) -> Any:
    """A convolution across the columns, then two along the states."""
    x = _leaky(f"{block}.leaky")(first(x))
    for copy in range(2):
        smooth = f"{block}.smooth_{copy}"
        x = layers.Conv2D(32, (4, 1), padding="same", name=f"{smooth}.conv")(x)
        x = _leaky(f"{smooth}.leaky")(x)
    return x


def deeplob() -> Model:
    book = Input((100, 40, 1), name="book")
    x = book
    for block in ("price_and_volume", "bid_and_ask"):
        x = _along_time(x, block, layers.Conv2D(32, (1, 2), strides=(1, 2), name=f"{block}.conv"))
    x = _along_time(x, "levels", layers.Conv2D(32, (1, 10), name="levels.conv"))

    branches = []
    for block, height in (("short", 3), ("long", 5)):
        y = layers.Conv2D(64, (1, 1), padding="same", name=f"{block}.point")(x)
        y = _leaky(f"{block}.point_leaky")(y)
        y = layers.Conv2D(64, (height, 1), padding="same", name=f"{block}.conv")(y)
        branches.append(_leaky(f"{block}.leaky")(y))
    y = layers.MaxPooling2D((3, 1), strides=(1, 1), padding="same", name="peak.pool")(x)
    y = layers.Conv2D(64, (1, 1), padding="same", name="peak.point")(y)
    branches.append(_leaky("peak.leaky")(y))

    x = layers.Concatenate(axis=3, name="inception")(branches)
    x = layers.Reshape((100, 192), name="steps")(x)
    x = layers.LSTM(64, name="lstm")(x)
    return Model(book, layers.Dense(3, activation="softmax", name="movement")(x))


def cnn_lstm_activity() -> Model:
    def each_window(layer: Any, name: str) -> Any:
        return layers.TimeDistributed(layer, name=name)

    readings = Input((128, 9), name="readings")
    x = layers.Reshape((4, 32, 9), name="windows")(readings)
    x = each_window(layers.Conv1D(64, 3, activation="relu"), "conv_1")(x)
    x = each_window(layers.Conv1D(64, 3, activation="relu"), "conv_2")(x)
    x = each_window(layers.Dropout(0.5), "dropout")(x)
    x = each_window(layers.MaxPooling1D(2), "pool")(x)
    x = each_window(layers.Flatten(), "flat")(x)
    x = layers.LSTM(100, name="lstm")(x)
    x = layers.Dropout(0.5, name="lstm_dropout")(x)
    x = layers.Dense(100, activation="relu", name="dense")(x)
    return Model(readings, layers.Dense(6, activation="softmax", name="activity")(x))
