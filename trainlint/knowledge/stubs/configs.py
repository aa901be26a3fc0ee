"""Configuration libraries: dictionaries with attributes, files composed from files, objects made from data."""

from random import uniform

from trainlint import composed, either, outside as is_pruned, is_followed, load_file, made_from, parse_text, processes, user


class AttributeDict(dict):
    def __init__(self, *args, **kwargs):
        values = {}
        for each in args:
            if each is not None:
                values.update(each)
        values.update(kwargs)
        for key, value in values.items():
            self[key] = wrapped(value)

    def __getattr__(self, name):
        return self[name]

    def __setattr__(self, name, value):
        self[name] = wrapped(value)

    def update(self, *args, **kwargs):
        for each in args:
            for key, value in each.items():
                self[key] = wrapped(value)
        for key, value in kwargs.items():
            self[key] = wrapped(value)

    def copy(self):
        return AttributeDict(self)

    def copy_and_resolve_references(self):
        return self

    def lock(self):
        return self

    def unlocked(self):
        return self

    def to_dict(self):
        return dict(self)

    def toDict(self):
        return dict(self)

    def merge_from_file(self, path):
        merge_into(self, load_file(path, "yaml12"))

    def merge_from_list(self, items):
        open_all(self)

    def merge_from_other_cfg(self, other):
        merge_into(self, other)

    def clone(self):
        return AttributeDict(self)

    def defrost(self):
        return None

    def freeze(self):
        return None


def wrapped(value):
    if not is_followed(value):
        return value
    if isinstance(value, AttributeDict):
        return value
    if isinstance(value, dict):
        return AttributeDict(value)
    if isinstance(value, list):
        return [wrapped(each) for each in value]
    return value


def merge_into(target, other):
    for key, value in other.items():
        if isinstance(value, dict) and key in target and isinstance(target[key], dict):
            merge_into(target[key], value)
        else:
            target[key] = wrapped(value)


def open_all(config):
    for key, value in config.items():
        if isinstance(value, dict):
            open_all(value)
        else:
            config[key] = user(value, key)


class OmegaConf:
    @staticmethod
    def load(path):
        return wrapped(load_file(path, "yaml12"))

    @staticmethod
    def create(value=None, *args, **kwargs):
        if value is None:
            return AttributeDict()
        if isinstance(value, str):
            return wrapped(parse_text(value, "yaml12"))
        return wrapped(value)

    @staticmethod
    def structured(value, *args, **kwargs):
        return value() if isinstance(value, type) else value

    @staticmethod
    def from_cli(*args):
        return AttributeDict({"@cli": True})

    @staticmethod
    def from_dotlist(*args):
        return AttributeDict()

    @staticmethod
    def merge(*configs):
        result = AttributeDict()
        first = True
        for config in configs:
            if not isinstance(config, dict):
                if first:
                    result = config
            elif "@cli" in config:
                if isinstance(result, dict):
                    open_all(result)
                else:
                    for name in list(vars(result)):
                        setattr(result, name, user(getattr(result, name), name))
            elif isinstance(result, dict):
                merge_into(result, config)
            else:
                for key, value in config.items():
                    setattr(result, key, value)
            first = False
        return result

    @staticmethod
    def unsafe_merge(*configs):
        return OmegaConf.merge(*configs)

    @staticmethod
    def to_container(config, *args, **kwargs):
        return config

    @staticmethod
    def to_object(config):
        return config

    @staticmethod
    def to_yaml(config, *args, **kwargs):
        return ""

    @staticmethod
    def select(config, key, default=None):
        part = config
        for piece in key.split("."):
            part = part[piece]
        return part

    @staticmethod
    def update(config, key, value, **kwargs):
        config[key] = value

    @staticmethod
    def set_struct(*args):
        return None

    @staticmethod
    def set_readonly(*args):
        return None

    @staticmethod
    def resolve(*args):
        return None

    @staticmethod
    def register_new_resolver(*args, **kwargs):
        return None

    @staticmethod
    def is_config(value):
        return isinstance(value, AttributeDict)


class ConfigStore:
    nodes = {}

    @staticmethod
    def instance():
        return ConfigStore()

    def store(self, name=None, node=None, group=None, **kwargs):
        if group is None:
            ConfigStore.nodes[name] = node


def hydra_main(config_path=None, config_name=None, version_base=None):
    def decorate(function):
        def run(*args, **kwargs):
            if len(args):
                return function(*args)
            if config_name in ConfigStore.nodes:
                node = ConfigStore.nodes[config_name]
                return function(structured_by_user(node))
            return function(wrapped(composed(function, config_path, config_name)))

        return run

    return decorate


class Initialised:
    folder = "."


def initialize(config_path=None, *args, **kwargs):
    Initialised.folder = config_path
    return Initialised()


def compose(config_name=None, overrides=None, **kwargs):
    return wrapped(composed(None, Initialised.folder, config_name))


def structured_by_user(node):
    from tyro import cli

    return cli(node) if isinstance(node, type) else node


def instantiate(config, *args, **kwargs):
    return made_from(config, args, kwargs)


def get_class(path):
    return made_from({"_target_": path, "_partial_": True}, (), {})


wandb_config = AttributeDict()


class WandbRun:
    def __init__(self):
        self.config = wandb_config

    def log(self, *args, **kwargs):
        return None

    def watch(self, *args, **kwargs):
        return None

    def finish(self, *args, **kwargs):
        return None


def wandb_init(*args, config=None, **kwargs):
    if config is not None:
        for key, value in (config if isinstance(config, dict) else vars(config)).items():
            wandb_config[key] = user(value, key)
    return WandbRun()


class Trial:
    def suggest_float(self, name, low, high, step=None, log=False):
        return uniform(low, high)

    def suggest_uniform(self, name, low, high):
        return uniform(low, high)

    def suggest_loguniform(self, name, low, high):
        return uniform(low, high)

    def suggest_int(self, name, low, high, step=1, log=False):
        return int(uniform(low, high))

    def suggest_categorical(self, name, choices):
        return either(choices)

    def report(self, *args):
        return None

    def should_prune(self):
        return is_pruned()

    def set_user_attr(self, *args):
        return None


class Study:
    def optimize(self, objective, *args, **kwargs):
        objective(Trial())


def create_study(*args, **kwargs):
    return Study()


def load_dotenv(*args, **kwargs):
    return True


class YAML:
    def __init__(self, *args, **kwargs):
        self.typ = "safe"

    def load(self, source):
        return parse_text(source, "yaml12")


def process_count(*args, **kwargs):
    return processes()
