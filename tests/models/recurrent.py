"""A sequence read by recurrent layers: taggers, classifiers, pairs, memory."""

from keras import Input, Model, layers, ops

from tests.models.naming import called


def ner_bilstm_tagger() -> Model:
    words = Input((None,), dtype="int32", name="words")
    x = layers.Embedding(20_000, 100, mask_zero=True, name="vectors")(words)
    x = layers.Dropout(0.5, name="dropout")(x)
    x = layers.Bidirectional(layers.LSTM(100, return_sequences=True), name="context")(x)
    tags = layers.TimeDistributed(layers.Dense(9, activation="softmax"), name="tags")(x)
    return Model(words, tags)


def ner_char_cnn_bilstm() -> Model:
    letters = Input((50, 16), dtype="int32", name="letters")
    x = layers.Embedding(97, 30, name="letter_vectors")(letters)
    trigrams = layers.Conv1D(30, 3, padding="same", activation="tanh")
    x = layers.TimeDistributed(trigrams, name="trigrams")(x)
    spelling = layers.TimeDistributed(layers.GlobalMaxPooling1D(), name="spelling")(x)

    words = Input((50,), dtype="int32", name="words")
    y = layers.Embedding(20_000, 100, name="word_vectors")(words)
    y = layers.Concatenate(name="both")([y, spelling])
    y = layers.Dropout(0.5, name="dropout")(y)
    y = layers.Bidirectional(layers.LSTM(128, return_sequences=True), name="context")(y)
    return Model([letters, words], layers.Dense(17, activation="softmax", name="tags")(y))


def hierarchical_attention() -> Model:
    document = Input((15, 30), dtype="int32", name="document")
    x = layers.Embedding(20_000, 100, name="vectors")(document)
    reader = layers.Bidirectional(layers.GRU(50, return_sequences=True))
    words = layers.TimeDistributed(reader, name="words")(x)
    x = layers.Dense(100, activation="tanh", name="word_hidden")(words)
    x = layers.Dense(1, use_bias=False, name="word_scores")(x)
    x = layers.Softmax(axis=2, name="word_weights")(x)
    x = layers.Multiply(name="weighted_words")([words, x])
    sentences = called("sentences", ops.sum(x, axis=2))

    context = layers.Bidirectional(layers.GRU(50, return_sequences=True), name="context")(sentences)
    x = layers.Dense(100, activation="tanh", name="sentence_hidden")(context)
    x = layers.Dense(1, use_bias=False, name="sentence_scores")(x)
    x = layers.Softmax(axis=1, name="sentence_weights")(x)
    x = layers.Multiply(name="weighted_sentences")([context, x])
    summary = called("summary", ops.sum(x, axis=1))
    return Model(document, layers.Dense(5, activation="softmax", name="classes")(summary))


def char_gru_stateful() -> Model:
    chars = Input((None,), batch_size=64, dtype="int32", name="chars")
    x = layers.Embedding(66, 256, name="vectors")(chars)
    x = layers.GRU(1024, return_sequences=True, stateful=True, name="gru")(x)
    return Model(chars, layers.Dense(66, name="logits")(x))


def clinical_masked_lstm() -> Model:
    stay = Input((None, 76), name="stay")
    x = layers.Masking(0.0, name="masking")(stay)
    both_ways = layers.Bidirectional(layers.LSTM(64, dropout=0.3, return_sequences=True), name="both_ways")
    x = both_ways(x)
    x = layers.LSTM(128, dropout=0.3, name="last")(x)
    x = layers.Dropout(0.3, name="dropout")(x)
    return Model(stay, layers.Dense(25, activation="sigmoid", name="diagnoses")(x))


def simple_rnn_baseline() -> Model:
    rows = Input((28, 28), name="rows")
    x = layers.SimpleRNN(128, activation="relu", recurrent_initializer="identity", name="rnn")(rows)
    return Model(rows, layers.Dense(10, activation="softmax", name="digits")(x))


