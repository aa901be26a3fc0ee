"""Keras: layers that are built when they are first called, models that are compiled and fitted."""

from trainlint import anything, backward, by_name, children, cleared, connect, count, declared_input, derive, endless
from trainlint import guarded, guarded_by, is_connected, is_followed, is_stream, kept, last_input, last_output, later
from trainlint import loaded, meet, needless, numbered, once, own_callbacks, parameters, replay, run_layer
from trainlint import scheduled_by, set_layers, shaped, stepped, symbolic, takes_two, variables, weight, write_rate
from trainlint import in_turn, is_known_chain, is_own, is_trained, recorded, set_trained, written

from keras.activations import linear
from keras.layers import Concatenate, Dense, Rescaling
from keras.ops import maximum as larger, minimum as smaller
from os import environ
from torch import no_grad
from trainlint.networks import Body, Network


def Input(
    shape=None,
    batch_size=None,
    dtype=None,
    sparse=None,
    batch_shape=None,
    name=None,
    tensor=None,
    batch_input_shape=None,
    **kwargs,
):
    if tensor is not None:
        return tensor
    if batch_shape is None:
        batch_shape = batch_input_shape
    if shape is None and batch_shape is not None:
        shape = batch_shape[1:]
    return symbolic(shape, name)


class Layer(Network):
    looks_into_lists = True
    added = None
    built = False
    losses = ()
    updates = ()
    metrics = ()

    def __init__(self, *args, **kwargs):
        self.name = kwargs.get("name")

    def __call__(self, *args, **kwargs):
        return run_layer(self, *args, **kwargs)

    @property
    def trainable(self):
        return is_trained(self)

    @trainable.setter
    def trainable(self, value):
        set_trained(self, value)

    def build(self, input_shape):
        self.built = True

    def call(self, *args, **kwargs):
        return anything("a layer that does not say what it computes")

    def add_weight(self, *args, shape=(), trainable=True, **kwargs):
        for each in args:
            if isinstance(each, (tuple, list)):
                shape = each
        return weight(shape, trainable)

    def add_variable(self, *args, shape=(), trainable=True, **kwargs):
        return self.add_weight(*args, shape=shape, trainable=trainable)

    def add_loss(self, loss, inputs=None):
        guarded("a loss of a layer")
        if callable(loss):
            loss = loss()
        self.added = loss
        backward(loss)

    def add_metric(self, *args, **kwargs):
        return None

    @property
    def input(self):
        return last_input(self)

    @property
    def output(self):
        return last_output(self)

    @property
    def trainable_variables(self):
        return variables(self)

    @property
    def trainable_weights(self):
        return variables(self)

    @property
    def weights(self):
        return parameters(self)

    @property
    def variables(self):
        return parameters(self)

    @property
    def non_trainable_variables(self):
        return anything("variables that are not trained")

    def stateless_call(self, trainable_variables, non_trainable_variables, *args, return_losses=False, **kwargs):
        result = self(*args, **kwargs)
        if return_losses:
            return (result, non_trainable_variables, [])
        return (result, non_trainable_variables)

    # With PyTorch below, layers are modules, and gradients are recorded with no tape around them.

    @property
    def records(self):
        return "KERAS_BACKEND" in environ.written and environ.written["KERAS_BACKEND"] == "torch"

    def parameters(self, recurse=True):
        return parameters(self)

    def to(self, *args, **kwargs):
        return self

    def train(self, mode=True):
        return self

    def eval(self):
        return self

    def zero_grad(self, set_to_none=True):
        cleared(self)

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def get_weights(self):
        kept()
        return anything("the weights of a layer")

    def set_weights(self, weights):
        loaded(self)

    def count_params(self):
        return anything("how many weights a layer has")

    def compute_output_shape(self, *args, **kwargs):
        return anything("the shape of what a layer computes")


WEIGHTS = anything("the weights of a model")


