"""Generators of images in Keras, and what scikit-learn does to tables in several steps."""

from trainlint import anything, augmenting, batched, beside, column_part, count, endless, image_of_directory, one_of
from trainlint import is_followed, other_columns, part_of, rescaled, row_numbers, standardised


class ImageDataGenerator:
    def __init__(
        self,
        featurewise_center=False,
        samplewise_center=False,
        featurewise_std_normalization=False,
        samplewise_std_normalization=False,
        *args,
        rescale=None,
        preprocessing_function=None,
        **kwargs,
    ):
        self.statistics = featurewise_std_normalization or samplewise_std_normalization
        self.centres = featurewise_center or samplewise_center
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        if len(args) > 0 or len(kwargs) > 0:
            augmenting()

    def fit(self, x, *args, **kwargs):
        return None

    def standardize(self, x):
        if self.preprocessing_function is not None:
            x = self.preprocessing_function(x)
        if self.rescale is not None:
            x = rescaled(self, x, self.rescale)
        if self.statistics or self.centres:
            x = standardised(self, x)
        return x

    def random_transform(self, x, *args, **kwargs):
        return x

    def flow(self, x, y=None, batch_size=32, *args, **kwargs):
        images = batched(self.standardize(one_of(x)))
        if y is None:
            return Flow(images)
        return Flow((images, y))

    def flow_from_directory(self, directory, target_size=(256, 256), color_mode="rgb", classes=None, class_mode="categorical", *args, **kwargs):
        images = batched(self.standardize(image_of_directory()))
        if class_mode is None:
            return Flow(images)
        return Flow((images, anything("the labels of folders")))

    def flow_from_dataframe(self, dataframe, *args, class_mode="categorical", **kwargs):
        images = batched(self.standardize(image_of_directory()))
        if class_mode is None:
            return Flow(images)
        return Flow((images, anything("the labels of a table")))


class Flow:
    def __init__(self, batch):
        self.batch = batch

    def __iter__(self):
        return endless(self.batch)

    def __next__(self):
        return self.batch

    def next(self):
        return self.batch

    def __getitem__(self, index):
        return self.batch

    def __len__(self):
        return count()


def train_test_split(*arrays, **options):
    cut = anything("where data is split")
    parts = []
    for array in arrays:
        parts.append(part_of(array, cut, 0))
        parts.append(part_of(array, cut, 1))
    return parts


def shuffle(*arrays, **options):
    order = anything("an order of rows")
    if len(arrays) == 1:
        return part_of(arrays[0], order, 0)
    return [part_of(array, order, 0) for array in arrays]


class Folds:
    def __init__(self, *args, **kwargs):
        self.settings = kwargs

    def split(self, X, y=None, groups=None):
        cut = anything("where data is split")
        rows = row_numbers()
        return endless((part_of(rows, cut, 0), part_of(rows, cut, 1)))

    def get_n_splits(self, *args, **kwargs):
        return count()


def is_left_out(step):
    return is_followed(step) and (step is None or isinstance(step, str))


def applied(step, X):
    return X if is_left_out(step) else step.transform(X)


def fitted(step, X):
    return X if is_left_out(step) else step.fit_transform(X)


class Pipeline:
    def __init__(self, steps, *args, **kwargs):
        self.steps = steps
        self.named_steps = dict(steps)

    def fit(self, X, y=None, **kwargs):
        for name, step in self.steps[:-1]:
            X = fitted(step, X)
        last = self.steps[-1][1]
        if not is_left_out(last):
            last.fit(X, y)
        return self

    def transform(self, X):
        for name, step in self.steps:
            X = applied(step, X)
        return X

    def fit_transform(self, X, y=None, **kwargs):
        for name, step in self.steps:
            X = fitted(step, X)
        return X


def make_pipeline(*steps, **kwargs):
    return Pipeline([("step", step) for step in steps])


class FeatureUnion:
    def __init__(self, transformer_list, *args, **kwargs):
        self.transformer_list = transformer_list

    def fit(self, X, y=None, **kwargs):
        self.fit_transform(X)
        return self

    def transform(self, X):
        return beside([applied(step, X) for name, step in self.transformer_list])

    def fit_transform(self, X, y=None, **kwargs):
        return beside([fitted(step, X) for name, step in self.transformer_list])


def make_union(*transformers, **kwargs):
    return FeatureUnion([("step", step) for step in transformers])


class ColumnTransformer:
    def __init__(self, transformers, *, remainder="drop", **kwargs):
        self.transformers = transformers
        self.remainder = remainder

    def parts(self, X):
        parts = [(step, column_part(X, columns)) for name, step, columns in self.transformers if not is_dropped(step)]
        if not is_dropped(self.remainder):
            parts.append((self.remainder, other_columns(X, [columns for name, step, columns in self.transformers])))
        return parts

    def fit(self, X, y=None, **kwargs):
        self.fit_transform(X)
        return self

    def transform(self, X, **kwargs):
        return beside([applied(step, part) for step, part in self.parts(X)])

    def fit_transform(self, X, y=None, **kwargs):
        return beside([fitted(step, part) for step, part in self.parts(X)])


def is_dropped(step):
    return is_followed(step) and isinstance(step, str) and step == "drop"


def make_column_transformer(*transformers, remainder="drop", **kwargs):
    return ColumnTransformer([("step", step, columns) for step, columns in transformers], remainder=remainder)


class FunctionTransformer:
    def __init__(self, func=None, inverse_func=None, **kwargs):
        self.func = func

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X if self.func is None else self.func(X)

    def fit_transform(self, X, y=None):
        return self.transform(X)
