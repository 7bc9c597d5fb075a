"""Small models, each for something that a saved model can say. A function a model."""

from typing import Any

import keras
from keras import Input, Model, ops
from keras import layers as kl

from tests.abilities import UNREAD_INPUTS


def layers_at_two_depths() -> Model:
    x = Input((10,), name="x")
    first, second = kl.Dense(10, name="first"), kl.Dense(10, name="second")
    return Model(x, first(second(first(second(x)))))


def states_of_an_encoder() -> Model:
    source, target = Input((8, 4)), Input((5, 4))
    _, hidden, cell = kl.LSTM(6, return_state=True)(source)
    decoder = kl.LSTM(6, return_sequences=True, return_state=True)
    decoded, _, _ = decoder(target, initial_state=[hidden, cell])
    return Model([source, target], kl.Dense(3)(decoded))


def first_output_of_several() -> Model:
    x = Input((8, 4))
    return Model(x, kl.Dense(2)(kl.GRU(6, return_state=True)(x)[0]))


def attention_with_a_mask() -> Model:
    x, mask = Input((8, 16)), Input((8, 8), dtype="bool")
    attended, scores = kl.MultiHeadAttention(2, 8)(
        x, x, attention_mask=mask, return_attention_scores=True, use_causal_mask=True
    )
    return Model([mask, x], [kl.Add()([x, attended]), scores])


def attention_over_a_list() -> Model:
    query, value = Input((4, 8)), Input((6, 8))
    return Model([query, value], kl.Attention()([query, value]))


def grouped_queries() -> Model:
    query, value = Input((5, 8)), Input((6, 8))
    return Model([query, value], kl.GroupQueryAttention(8, 4, 2)(query, value, value))


def masks_of_an_embedding() -> Model:
    words = Input((9,), dtype="int32")
    known = kl.Embedding(50, 8, mask_zero=True)(words)
    return Model(words, kl.LSTM(4)(kl.Bidirectional(kl.GRU(5, return_sequences=True))(known)))


def masks_through_a_wrapper() -> Model:
    x = Input((9, 3))
    dense = kl.TimeDistributed(kl.Dense(4))(kl.Masking()(x))
    states = kl.GRU(3, return_sequences=True)(dense)
    return Model(x, kl.Attention()([states, states]))


def model_called_twice() -> Model:
    inside = Input((8, 4))
    inner = Model(inside, kl.GRU(4, return_sequences=True)(inside), name="inner")
    x = Input((8, 4))
    return Model(x, kl.Add()([inner(x), inner(kl.Dense(4)(x))]))


def model_of_several_inputs_and_outputs() -> Model:
    a, b = Input((4,)), Input((4,))
    total = kl.Add(name="total")([a, b])
    inner = Model([a, b], [kl.Dense(4)(total), total, a], name="inner")
    x, y = Input((4,)), Input((4,))
    dense, total, through = inner([x, y])
    again, second, third = inner([dense, through])
    return Model([x, y], [again, kl.Concatenate()([second, third, total])])


def model_by_names() -> Model:
    a, b = Input((4,), name="a"), Input((5,), name="b")
    joined = kl.Dense(2)(kl.Concatenate()([a, b]))
    inner = Model({"b": b, "a": a}, {"joined": joined, "alone": kl.Dense(3)(b)}, name="inner")
    x, y = Input((4,)), Input((5,))
    found = inner({"a": x, "b": y})
    return Model([y, x], [found["joined"], found["alone"]])


def model_without_layers() -> Model:
    inside, x = Input((4,)), Input((4,))
    return Model(x, kl.Dense(3)(Model(inside, inside, name="nothing")(x)))


def models_in_models() -> Model:
    a, b, c = Input((4,)), Input((4,)), Input((4,))
    inner = Model(a, kl.Dense(4)(a), name="inner")
    outer = Model(b, inner(inner(b)), name="outer")
    return Model(c, outer(outer(c)))


def sequential_of_sequentials() -> keras.Sequential:
    inner = keras.Sequential([kl.Dense(5), kl.Dropout(0.1)])
    return keras.Sequential([Input((4,)), inner, kl.Dense(3)])


def sequential_called_twice() -> Model:
    inner = keras.Sequential([kl.Dense(4), kl.Dropout(0.1)])
    x, y = Input((4,)), Input((4,))
    return Model([x, y], kl.Subtract()([inner(x), inner(y)]))


def sequential_that_was_built() -> keras.Sequential:
    model = keras.Sequential([kl.GRU(4, return_sequences=True), kl.Dense(2)])
    model.build((None, 7, 3))
    return model


def stacked_cells() -> Model:
    x = Input((7, 3))
    stacked = kl.RNN([kl.LSTMCell(4), kl.GRUCell(5)], return_sequences=True)(x)
    return Model(x, kl.RNN(kl.SimpleRNNCell(3))(stacked))


def own_backward_layer() -> Model:
    x = Input((7, 3))
    backward = kl.LSTM(4, return_state=True, go_backwards=True)
    found = kl.Bidirectional(kl.LSTM(4, return_state=True), backward_layer=backward)(x)
    return Model(x, [found[0], found[3]])