class Model(Layer):
    optimizer = None
    loss = None
    stop_training = False

    def __init__(self, *args, inputs=None, outputs=None, **kwargs):
        self.name = kwargs.get("name")
        if len(args) > 0:
            if inputs is None:
                inputs = args[0]
            if len(args) > 1 and outputs is None:
                outputs = args[1]
        if inputs is None:
            inputs = kwargs.get("input")
        if outputs is None:
            outputs = kwargs.get("output")
        if inputs is not None and outputs is not None:
            connect(self, inputs, outputs)

    def call(self, inputs=None, training=None, mask=None):
        if is_connected(self):
            return replay(self, inputs)
        return anything("a model that does not say what it computes")

    @property
    def layers(self):
        return list(children(self))

    def get_layer(self, name=None, index=None):
        if index is not None:
            return self.layers[index]
        for layer in self.layers:
            if name is not None and layer.name == name:
                return layer
        return anything("a layer by name")

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        metrics=None,
        loss_weights=None,
        weighted_metrics=None,
        **kwargs,
    ):
        self.optimizer = by_name("optimizer", optimizer, written("optimizer"))
        self.loss = loss
        self.loss_written = written("loss")
        if loss is not None or self.added is not None:
            later(self, self.rehearse)

    def example(self):
        return anything("data that was not followed")

    def rehearse(self):
        for data in endless((self.example(), anything("targets that were not followed"))):
            self.step_with(data)

    def step_with(self, data):
        if takes_two(self.train_step):
            state = (parameters(self), anything("other variables"), anything("variables"), anything("variables"))
            self.train_step(state, data)
        else:
            self.train_step(data)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return meet(self.loss, y, y_pred, self.loss_written, self)

    def compiled_loss(self, y_true, y_pred, sample_weight=None, regularization_losses=None):
        return meet(self.loss, y_true, y_pred, self.loss_written, self)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return {}

    def train_step(self, data):
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=True)
        loss = self.compute_loss(x, y, y_pred, sample_weight)
        derive(loss, WEIGHTS, fitted=True)
        stepped(self.optimizer, [loss, self.added], variables(self))
        return {"loss": loss}

    def test_step(self, data):
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        return {"loss": self.compute_loss(x, y, y_pred, sample_weight)}

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        **kwargs,
    ):
        needless(self)
        if kwargs:
            epochs = kwargs.get("nb_epoch", epochs)
            if "initial_epoch" in kwargs:
                epochs = epochs - kwargs["initial_epoch"]
        scheduled_by(callbacks, self.optimizer, written("callbacks"), epochs)
        own = own_callbacks(callbacks)
        guarded_by(callbacks)
        if not own:
            for epoch in once(epochs):
                for data in batches(x, y):
                    self.step_with(data)
            if validation_data is not None and is_own(self.test_step):
                self.evaluate(*validation_data) if isinstance(validation_data, tuple) else self.evaluate(validation_data)
            return anything("the history of a training")
        for callback in own:
            callback.set_model(self)
            callback.on_train_begin()
        for epoch in [0] if epochs == 1 else numbered(epochs):
            for callback in own:
                callback.on_epoch_begin(epoch, {})
            for batch, data in enumerate(batches(x, y, once=epochs == 1)):
                for callback in own:
                    callback.on_train_batch_begin(batch, {})
                    callback.on_batch_begin(batch, {})
                self.step_with(data)
                for callback in own:
                    callback.on_train_batch_end(batch, anything("the scores of a batch"))
                    callback.on_batch_end(batch, anything("the scores of a batch"))
            for callback in own:
                callback.on_epoch_end(epoch, anything("the scores of an epoch"))
            if self.stop_training:
                break
        for callback in own:
            callback.on_train_end()
        return anything("the history of a training")

    def fit_generator(
        self,
        generator,
        steps_per_epoch=None,
        epochs=1,
        verbose=1,
        callbacks=None,
        validation_data=None,
        **kwargs,
    ):
        return self.fit(generator, epochs=epochs, callbacks=callbacks, validation_data=validation_data)

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        needless(self)
        self.step_with((x, y))
        return anything("the loss of a batch")

    def evaluate(self, x=None, y=None, *args, **kwargs):
        needless(self)
        with no_grad():
            for data in batches(x, y, once=True):
                self.test_step(data)
        return anything("the scores of a model")

    def evaluate_generator(self, generator, *args, **kwargs):
        return anything("the scores of a model")

    def test_on_batch(self, x, y=None, *args, **kwargs):
        needless(self)
        with no_grad():
            self.test_step((x, y))
        return anything("the scores of a model")

    def predict(self, x, *args, **kwargs):
        with no_grad():
            return self(x, training=False)

    def predict_on_batch(self, x):
        with no_grad():
            return self(x, training=False)

    def predict_generator(self, generator, *args, **kwargs):
        return anything("predictions")

    def summary(self, *args, **kwargs):
        return None

    def to_json(self, **kwargs):
        return anything("a model without its weights")

    def get_compile_config(self):
        return anything("how a model was compiled")

    def export(self, *args, **kwargs):
        kept()

    def load_weights(self, *args, **kwargs):
        loaded(self)

    def save(self, *args, **kwargs):
        kept()

    def save_weights(self, *args, **kwargs):
        kept()

    def reset_metrics(self):
        return None

    def reset_states(self):
        return None


