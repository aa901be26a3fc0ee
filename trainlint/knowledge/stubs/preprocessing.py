"""Generators of images in Keras, and what scikit-learn does to tables in several steps."""

from trainlint import anything, augmenting, batched, count, endless, image_of_directory, one_of, rescaled, standardised


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
    parts = []
    for array in arrays:
        parts.append(one_of(array, True))
        parts.append(one_of(array, True))
    return parts


def shuffle(*arrays, **options):
    if len(arrays) == 1:
        return one_of(arrays[0], True)
    return [one_of(array, True) for array in arrays]


class Folds:
    def __init__(self, *args, **kwargs):
        self.settings = kwargs

    def split(self, X, y=None, groups=None):
        return endless((anything("the rows to train on"), anything("the rows to test on")))

    def get_n_splits(self, *args, **kwargs):
        return count()


class Pipeline:
    def __init__(self, steps, *args, **kwargs):
        self.steps = [step for name, step in steps]

    def fit(self, X, y=None, **kwargs):
        return self

    def transform(self, X):
        for step in self.steps:
            X = step.transform(X)
        return X

    def fit_transform(self, X, y=None, **kwargs):
        for step in self.steps:
            X = step.fit_transform(X)
        return X


def make_pipeline(*steps, **kwargs):
    return Pipeline([("step", step) for step in steps])
