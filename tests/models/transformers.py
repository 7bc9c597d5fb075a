"""Models without recurrent layers and convolutions along the steps: transformers, MLP-Mixer, N-BEATS."""

from typing import Any

from keras import Input, Model, layers, ops

from tests.models.naming import called


def _numbered(tokens: Any, words: int, width: int) -> Any:
    """Vectors of tokens plus vectors of their positions 0, 1, 2, …"""
    ones = called("ones", ops.ones_like(tokens))
    counted = called("counted", ops.cumsum(ones, axis=1))
    positions = called("positions", ops.subtract(counted, ones))
    token_vectors = layers.Embedding(words, width, name="token_vectors")(tokens)
    position_vectors = layers.Embedding(tokens.shape[1], width, name="position_vectors")(positions)
    return layers.Add(name="vectors")([token_vectors, position_vectors])


def transformer_classifier() -> Model:
    tokens = Input((200,), dtype="int32", name="tokens")
    x = _numbered(tokens, 20_000, 32)
    for copy in range(2):
        block = f"block_{copy}"
        y = layers.MultiHeadAttention(2, 32, name=f"{block}.attention")(x, x)
        y = layers.Dropout(0.1, name=f"{block}.attention_dropout")(y)
        y = layers.Add(name=f"{block}.attention_sum")([x, y])
        x = layers.LayerNormalization(epsilon=1e-6, name=f"{block}.attention_norm")(y)
        y = layers.Dense(32, activation="relu", name=f"{block}.wide")(x)
        y = layers.Dense(32, name=f"{block}.narrow")(y)
        y = layers.Dropout(0.1, name=f"{block}.dropout")(y)
        y = layers.Add(name=f"{block}.sum")([x, y])
        x = layers.LayerNormalization(epsilon=1e-6, name=f"{block}.norm")(y)
    x = layers.GlobalAveragePooling1D(name="review")(x)
    x = layers.Dropout(0.1, name="review_dropout")(x)
    x = layers.Dense(20, activation="relu", name="hidden")(x)
    x = layers.Dropout(0.1, name="hidden_dropout")(x)
    return Model(tokens, layers.Dense(2, activation="softmax", name="opinion")(x))


def causal_transformer() -> Model:
    tokens = Input((256,), dtype="int32", name="tokens")
    x = _numbered(tokens, 5000, 128)
    for copy in range(4):
        block = f"block_{copy}"
        y = layers.LayerNormalization(name=f"{block}.attention_norm")(x)
        y = layers.MultiHeadAttention(4, 32, name=f"{block}.attention")(y, y, use_causal_mask=True)
        x = layers.Add(name=f"{block}.attention_sum")([x, y])
        y = layers.LayerNormalization(name=f"{block}.norm")(x)
        y = layers.Dense(512, activation="gelu", name=f"{block}.wide")(y)
        y = layers.Dense(128, name=f"{block}.narrow")(y)
        y = layers.Dropout(0.1, name=f"{block}.dropout")(y)
        x = layers.Add(name=f"{block}.sum")([x, y])
    x = layers.LayerNormalization(name="last_norm")(x)
    return Model(tokens, layers.Dense(5000, use_bias=False, name="logits")(x))


def _padded(tokens: Any, side: str) -> Any:
    """Masked vectors of tokens plus those of their positions; padding has the token and the position 0."""
    real = called(f"{side}_real", ops.not_equal(tokens, 0))
    ones = called(f"{side}_ones", ops.cast(real, "int32"))
    counted = called(f"{side}_counted", ops.cumsum(ones, axis=1))
    positions = layers.Multiply(name=f"{side}_positions")([counted, ones])
    token_vectors = layers.Embedding(6000, 128, mask_zero=True, name=f"{side}_tokens")(tokens)
    place_vectors = layers.Embedding(129, 128, mask_zero=True, name=f"{side}_places")(positions)
    return layers.Add(name=f"{side}_vectors")([token_vectors, place_vectors])