class Sequential(Model):
    trace = None

    def __init__(self, layers=None, *args, **kwargs):
        self.name = kwargs.get("name")
        set_layers(self, [] if layers is None else layers)

    def add(self, layer):
        self.trace = None
        set_layers(self, [*children(self), layer])

    def pop(self):
        items = list(children(self))
        layer = items.pop()
        self.trace = None
        set_layers(self, items)
        return layer

    def traced(self):
        if self.trace is None:
            start = declared_input(self)
            self.trace = (start, self(start))
        return self.trace

    @property
    def layers(self):
        self.traced()
        return list(children(self))

    @property
    def input(self):
        return self.traced()[0]

    @property
    def inputs(self):
        return [self.traced()[0]]

    @property
    def output(self):
        return self.traced()[1]

    @property
    def outputs(self):
        return [self.traced()[1]]

    def call(self, inputs, training=None, mask=None):
        inputs = shaped(self, inputs)
        if is_known_chain(self):
            return in_turn(self, inputs)
        for layer in children(self):
            inputs = layer(inputs)
        return inputs


def unpack_x_y_sample_weight(data):
    if not isinstance(data, tuple):
        if not isinstance(data, list):
            return (data, None, None)
        data = tuple(data)
    if len(data) == 2:
        return (data[0], data[1], None)
    if len(data) == 1:
        return (data[0], None, None)
    return (data[0], data[1], data[2])


def batches(x, y, once=False):
    if y is not None:
        batch = (x, y)
    elif is_stream(x):
        return first_of(x) if once else x
    elif is_followed(x):
        batch = (x,)
    else:
        batch = (anything("a batch of unknown data"), anything("targets of unknown data"))
    return [batch] if once else endless(batch)


def first_of(stream):
    for each in stream:
        return [each]
    return []


class Loss(Network):
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, y_true, y_pred, sample_weight=None):
        return self.call(y_true, y_pred)

    def call(self, y_true, y_pred):
        return anything("a loss that does not say what it computes")


class Optimizer:
    def __init__(self, *args, **kwargs):
        pass

    @property
    def learning_rate(self):
        return anything("the learning rate of an optimizer")

    @learning_rate.setter
    def learning_rate(self, value):
        write_rate(self, value)

    @property
    def lr(self):
        return self.learning_rate

    @lr.setter
    def lr(self, value):
        write_rate(self, value)

    def apply_gradients(self, grads_and_vars, *args, **kwargs):
        stepped(self, grads_and_vars)

    def apply(self, grads, trainable_variables=None):
        stepped(self, (grads, trainable_variables))

    def stateless_apply(self, optimizer_variables, grads, trainable_variables):
        stepped(self, (grads, trainable_variables))
        return (trainable_variables, optimizer_variables)

    def build(self, variables):
        return None

    @property
    def iterations(self):
        return count()

    def get_config(self):
        return {}

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        return None

    def finalize_variable_values(self, var_list):
        return None

    def compute_gradients(self, loss, var_list=None, *args, **kwargs):
        return [(derive(loss, var_list), var_list)]

    def minimize(self, loss, var_list=None, *args, **kwargs):
        if callable(loss):
            loss = loss()
        if callable(var_list):
            var_list = var_list()
        derive(loss, anything("weights") if var_list is None else var_list)
        stepped(self, (loss, var_list))


class LearningRateSchedule:
    def __init__(self, *args, **kwargs):
        pass


