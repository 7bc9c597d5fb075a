"""A sequence in, a sequence out: translation, captions, forecasts, reconstruction."""

from keras import Input, Model, layers, ops

from tests.models.naming import called


def bahdanau_translation() -> Model:
    source = Input((None,), dtype="int32", name="source")
    x = layers.Embedding(6000, 128, mask_zero=True, name="source_vectors")(source)
    encoder = layers.Bidirectional(
        layers.GRU(128, return_sequences=True, return_state=True), name="encoder"
    )
    annotations, forward, backward = encoder(x)
    last = layers.Concatenate(name="last_states")([forward, backward])
    state = layers.Dense(256, activation="tanh", name="bridge")(last)

    target = Input((None,), dtype="int32", name="target")
    y = layers.Embedding(5000, 128, mask_zero=True, name="target_vectors")(target)
    y = layers.GRU(256, return_sequences=True, name="decoder")(y, initial_state=state)
    context = layers.AdditiveAttention(name="context")([y, annotations])
    y = layers.Concatenate(name="state_and_context")([y, context])
    y = layers.Dense(128, activation="tanh", name="readout")(y)
    probs = layers.Dense(5000, activation="softmax", name="probs")(y)
    return Model([source, target], probs)


def luong_translation() -> Model:
    source = Input((None,), dtype="int32", name="source")
    x = layers.Embedding(4000, 128, mask_zero=True, name="source_vectors")(source)
    x, low_h, low_c = layers.LSTM(256, return_sequences=True, return_state=True, name="encoder_low")(x)
    x, high_h, high_c = layers.LSTM(256, return_sequences=True, return_state=True, name="encoder_high")(x)

    target = Input((None,), dtype="int32", name="target")
    y = layers.Embedding(4000, 128, mask_zero=True, name="target_vectors")(target)
    y = layers.LSTM(256, return_sequences=True, name="decoder_low")(y, initial_state=[low_h, low_c])
    y = layers.LSTM(256, return_sequences=True, name="decoder_high")(y, initial_state=[high_h, high_c])
    context = layers.Attention(name="context")([y, x])
    y = layers.Concatenate(name="context_and_state")([context, y])
    y = layers.Dense(256, activation="tanh", use_bias=False, name="attentional")(y)
    probs = layers.Dense(4000, activation="softmax", name="probs")(y)
    return Model([source, target], probs)


def bidirectional_encoder_decoder() -> Model:
    source = Input((None, 71), name="source")
    encoder = layers.Bidirectional(layers.LSTM(128, return_state=True), name="encoder")
    _, forward_h, forward_c, backward_h, backward_c = encoder(source)
    state_h = layers.Concatenate(name="state_h")([forward_h, backward_h])
    state_c = layers.Concatenate(name="state_c")([forward_c, backward_c])

    target = Input((None, 93), name="target")
    decoder = layers.LSTM(256, return_sequences=True, name="decoder")
    y = decoder(target, initial_state=[state_h, state_c])
    probs = layers.Dense(93, activation="softmax", name="probs")(y)
    return Model([source, target], probs)


def addition_seq2seq() -> Model:
    question = Input((7, 12), name="question")
    x = layers.LSTM(128, name="encoder")(question)
    x = layers.RepeatVector(4, name="repeated")(x)
    x = layers.LSTM(128, return_sequences=True, name="decoder")(x)
    return Model(question, layers.Dense(12, activation="softmax", name="answer")(x))


def pointer_network() -> Model:
    points = Input((20, 2), name="points")
    encoder = layers.LSTM(128, return_sequences=True, return_state=True, name="encoder")
    encoded, state_h, state_c = encoder(points)
    chosen = Input((10, 2), name="chosen")
    decoder = layers.LSTM(128, return_sequences=True, name="decoder")
    decoded = decoder(chosen, initial_state=[state_h, state_c])

    keys = layers.Dense(128, use_bias=False, name="keys")(encoded)
    queries = layers.Dense(128, use_bias=False, name="queries")(decoded)
    keys = called("keys_row", ops.expand_dims(keys, axis=1))
    queries = called("queries_column", ops.expand_dims(queries, axis=2))
    pairs = layers.Add(name="pairs")([queries, keys])
    pairs = layers.Activation("tanh", name="bent")(pairs)
    scores = layers.Dense(1, use_bias=False, name="score")(pairs)
    scores = called("scores", ops.squeeze(scores, axis=3))
    return Model([points, chosen], layers.Softmax(name="pointers")(scores))


def image_captioning() -> Model:
    image = Input((2048,), name="image")
    states = [layers.Dense(256, name=name)(image) for name in ("state_h", "state_c")]
    caption = Input((None,), dtype="int32", name="caption")
    x = layers.Embedding(5000, 256, mask_zero=True, name="words")(caption)
    x = layers.LSTM(256, return_sequences=True, name="decoder")(x, initial_state=states)
    x = layers.Dropout(0.5, name="dropout")(x)
    return Model([image, caption], layers.Dense(5000, activation="softmax", name="next_word")(x))


def gru_forecaster() -> Model:
    past = Input((168, 8), name="past")
    future = Input((24, 4), name="future")
    x = layers.GRU(64, name="encoder")(past)
    x = layers.RepeatVector(24, name="summary")(x)
    x = layers.Concatenate(name="known")([x, future])
    x = layers.GRU(64, return_sequences=True, name="decoder")(x)
    return Model([past, future], layers.TimeDistributed(layers.Dense(1), name="forecast")(x))


def lstm_autoencoder() -> Model:
    sensors = Input((30, 6), name="sensors")
    x = layers.LSTM(64, return_sequences=True, name="encoder")(sensors)
    x = layers.LSTM(32, name="code")(x)
    x = layers.RepeatVector(30, name="repeated")(x)
    x = layers.LSTM(32, return_sequences=True, name="unrolled")(x)
    x = layers.LSTM(64, return_sequences=True, name="decoder")(x)
    return Model(sensors, layers.TimeDistributed(layers.Dense(6), name="rebuilt")(x))
