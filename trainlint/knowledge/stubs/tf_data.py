"""tf.data: a data set is an element and what is done to it; tensorflow_datasets: known data sets as these."""

from trainlint import anything, batched, count, endless, image_of_directory, of_library, one_of
from trainlint import tensorflow_dataset


class Dataset:
    def __init__(self, element):
        self.element = of_library(element, "tensorflow.Tensor")

    @staticmethod
    def from_tensor_slices(tensors, name=None):
        return Dataset(one_of(tensors))

    @staticmethod
    def from_tensors(tensors, name=None):
        return Dataset(tensors)

    @staticmethod
    def from_generator(generator, *args, **kwargs):
        return Dataset(next(iter(generator())))

    @staticmethod
    def zip(*datasets, **kwargs):
        if len(datasets) == 1 and isinstance(datasets[0], (tuple, list)):
            datasets = datasets[0]
        return Dataset(tuple([each.element for each in datasets]))

    @staticmethod
    def range(*args, **kwargs):
        return Dataset(anything("a number"))

    @staticmethod
    def list_files(*args, **kwargs):
        return Dataset(anything("the name of a file"))

    def __iter__(self):
        return endless(self.element)

    def __len__(self):
        return count()

    def as_numpy_iterator(self):
        return endless(self.element)

    def map(self, map_func, num_parallel_calls=None, deterministic=None, name=None):
        if isinstance(self.element, tuple):
            return Dataset(map_func(*self.element))
        return Dataset(map_func(self.element))

    def interleave(self, map_func, *args, **kwargs):
        return map_func(self.element)

    def flat_map(self, map_func, name=None):
        return map_func(self.element)

    def batch(self, batch_size, drop_remainder=False, *args, **kwargs):
        return Dataset(batched(self.element))

    def padded_batch(self, batch_size, *args, **kwargs):
        return Dataset(batched(self.element))

    def unbatch(self, name=None):
        return Dataset(one_of(self.element))

    def shuffle(self, buffer_size, *args, **kwargs):
        return self

    def repeat(self, count=None, name=None):
        return self

    def prefetch(self, buffer_size=None, name=None):
        return self

    def cache(self, filename="", name=None):
        return self

    def take(self, count=-1, name=None):
        return self

    def skip(self, count=0, name=None):
        return self

    def filter(self, predicate, name=None):
        return self

    def shard(self, num_shards, index, name=None):
        return self

    def concatenate(self, dataset, name=None):
        return self

    def with_options(self, options, name=None):
        return self

    def ignore_errors(self, *args, **kwargs):
        return self

    def apply(self, transformation_func):
        return transformation_func(self)

    def enumerate(self, start=0, name=None):
        return Dataset((count(), self.element))

    def cardinality(self, name=None):
        return count()

    def get_single_element(self, name=None):
        return self.element

    def make_one_shot_iterator(self):
        return Iterator(self.element)


class Iterator:
    def __init__(self, element):
        self.element = element

    def get_next(self):
        return self.element

    def __iter__(self):
        return endless(self.element)

    def __next__(self):
        return self.element


def load(name, *args, split=None, batch_size=None, as_supervised=False, with_info=False, **kwargs):
    image, label = tensorflow_dataset(name)
    element = (image, label) if as_supervised else {"image": image, "label": label}
    if batch_size is not None:
        element = batched(element)
    if split is None:
        made = {"train": Dataset(element), "test": Dataset(element), "validation": Dataset(element)}
    elif isinstance(split, (list, tuple)):
        made = [Dataset(element) for each in split]
    else:
        made = Dataset(element)
    if with_info:
        return made, anything("the description of a data set")
    return made


def as_numpy(dataset):
    return dataset


def image_dataset_from_directory(
    directory, labels="inferred", label_mode="int", *args, batch_size=32, validation_split=None, subset=None, **kwargs
):
    element = image_of_directory()
    if labels is not None and label_mode is not None:
        element = (element, anything("the labels of folders"))
    if batch_size is not None:
        element = batched(element)
    if subset == "both":
        return (Dataset(element), Dataset(element))
    return Dataset(element)