class Callback:
    model = None
    params = None

    def __init__(self, *args, **kwargs):
        pass

    def set_model(self, model):
        self.model = model

    def set_params(self, params):
        self.params = params

    def on_train_begin(self, logs=None):
        return None

    def on_train_end(self, logs=None):
        return None

    def on_epoch_begin(self, epoch, logs=None):
        return None

    def on_epoch_end(self, epoch, logs=None):
        return None

    def on_batch_begin(self, batch, logs=None):
        return None

    def on_batch_end(self, batch, logs=None):
        return None

    def on_train_batch_begin(self, batch, logs=None):
        return None

    def on_train_batch_end(self, batch, logs=None):
        return None


class LambdaCallback(Callback):
    def __init__(self, on_epoch_begin=None, on_epoch_end=None, on_train_begin=None, on_train_end=None, on_train_batch_begin=None, on_train_batch_end=None, on_batch_begin=None, on_batch_end=None, **kwargs):
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            "on_batch_begin": on_batch_begin,
            "on_batch_end": on_batch_end,
        }
        for name, function in given.items():
            if function is not None:
                setattr(self, name, lambda *args, function=function, **kwargs: function(*args))


class GradientTape:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        recorded(self, True)
        return self

    def __exit__(self, *args):
        recorded(self, False)

    def watch(self, tensor):
        return None

    def gradient(self, target, sources, *args, **kwargs):
        return derive(target, sources, self)

    def jacobian(self, target, sources, *args, **kwargs):
        return anything("a jacobian")

    def batch_jacobian(self, target, source, *args, **kwargs):
        return anything("a jacobian")

    def stop_recording(self):
        return self

    def reset(self):
        return None


# Layers that are made of others ---------------------------------------------------------------------------------------


class Add(Layer):
    def call(self, inputs):
        total = inputs[0]
        for each in inputs[1:]:
            total = total + each
        return total


class Subtract(Layer):
    def call(self, inputs):
        return inputs[0] - inputs[1]


class Multiply(Layer):
    def call(self, inputs):
        total = inputs[0]
        for each in inputs[1:]:
            total = total * each
        return total


class Average(Layer):
    def call(self, inputs):
        total = inputs[0]
        for each in inputs[1:]:
            total = total + each
        return total / len(inputs)


class Maximum(Layer):
    def call(self, inputs):
        total = inputs[0]
        for each in inputs[1:]:
            total = larger(total, each)
        return total


class Minimum(Layer):
    def call(self, inputs):
        total = inputs[0]
        for each in inputs[1:]:
            total = smaller(total, each)
        return total


class Opaque(Layer):
    def call(self, inputs):
        return anything("a layer that is not followed")


def add(inputs, **kwargs):
    return Add()(inputs)


def subtract(inputs, **kwargs):
    return Subtract()(inputs)


def multiply(inputs, **kwargs):
    return Multiply()(inputs)


def average(inputs, **kwargs):
    return Average()(inputs)


def maximum(inputs, **kwargs):
    return Maximum()(inputs)


def minimum(inputs, **kwargs):
    return Minimum()(inputs)


def opaque(inputs, *args, **kwargs):
    return Opaque()(inputs)


def concatenate(inputs, axis=-1, **kwargs):
    return Concatenate(axis=axis)(inputs)


def merge(inputs, mode="sum", concat_axis=-1, **kwargs):
    if mode == "sum":
        return Add()(inputs)
    if mode == "mul":
        return Multiply()(inputs)
    if mode == "ave":
        return Average()(inputs)
    if mode == "concat":
        return Concatenate(axis=concat_axis)(inputs)
    return Opaque()(inputs)


class Lambda(Layer):
    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        self.name = kwargs.get("name")
        self.function = function
        self.arguments = {} if arguments is None else arguments

    def call(self, inputs):
        return self.function(inputs, **self.arguments)


class Wrapper(Layer):
    def __init__(self, layer, **kwargs):
        self.name = kwargs.get("name")
        self.layer = layer


class TimeDistributed(Wrapper):
    def call(self, inputs):
        return self.layer(inputs)


class StackedRNNCells(Layer):
    def __init__(self, cells, **kwargs):
        self.name = kwargs.get("name")
        self.cells = cells

    def call(self, inputs, states=None):
        for cell in self.cells:
            inputs = cell(inputs, anything("the states of a cell"))[0]
        return (inputs, anything("the states of cells"))


