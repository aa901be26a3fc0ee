"""Knowledge files are read faster than PyYAML reads them, and to the same data."""

import pytest
import yaml

from trainlint.knowledge.library import _shipped, standard
from trainlint.knowledge.reading import read
from trainlint.semantics import arithmetic  # registers the operators as primitives
from trainlint.semantics.primitives import PRIMITIVES


@pytest.mark.parametrize(
    "text", [*_shipped().values(), "", "# only a comment", "a: 'yes'\nb: yes\nc: ~\nd: 0x10\ne: [.inf, 1.0e-5]"]
)
def test_the_data_is_that_of_pyyaml(text: str) -> None:
    assert repr(read(text)) == repr(yaml.safe_load(text))


@pytest.mark.parametrize("text", ["a: [", "a: *nowhere", "[1]: 2", "a: 1\n---\nb: 2", "a: !!python/object x"])
def test_what_pyyaml_refuses_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)
    with pytest.raises(yaml.YAMLError):
        read(text)


def test_every_operation_and_every_function_called_exists() -> None:
    assert arithmetic
    entries = standard().entries
    for entry in entries.values():
        for operation in (entry.op, entry.call if isinstance(entry.call, str) else getattr(entry.call, "op", None)):
            assert operation is None or operation in PRIMITIVES or operation in entries, (entry.name, operation)
        for method in entry.methods.values():
            assert method.op is None or method.op in PRIMITIVES, method.name
