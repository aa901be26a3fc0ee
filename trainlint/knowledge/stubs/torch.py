"""torch.nn's base class and containers."""

from contextlib import nullcontext
from copy import deepcopy

from trainlint import anything, children, cleared, guarded, inherit, lazy_parameters, loaded, modules, named_children
from trainlint import named_parameters, set_children, set_mode, set_trained, state_of
from trainlint.networks import Network


class Module(Network):
    training = True
    keeps_graphs = True

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def add_module(self, name, module):
        setattr(self, name, module)

    def register_module(self, name, module):
        setattr(self, name, module)

    def register_buffer(self, name, tensor, persistent=True):
        setattr(self, name, tensor)

    def register_parameter(self, name, param):
        setattr(self, name, param)

    def register_forward_hook(self, *args, **kwargs):
        guarded("a hook")
        return anything("a hook")

    def register_forward_pre_hook(self, *args, **kwargs):
        guarded("a hook")
        return anything("a hook")

    def register_full_backward_hook(self, *args, **kwargs):
        guarded("a hook")
        return anything("a hook")

    def get_submodule(self, target):
        return anything("a submodule by name")

    def to(self, *args, **kwargs):
        return self

    def cuda(self, *args, **kwargs):
        return self

    def cpu(self):
        return self

    def xpu(self, *args, **kwargs):
        return self

    def float(self):
        return self

    def double(self):
        return self

    def half(self):
        return self

    def bfloat16(self):
        return self

    def type(self, dst_type):
        return self

    def to_empty(self, *args, **kwargs):
        return self

    def share_memory(self):
        return self

    def compile(self, *args, **kwargs):
        return None

    def requires_grad_(self, requires_grad=True):
        set_trained(self, requires_grad)
        return self

    def train(self, mode=True):
        set_mode(self, mode)
        return self

    def eval(self):
        set_mode(self, False)
        return self

    def zero_grad(self, set_to_none=True):
        cleared(self)

    def no_sync(self):
        return nullcontext()

    def apply(self, fn):
        for module in modules(self):
            fn(module)
        return self

    def children(self):
        return children(self)

    def named_children(self):
        return named_children(self)

    def modules(self):
        return modules(self)

    def named_modules(self, *args, **kwargs):
        return [("", module) for module in modules(self)]

    def parameters(self, recurse=True):
        return lazy_parameters(self)

    def named_parameters(self, *args, **kwargs):
        return named_parameters(self)

    def buffers(self, recurse=True):
        return anything("buffers")

    def state_dict(self, *args, **kwargs):
        return state_of(self)

    def load_state_dict(self, state_dict, strict=True, assign=False):
        loaded(self, state_dict)
        return anything("the keys of a state dictionary")

    def extra_repr(self):
        return ""


class Sequential(Module):
    def __init__(self, *args):
        if len(args) == 1 and isinstance(args[0], dict):
            for name, module in args[0].items():
                setattr(self, name, module)
            set_children(self, args[0].values())
        else:
            set_children(self, args)

    def forward(self, input):
        for module in children(self):
            input = module(input)
        return input

    def add_module(self, name, module):
        setattr(self, name, module)
        set_children(self, [*children(self), module])

    def append(self, module):
        set_children(self, [*children(self), module])
        return self

    def extend(self, sequential):
        set_children(self, [*children(self), *sequential])
        return self

    def insert(self, index, module):
        items = list(children(self))
        items.insert(index, module)
        set_children(self, items)
        return self

    def pop(self, key):
        items = list(children(self))
        module = items.pop(key)
        set_children(self, items)
        return module

    def __add__(self, other):
        return Sequential(*children(self), *children(other))

    def __iter__(self):
        return children(self)

    def __len__(self):
        return len(children(self))

    def __getitem__(self, index):
        part = children(self)[index]
        if isinstance(part, tuple):
            return Sequential(*part)
        return part

    def __setitem__(self, index, module):
        items = list(children(self))
        items[index] = module
        set_children(self, items)


class ModuleList(Module):
    only_holds = True

    def __init__(self, modules=None):
        set_children(self, [] if modules is None else modules)

    def append(self, module):
        set_children(self, [*children(self), module])
        return self

    def extend(self, modules):
        set_children(self, [*children(self), *modules])
        return self

    def insert(self, index, module):
        items = list(children(self))
        items.insert(index, module)
        set_children(self, items)

    def __add__(self, other):
        return ModuleList([*children(self), *other])

    def __iter__(self):
        return children(self)

    def __len__(self):
        return len(children(self))

    def __getitem__(self, index):
        part = children(self)[index]
        if isinstance(part, tuple):
            return ModuleList(part)
        return part

    def __setitem__(self, index, module):
        items = list(children(self))
        items[index] = module
        set_children(self, items)


class ModuleDict(Module):
    only_holds = True

    def __init__(self, modules=None):
        self.entries = {}
        if modules is not None:
            self.update(modules)

    def update(self, modules):
        for name, module in dict(modules).items():
            self.entries[name] = module
            setattr(self, name, module)

    def add_module(self, name, module):
        self.entries[name] = module
        setattr(self, name, module)

    def __iter__(self):
        return iter(self.entries.keys())

    def __len__(self):
        return len(self.entries)

    def __getitem__(self, key):
        return self.entries[key]

    def __setitem__(self, key, module):
        self.entries[key] = module
        setattr(self, key, module)

    def keys(self):
        return self.entries.keys()

    def values(self):
        return self.entries.values()

    def items(self):
        return self.entries.items()


class AveragedModel(Module):
    def __init__(self, model, device=None, avg_fn=None, multi_avg_fn=None, use_buffers=False):
        self.module = deepcopy(model)
        guarded("an average of weights")

    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)

    def update_parameters(self, model):
        inherit(self, model)


def update_bn(loader, model, device=None):
    return None  # in training mode, which is put back