class RNN(Layer):
    def __init__(self, cell, return_sequences=False, return_state=False, *args, **kwargs):
        self.name = kwargs.get("name")
        self.cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        self.return_state = return_state

    def call(self, inputs, initial_state=None):
        output = self.cell(inputs, anything("the states of a cell"))[0]
        if self.return_state:
            return [output, anything("the states of a cell")]
        return output


class Bidirectional(Wrapper):
    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        self.name = kwargs.get("name")
        self.layer = layer
        self.merge_mode = merge_mode

    def call(self, inputs, initial_state=None):
        there = self.layer(inputs)
        states = ()
        if isinstance(there, (list, tuple)):
            states = (*there[1:], *there[1:])
            there = there[0]
        back = self.layer(inputs)
        if isinstance(back, (list, tuple)):
            back = back[0]
        if self.merge_mode == "sum":
            both = there + back
        elif self.merge_mode == "mul":
            both = there * back
        elif self.merge_mode is None:
            both = [there, back]
        elif self.merge_mode == "ave":
            both = (there + back) / 2
        else:
            both = Concatenate()([there, back])
        if len(states) == 0:
            return both
        return [both, *states]


# Networks that come whole ---------------------------------------------------------------------------------------------


class Application(Model):
    def get_layer(self, name=None, index=None):
        return Inner(self.input)


class Inner(Layer):
    def __init__(self, start):
        self.start = start

    @property
    def input(self):
        return self.start

    @property
    def output(self):
        return Body()(self.start)


def assembled(start, scales, include_top, weights, classes, activation):
    x = Rescaling(1.0 / 255)(start) if scales else start
    x = Body()(x)
    if include_top:
        x = Dense(classes, activation=activation)(x)
    model = Application(inputs=start, outputs=x)
    if weights is not None:
        loaded(model)
    return model


def application(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    classifier_activation="softmax",
    **kwargs,
):
    start = Input(input_shape) if input_tensor is None else input_tensor
    return assembled(start, False, include_top, weights, classes, classifier_activation)


def scaling_application(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    classifier_activation="softmax",
    include_preprocessing=True,
    **kwargs,
):
    start = Input(input_shape) if input_tensor is None else input_tensor
    return assembled(start, include_preprocessing, include_top, weights, classes, classifier_activation)


def mobile_application(
    input_shape=None,
    alpha=1.0,
    depth_multiplier=1,
    dropout=0.001,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
    classifier_activation="softmax",
    **kwargs,
):
    start = Input(input_shape) if input_tensor is None else input_tensor
    return assembled(start, False, include_top, weights, classes, classifier_activation)


def mobile_scaling_application(
    input_shape=None,
    alpha=1.0,
    minimalistic=False,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    classes=1000,
    pooling=None,
    dropout_rate=0.2,
    classifier_activation="softmax",
    include_preprocessing=True,
    **kwargs,
):
    start = Input(input_shape) if input_tensor is None else input_tensor
    return assembled(start, include_preprocessing, include_top, weights, classes, classifier_activation)


class KerasLayer(Layer):
    def __init__(self, *args, **kwargs):
        self.body = Body()
        loaded(self)

    def call(self, inputs, training=None):
        return self.body(inputs)


def clone_model(model, *args, **kwargs):
    return model


class Strategy:
    def __init__(self, *args, **kwargs):
        self.num_replicas_in_sync = count()

    def scope(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def run(self, fn, args=(), kwargs=None):
        return fn(*args, **({} if kwargs is None else kwargs))

    def experimental_run_v2(self, fn, args=(), kwargs=None):
        return self.run(fn, args, kwargs)

    def reduce(self, reduce_op, value, axis=None):
        return value

    def experimental_distribute_dataset(self, dataset, options=None):
        return dataset

    def experimental_local_results(self, value):
        return (value,)


def set_backend(backend):
    environ["KERAS_BACKEND"] = backend


def get_activation(identifier):
    if identifier is None:
        return linear
    return by_name("function", identifier, written("identifier"))


def get_loss(identifier):
    return by_name("loss", identifier, written("identifier"))


def get_optimizer(identifier):
    return by_name("optimizer", identifier, written("identifier"))