def stacked_cells_forecaster() -> Model:
    load = Input((96, 7), name="load")
    x = layers.LayerNormalization(name="scaled")(load)
    cells = layers.StackedRNNCells([layers.LSTMCell(units) for units in (64, 64, 32)])
    x = layers.RNN(cells, name="rnn")(x)
    return Model(load, layers.Dense(24, name="forecast")(x))


def support_tickets() -> Model:
    title = Input((None,), dtype="int32", name="title")
    body = Input((None,), dtype="int32", name="body")
    tags = Input((12,), name="tags")
    x = layers.LSTM(128, name="title_summary")(layers.Embedding(10_000, 64, name="title_vectors")(title))
    y = layers.LSTM(32, name="body_summary")(layers.Embedding(10_000, 64, name="body_vectors")(body))
    ticket = layers.Concatenate(name="ticket")([x, y, tags])
    priority = layers.Dense(1, name="priority")(ticket)
    department = layers.Dense(4, name="department")(ticket)
    return Model([title, body, tags], [priority, department])


def attention_pooling() -> Model:
    words = Input((80,), dtype="int32", name="words")
    x = layers.Embedding(15_000, 100, name="vectors")(words)
    states = layers.Bidirectional(layers.LSTM(64, return_sequences=True), name="states")(x)
    x = layers.Dense(1, activation="tanh", name="scores")(states)
    x = layers.Flatten(name="flat")(x)
    x = layers.Activation("softmax", name="weights")(x)
    x = layers.RepeatVector(128, name="repeated")(x)
    x = layers.Permute([2, 1], name="by_step")(x)
    x = layers.Multiply(name="weighted")([states, x])
    summary = called("summary", ops.sum(x, axis=1))
    return Model(words, layers.Dense(19, activation="softmax", name="relations")(summary))


def siamese_lstm() -> Model:
    left = Input((None,), dtype="int32", name="left")
    right = Input((None,), dtype="int32", name="right")
    vectors = layers.Embedding(12_000, 128, mask_zero=True, name="vectors")
    encoder = layers.LSTM(64, name="encoder")
    difference = layers.Subtract(name="difference")([encoder(vectors(left)), encoder(vectors(right))])
    absolute = called("absolute", ops.absolute(difference))
    distance = called("distance", ops.sum(absolute, axis=1, keepdims=True))
    negative = called("negative", ops.negative(distance))
    return Model([left, right], called("similarity", ops.exp(negative)))


def two_tower_retrieval() -> Model:
    seen = Input((None,), dtype="int32", name="seen")
    candidate = Input((), dtype="int32", name="candidate")
    films = layers.Embedding(20_000, 64, mask_zero=True, name="films")
    taste = layers.GlobalAveragePooling1D(name="taste")(films(seen))
    user = layers.Dense(128, activation="relu", name="user_hidden")(taste)
    user = layers.Dense(32, name="user")(user)
    item = layers.Dense(128, activation="relu", name="item_hidden")(films(candidate))
    item = layers.Dense(32, name="item")(item)
    return Model([seen, candidate], layers.Dot(1, normalize=True, name="cosine")([user, item]))


def babi_memory_network() -> Model:
    story = Input((68,), dtype="int32", name="story")
    question = Input((4,), dtype="int32", name="question")
    memory_in = layers.Embedding(22, 64, name="memory_in")(story)
    memory_in = layers.Dropout(0.3, name="memory_in_dropout")(memory_in)
    memory_out = layers.Embedding(22, 4, name="memory_out")(story)
    memory_out = layers.Dropout(0.3, name="memory_out_dropout")(memory_out)
    asked = layers.Embedding(22, 64, name="question_in")(question)
    asked = layers.Dropout(0.3, name="question_dropout")(asked)

    match = layers.Dot((2, 2), name="match")([memory_in, asked])
    match = layers.Activation("softmax", name="match_weights")(match)
    response = layers.Add(name="response")([match, memory_out])
    response = layers.Permute((2, 1), name="by_question_word")(response)
    x = layers.Concatenate(name="answer_in")([response, asked])
    x = layers.LSTM(32, name="reader")(x)
    x = layers.Dropout(0.3, name="dropout")(x)
    return Model([story, question], layers.Dense(22, activation="softmax", name="answer")(x))
