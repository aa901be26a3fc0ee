"""Parts of the standard library whose values are followed."""

from functools import partial

from trainlint import add_option, asked_for, either, entered, join_path, option, outside, parent_path, read_text, load_file, parse_text, stem_of, suffix_of, typed_text, user, with_default

inf = float("inf")
pi = 3.141592653589793
e = 2.718281828459045
tau = 6.283185307179586
newaxis = None


class SimpleNamespace:
    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def __contains__(self, name):
        return hasattr(self, name)


class BooleanOptionalAction:
    pass


class Argument:
    def __init__(self, dest):
        self.dest = dest


class ArgumentParser:
    def __init__(self, *args, parents=(), argument_default=None, **kwargs):
        self.options = {}
        self.commands = []
        for parent in parents:
            self.options.update(parent.options)

    def add_argument(self, *names, **settings):
        return Argument(add_option(self.options, names, settings))

    def add_argument_group(self, *args, **kwargs):
        return self

    def add_mutually_exclusive_group(self, *args, **kwargs):
        return self

    def add_subparsers(self, *args, dest=None, **kwargs):
        return Commands(self, dest)

    def set_defaults(self, **values):
        for name, value in values.items():
            if name in self.options:
                self.options[name] = with_default(self.options[name], value)
            else:
                self.options[name] = value

    def get_default(self, name):
        return self.options.get(name)

    def print_help(self, *args):
        return None

    def print_usage(self, *args):
        return None

    def format_help(self):
        return ""

    def error(self, message):
        raise SystemExit(2)

    def exit(self, *args):
        raise SystemExit(0)

    def values(self):
        found = dict(self.options)
        own = {}
        for command in self.commands:
            for key, value in command.values().items():
                if key in own:
                    own[key] = either(own[key], value)
                else:
                    own[key] = value
        found.update(own)
        return found

    def parse_args(self, args=None, namespace=None, **kwargs):
        if namespace is None:
            return SimpleNamespace(**self.values())
        for key, value in self.values().items():
            if not hasattr(namespace, key):
                setattr(namespace, key, value)
        return namespace

    def parse_known_args(self, args=None, namespace=None, **kwargs):
        return self.parse_args(args, namespace), []

    def parse_intermixed_args(self, args=None, namespace=None):
        return self.parse_args(args, namespace)

    def parse_args_into_dataclasses(self, *args, **kwargs):
        return ()


class OptionParser(ArgumentParser):
    def add_option(self, *names, type=None, action=None, **settings):
        kind = {"float": float, "int": int, "string": str, "str": str, None: None}[type] if type is None or isinstance(type, str) else type
        return self.add_argument(*names, type=kind, action=action, **settings)

    def add_option_group(self, *args, **kwargs):
        return self

    def parse_args(self, *args, **kwargs):
        return SimpleNamespace(**self.values()), []


class Commands:
    def __init__(self, parser, dest):
        self.parser = parser
        if dest is not None:
            parser.options[dest] = typed_text(dest)

    def add_parser(self, name, *args, parents=(), **kwargs):
        command = ArgumentParser(parents=parents)
        self.parser.commands.append(command)
        return command


class Environment:
    def __init__(self):
        self.written = {}

    def __getitem__(self, name):
        return typed_text(name)

    def get(self, name, default=None):
        return user(default, name) if default is not None else option(name, None, None, None, False)

    def pop(self, name, default=None):
        return self.get(name, default)

    def setdefault(self, name, default=None):
        return user(default, name)

    def __setitem__(self, name, value):
        self.written[name] = value

    def __contains__(self, name):
        return user(False, name)

    def update(self, *args, **kwargs):
        self.written.update(*args, **kwargs)

    def copy(self):
        return self


environ = Environment()
argv = ["", *outside("arguments of the command line")]


def getenv(name, default=None):
    return environ.get(name, default)


def decouple_config(name, default=None, cast=None):
    return option(name, default, cast, None, default is None)


class Env:
    def __call__(self, name, default=None, **kwargs):
        return option(name, default, str, None, default is None)

    def str(self, name, default=None, **kwargs):
        return option(name, default, None, None, default is None)

    def float(self, name, default=None, **kwargs):
        return float(user(default, name) if default is not None else typed_text(name))

    def int(self, name, default=None, **kwargs):
        return int(user(default, name) if default is not None else typed_text(name))

    def bool(self, name, default=None, **kwargs):
        return user(False if default is None else default, name)

    def read_env(self, *args, **kwargs):
        return None


