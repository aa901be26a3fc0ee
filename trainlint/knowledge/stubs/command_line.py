"""Libraries that make command lines of functions and classes."""

from argparse import ArgumentParser, Namespace
from trainlint import commands_of, either, load_file, option, outside, records_from_data, records_from_user, typed_text, user, with_options, within


# click


class Context:
    def __init__(self):
        self.obj = {}
        self.params = {}

    def ensure_object(self, cls):
        return self.obj

    def invoke(self, command, *args, **kwargs):
        return command(*args, **kwargs)

    def exit(self, *args):
        raise SystemExit

    def fail(self, message):
        raise SystemExit


CONTEXT = Context()


class Command:
    def __init__(self, function):
        self.function = function
        self.given = {}
        self.leading = []
        self.commands = []

    def __call__(self, *args, **kwargs):
        values = dict(self.given)
        for name in ("standalone_mode", "prog_name", "auto_envvar_prefix", "obj", "args"):
            kwargs.pop(name, None)
        values.update(kwargs)
        result = self.function(*self.leading, **values)
        for command in self.commands:
            command()
        return result

    def main(self, *args, **kwargs):
        return self()

    @property
    def callback(self):
        return self.function

    def command(self, *args, **kwargs):
        def decorate(function):
            made = as_command(function)
            self.commands.append(made)
            return made

        return decorate

    def group(self, *args, **kwargs):
        return self.command()

    def add_command(self, command, *args, **kwargs):
        self.commands.append(command)

    def result_callback(self, *args, **kwargs):
        return as_command


def as_command(function):
    return function if isinstance(function, Command) else Command(function)


def command(*args, **kwargs):
    if len(args) and callable(args[0]):
        return as_command(args[0])
    return as_command


def pass_context(function):
    made = as_command(function)
    made.leading = [CONTEXT]
    return made


def pass_obj(function):
    made = as_command(function)
    made.leading = [CONTEXT.obj]
    return made


def parameter_name(names):
    for name in names:
        if not name.startswith("-"):
            return name
    for name in names:
        if name.startswith("--"):
            return name.split("/")[0].lstrip("-").replace("-", "_").lower()
    return names[0].lstrip("-")


def click_option(*names, type=None, default=None, required=False, is_flag=None, flag_value=None, multiple=False, nargs=1, count=False, callback=None, prompt=None, **settings):
    label = names[0]
    for name in names:
        if name.startswith("--"):
            label = name.split("/")[0]
    key = parameter_name(names)
    two_sided = False
    for name in names:
        if "/" in name:
            two_sided = True
    if is_flag or two_sided:
        value = user(False if default is None else default, label)
    elif count:
        value = user(0, label)
    elif multiple or nargs != 1:
        value = user(default, label) if default is not None else outside("values that the user lists")
    else:
        value = option(label, default, converter(type), None, required or prompt is not None)
    if callback is not None:
        value = callback(CONTEXT, None, value)

    def decorate(function):
        made = as_command(function)
        made.given[key] = value
        return made

    return decorate


def click_argument(*names, type=None, default=None, required=True, nargs=1, callback=None, **settings):
    return click_option(*names, type=type, default=default, required=default is None, nargs=nargs, callback=callback)


def converter(kind):
    if isinstance(kind, ParamType):
        return lambda text: kind.convert(text, None, CONTEXT)
    return kind


class FloatRange:
    def __init__(self, min=None, max=None, min_open=False, max_open=False, clamp=False):
        self.low = min
        self.high = max
        self.low_open = min_open
        self.high_open = max_open

    def __call__(self, text):
        return within(float(text), self.low, self.high, self.low_open, self.high_open)


class IntRange:
    def __init__(self, min=None, max=None, min_open=False, max_open=False, clamp=False):
        self.low = min
        self.high = max
        self.low_open = min_open
        self.high_open = max_open

    def __call__(self, text):
        return within(int(text), self.low, self.high, self.low_open, self.high_open)


class ClickChoice:
    def __init__(self, choices, case_sensitive=True):
        self.choices = choices

    def __call__(self, text):
        return text


class ClickPath:
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, text):
        return text


class ParamType:
    def fail(self, message, *args):
        raise SystemExit


def make_pass_decorator(*args, **kwargs):
    return pass_obj


def prompt(text, default=None, type=None, **settings):
    return option(text, default, type, None, True)


# typer


class Typer:
    def __init__(self, *args, **kwargs):
        self.commands = []

    def command(self, *args, **kwargs):
        def decorate(function):
            self.commands.append(function)
            return function

        return decorate

    def callback(self, *args, **kwargs):
        return self.command()

    def add_typer(self, other, *args, **kwargs):
        self.commands.append(other)

    def __call__(self, *args, **kwargs):
        for each in self.commands:
            with_options(each)


def run(function):
    return with_options(function)


# fire, tyro, simple_parsing, jsonargparse, Hugging Face


def fire(component=None, *args, **kwargs):
    return None if component is None else commands_of(component)


def cli(component=None, *args, **kwargs):
    return with_options(component)


def parse(cls, *args, **kwargs):
    return with_options(cls)


class HfArgumentParser(ArgumentParser):
    def __init__(self, dataclass_types=(), **kwargs):
        super().__init__()
        self.classes = dataclass_types

    def parse_args_into_dataclasses(self, args=None, return_remaining_strings=False, **kwargs):
        made = records_from_user(self.classes)
        if len(self.options):
            made = (*made, self.parse_args())
        return (*made, outside("options that nobody knows")) if return_remaining_strings else made

    def parse_args_and_config(self, *args, **kwargs):
        return self.parse_args_into_dataclasses(*args, **kwargs)

    def parse_json_file(self, json_file, *args, **kwargs):
        return records_from_data(self.classes, load_file(json_file, "json"))

    def parse_yaml_file(self, yaml_file, *args, **kwargs):
        return records_from_data(self.classes, load_file(yaml_file, "yaml"))

    def parse_dict(self, args, *more, **kwargs):
        return records_from_data(self.classes, args)


class SimpleParser(ArgumentParser):
    def add_arguments(self, cls, dest, **kwargs):
        self.options[dest] = with_options(cls)


# absl


class Flags:
    def __call__(self, *args, **kwargs):
        return [""]

    def flag_values_dict(self):
        return dict(vars(self))


class Holder:
    def __init__(self, value):
        self.value = value
        self.default = value


FLAGS = Flags()


def define_float(name, default, help="", lower_bound=None, upper_bound=None, **kwargs):
    value = within(option("--" + name, default, float, None, False), lower_bound, upper_bound)
    setattr(FLAGS, name, value)
    return Holder(value)


def define_integer(name, default, help="", lower_bound=None, upper_bound=None, **kwargs):
    value = within(option("--" + name, default, int, None, False), lower_bound, upper_bound)
    setattr(FLAGS, name, value)
    return Holder(value)


def define_string(name, default, help="", **kwargs):
    value = option("--" + name, default, str, None, False)
    setattr(FLAGS, name, value)
    return Holder(value)


def define_bool(name, default, help="", **kwargs):
    value = user(default, "--" + name)
    setattr(FLAGS, name, value)
    return Holder(value)


def define_enum(name, default, choices, help="", **kwargs):
    return define_string(name, default)


def define_list(name, default, help="", **kwargs):
    value = user(default, "--" + name)
    setattr(FLAGS, name, value)
    return Holder(value)


def app_run(main, argv=None, **kwargs):
    return main([""])


def docopt(*args, **kwargs):
    return outside("options that a text describes")