def functions() -> Model:
    x = Input((10, 8), name="x")
    turned = ops.transpose(ops.stack(ops.split(x, 2, axis=-1), axis=1), (0, 2, 1, 3))
    return Model(
        x,
        [
            1 - (x * 2.0 + 1),
            ops.reshape(turned, (-1, 80)),
            ops.top_k(x, 2)[0],
            ops.einsum("bij,bkj->bik", x, x),
            ops.concatenate([x, x], axis=-1),
            ops.where(x > 0, x, 0.0),
            ops.mean(x, axis=1),
            ops.cast(x, "float16"),
        ],
    )


def slices_and_constants() -> Model:
    x = Input((10, 8), name="x")
    constant = ops.convert_to_tensor([1.0] * 8)
    whole = ops.convert_to_tensor([1, 2], dtype="int64")
    return Model(
        x,
        [
            x[:, 1:, ::2],
            x[..., 0],
            x[:, -1, None],
            x[:, -3:-1],
            x + constant,
            ops.take(x, whole, axis=1),
        ],
    )


def mixed_dtypes() -> Model:
    x = Input((6, 3))
    half = kl.GRU(4, dtype="mixed_float16")(x)
    return Model(x, kl.Dense(3, dtype=keras.DTypePolicy("bfloat16"))(half))


def objects_in_arguments() -> Model:
    x = Input((4,))
    dense = kl.Dense(
        2,
        kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2),
        kernel_initializer=keras.initializers.RandomNormal(0.0, 0.02),
        bias_constraint=keras.constraints.NonNeg(),
        activation=kl.LeakyReLU(0.2),
    )
    return Model(x, dense(kl.BatchNormalization()(x)))


def a_fixed_batch() -> Model:
    x = Input(batch_shape=(3, 6, 3))
    return Model(x, kl.GRU(4, stateful=True)(x))


def a_vocabulary() -> Model:
    x = Input((1,), dtype="string")
    return Model(x, kl.StringLookup(vocabulary=["a", "b"])(x))


def a_wrapper_with_weights() -> Model:
    x = Input((6, 6, 3))
    return Model(x, kl.SpectralNormalization(kl.Conv2D(3, 3))(x))


def frozen_layers() -> Model:
    x = Input((4,))
    frozen = kl.Dense(3, trainable=False)(x)
    wrapped = kl.TimeDistributed(kl.Dense(2, trainable=False))(kl.Reshape((1, 3))(frozen))
    return Model(x, kl.Dense(2)(wrapped))


def a_frozen_model_inside() -> Model:
    inside, x = Input((4,)), Input((4,))
    inner = Model(inside, kl.BatchNormalization()(kl.Dense(3)(inside)), name="inner")
    inner.trainable = False
    return Model(x, kl.Dense(2)(inner(x, training=False)))


def a_frozen_model() -> Model:
    model = objects_in_arguments()
    model.trainable = False
    return model


def a_wrapped_model() -> Model:
    inside, x = Input((6, 4)), Input((5, 6, 4))
    inner = Model(inside, kl.LSTM(3)(inside), name="inner")
    return Model(x, kl.LSTM(2)(kl.TimeDistributed(inner)(x)))


def a_wrapped_sequential() -> keras.Sequential:
    inner = keras.Sequential([Input((8, 8, 1)), kl.Conv2D(4, 3), kl.Flatten()])
    return keras.Sequential([Input((5, 8, 8, 1)), kl.TimeDistributed(inner), kl.GRU(3)])


def inputs_in_lists_in_lists() -> Model:
    a, b, c = Input((4,)), Input((4,)), Input((4,))
    inner = Model([a, [b, c]], kl.Subtract()([kl.Add()([a, b]), c]), name="inner")
    x, y, z = Input((4,)), Input((4,)), Input((4,))
    return Model([x, [y, z]], inner([x, [y, z]]))


def masks_in_a_list() -> Model:
    x, mask = Input((8, 4)), Input((8,), dtype="bool")
    return Model([x, mask], kl.Attention()([x, x], mask=[mask, mask]))


def states_of_both_directions() -> Model:
    x, state = Input((8, 4)), Input((3,))
    return Model([x, state], kl.Bidirectional(kl.GRU(3))(x, initial_state=[state, state * 2]))


def functions_in_a_model_called_twice() -> Model:
    inside, x = Input((8, 4)), Input((8, 4))
    inner = Model(inside, inside[:, 1:] + 1, name="inner")
    return Model(x, inner(x) * inner(x + 1))


def from_the_middle_of_a_model() -> Model:
    first = kl.Dense(3, name="first")(Input((8, 4)))
    return Model(first, kl.Dense(2, name="second")(first))


def sequential_that_begins_with_a_model() -> keras.Sequential:
    inside = Input((4,))
    return keras.Sequential([Model(inside, kl.Dense(3)(inside)), kl.Dense(2)])


MODELS: dict[str, Any] = {
    name: value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", None) == __name__
    if UNREAD_INPUTS or name != "model_without_layers"
}