def _feed_forward(x: Any, block: str) -> Any:
    y = layers.Dense(256, activation="relu", name=f"{block}.wide")(x)
    y = layers.Dense(128, name=f"{block}.narrow")(y)
    y = layers.Add(name=f"{block}.sum")([x, y])
    return layers.LayerNormalization(name=f"{block}.norm")(y)


def transformer_translation() -> Model:
    source = Input((None,), dtype="int32", name="source")
    x = _padded(source, "source")
    for copy in range(2):
        block = f"encoder_{copy}"
        y = layers.MultiHeadAttention(4, 32, name=f"{block}.attention")(x, x)
        y = layers.Add(name=f"{block}.attention_sum")([x, y])
        y = layers.LayerNormalization(name=f"{block}.attention_norm")(y)
        x = _feed_forward(y, block)
    memory = x

    target = Input((None,), dtype="int32", name="target")
    x = _padded(target, "target")
    for copy in range(2):
        block = f"decoder_{copy}"
        y = layers.MultiHeadAttention(4, 32, name=f"{block}.self_attention")(x, x, use_causal_mask=True)
        y = layers.Add(name=f"{block}.self_sum")([x, y])
        x = layers.LayerNormalization(name=f"{block}.self_norm")(y)
        y = layers.MultiHeadAttention(4, 32, name=f"{block}.cross_attention")(x, memory)
        y = layers.Add(name=f"{block}.cross_sum")([x, y])
        y = layers.LayerNormalization(name=f"{block}.cross_norm")(y)
        x = _feed_forward(y, block)
    x = layers.Dropout(0.1, name="dropout")(x)
    return Model([source, target], layers.Dense(6000, activation="softmax", name="probs")(x))


def mlp_mixer() -> Model:
    image = Input((64, 64, 3), name="image")
    x = layers.Conv2D(128, 8, strides=8, name="patches")(image)
    x = layers.Reshape((64, 128), name="table")(x)
    for copy in range(4):
        block = f"mixer_{copy}"
        y = layers.LayerNormalization(name=f"{block}.token_norm")(x)
        y = layers.Permute((2, 1), name=f"{block}.by_channel")(y)
        y = layers.Dense(128, activation="gelu", name=f"{block}.token_wide")(y)
        y = layers.Dense(64, name=f"{block}.token_narrow")(y)
        y = layers.Permute((2, 1), name=f"{block}.by_patch")(y)
        x = layers.Add(name=f"{block}.token_sum")([x, y])
        y = layers.LayerNormalization(name=f"{block}.channel_norm")(x)
        y = layers.Dense(512, activation="gelu", name=f"{block}.channel_wide")(y)
        y = layers.Dense(128, name=f"{block}.channel_narrow")(y)
        x = layers.Add(name=f"{block}.channel_sum")([x, y])
    x = layers.LayerNormalization(name="norm")(x)
    x = layers.GlobalAveragePooling1D(name="features")(x)
    return Model(image, layers.Dense(10, activation="softmax", name="classes")(x))


def _trunk(x: Any, block: str) -> Any:
    x = layers.Dense(256, activation="relu", name=f"{block}.first")(x)
    for copy in range(3):
        x = layers.Dense(256, activation="relu", name=f"{block}.trunk_{copy}.dense")(x)
    return x


def nbeats() -> Model:
    past = Input((120,), name="past")
    x = past
    forecasts = []
    for copy in range(3):
        block = f"block_{copy}"
        theta = _trunk(x, block)
        forecasts.append(layers.Dense(24, name=f"{block}.forecast")(theta))
        backcast = layers.Dense(120, name=f"{block}.backcast")(theta)
        x = layers.Subtract(name=f"{block}.residual")([x, backcast])
    forecasts.append(layers.Dense(24, name="last.forecast")(_trunk(x, "last")))
    return Model(past, layers.Add(name="forecast")(forecasts))
