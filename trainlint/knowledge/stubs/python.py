"""Parts of the standard library whose values are followed."""

from trainlint import user


class SimpleNamespace:
    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)


class ArgumentParser:
    def __init__(self, *args, **kwargs):
        self.options = {}

    def add_argument(self, *names, action=None, default=None, dest=None, **settings):
        name = names[0]
        for candidate in reversed(names):
            if candidate.startswith("--"):
                name = candidate
        key = dest if dest is not None else name.lstrip("-").replace("-", "_")
        if default is None and action == "store_true":
            default = False
        if default is None and action == "store_false":
            default = True
        self.options[key] = user(default, name)
        return self

    def add_argument_group(self, *args, **kwargs):
        return self

    def add_mutually_exclusive_group(self, *args, **kwargs):
        return self

    def add_subparsers(self, *args, **kwargs):
        return self

    def add_parser(self, *args, **kwargs):
        return self

    def set_defaults(self, **values):
        self.options.update(values)

    def print_help(self, *args):
        return None

    def error(self, message):
        raise SystemExit(2)

    def parse_args(self, *args, **kwargs):
        return SimpleNamespace(**self.options)

    def parse_known_args(self, *args, **kwargs):
        return SimpleNamespace(**self.options), []