class Path:
    def __init__(self, *parts):
        self.text = join_path(*parts) if len(parts) else "."

    def __truediv__(self, other):
        return Path(self.text, other)

    def __str__(self):
        return self.text

    def __fspath__(self):
        return self.text

    def joinpath(self, *parts):
        return Path(self.text, *parts)

    @property
    def parent(self):
        return Path(parent_path(self.text))

    @property
    def parents(self):
        first = self.parent
        second = first.parent
        third = second.parent
        return [first, second, third, third.parent]

    @property
    def name(self):
        return stem_of(self.text) + suffix_of(self.text)

    @property
    def stem(self):
        return stem_of(self.text)

    @property
    def suffix(self):
        return suffix_of(self.text)

    def with_suffix(self, suffix):
        return Path(parent_path(self.text), stem_of(self.text) + suffix)

    def with_name(self, name):
        return Path(parent_path(self.text), name)

    def resolve(self, *args, **kwargs):
        return self

    def absolute(self):
        return self

    def expanduser(self):
        return self

    def as_posix(self):
        return self.text

    def open(self, *args, **kwargs):
        return open(self.text)

    def read_text(self, *args, **kwargs):
        return read_text(self.text)

    def read_bytes(self):
        return read_text(self.text)

    def exists(self):
        return outside("whether a file is there", "file")

    def is_file(self):
        return outside("whether a file is there", "file")

    def is_dir(self):
        return outside("whether a folder is there", "file")

    def mkdir(self, *args, **kwargs):
        return None

    def write_text(self, *args, **kwargs):
        return None

    def unlink(self, *args, **kwargs):
        return None

    def glob(self, *args):
        return outside("the files of a folder", "file")

    def iterdir(self):
        return outside("the files of a folder", "file")

    @classmethod
    def cwd(cls):
        return Path(".")

    @classmethod
    def home(cls):
        return Path("~")


class ConfigParser:
    def __init__(self, *args, **kwargs):
        self.sections_held = {}

    def read(self, path, *args, **kwargs):
        self.sections_held = load_file(path, "ini")
        return [path]

    def read_file(self, file, *args):
        self.sections_held = parse_text(file, "ini")

    def read_string(self, text, *args):
        self.sections_held = parse_text(text, "ini")

    def read_dict(self, values):
        self.sections_held = values

    def __getitem__(self, section):
        return Section(self.sections_held[section])

    def get(self, section, name, fallback=None, **kwargs):
        return self[section].get(name, fallback)

    def getfloat(self, section, name, fallback=None, **kwargs):
        return self[section].getfloat(name, fallback)

    def getint(self, section, name, fallback=None, **kwargs):
        return self[section].getint(name, fallback)

    def getboolean(self, section, name, fallback=None, **kwargs):
        return outside("a switch of a file", "file")

    def items(self, section):
        return self.sections_held[section].items()

    def sections(self):
        return list(self.sections_held)

    def has_option(self, section, name):
        return outside("whether an option is in a file", "file")


class Section:
    def __init__(self, values):
        self.values_held = values

    def __getitem__(self, name):
        return self.values_held[name.lower()]

    def get(self, name, fallback=None):
        return self.values_held.get(name.lower(), fallback)

    def getfloat(self, name, fallback=None):
        value = self.get(name)
        return fallback if value is None else float(value)

    def getint(self, name, fallback=None):
        value = self.get(name)
        return fallback if value is None else int(value)

    def getboolean(self, name, fallback=None):
        return outside("a switch of a file", "file")

    def items(self):
        return self.values_held.items()


class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps)
        merged = {}
        for each in reversed(maps):
            merged.update(each)
        self.merged = merged

    def __getitem__(self, key):
        return self.merged[key]

    def get(self, key, default=None):
        return self.merged.get(key, default)

    def items(self):
        return self.merged.items()

    def keys(self):
        return self.merged.keys()

    def values(self):
        return self.merged.values()

    def __contains__(self, key):
        return key in self.merged

    def new_child(self, child=None):
        return ChainMap({} if child is None else child, self.merged)


class attrgetter:
    def __init__(self, *names):
        self.names = names

    def __call__(self, value):
        found = []
        for name in self.names:
            part = value
            for piece in name.split("."):
                part = getattr(part, piece)
            found.append(part)
        return found[0] if len(found) == 1 else tuple(found)


class itemgetter:
    def __init__(self, *keys):
        self.keys = keys

    def __call__(self, value):
        return value[self.keys[0]] if len(self.keys) == 1 else tuple(value[key] for key in self.keys)


class methodcaller:
    def __init__(self, name, *args, **kwargs):
        self.name = name
        self.args = args
        self.kwargs = kwargs

    def __call__(self, value):
        return getattr(value, self.name)(*self.args, **self.kwargs)


def getopt(args, shortopts, longopts=()):
    return [(user("", "an option"), user("", "an option"))], []


class ExitStack:
    def __init__(self):
        self.left = []

    def __enter__(self):
        return self

    def enter_context(self, cm):
        return entered(cm, self.left)

    def push(self, exit):
        self.left.append(exit)
        return exit

    def callback(self, callback, *args, **kwargs):
        self.left.append(partial(callback, *args, **kwargs))
        return callback

    def close(self):
        for each in reversed(self.left):
            each()
        self.left.clear()

    def __exit__(self, *details):
        self.close()


class singledispatch:
    def __init__(self, function):
        self.function = function
        self.registry = {}

    def register(self, cls, function=None):
        if function is not None:
            self.registry[cls] = function
            return function
        if not isinstance(cls, type) and callable(cls):
            self.registry[asked_for(cls)] = cls
            return cls

        def registered(function):
            self.registry[cls] = function
            return function

        return registered

    def __call__(self, first, *args, **kwargs):
        for cls, function in self.registry.items():
            if isinstance(first, cls):
                return function(first, *args, **kwargs)
        return self.function(first, *args, **kwargs)


def around(context):
    def decorate(function):
        def inner(*args, **kwargs):
            with context:
                return function(*args, **kwargs)

        return inner

    return decorate


class ContextDecorator:
    def __call__(self, function):
        return around(self)(function)
