"""What a process that checks units needs: loaded once, before the processes are split off."""

import gc

import libcst  # noqa: F401

from trainlint.engine import examining, unit  # noqa: F401
from trainlint.knowledge.library import standard
from trainlint.rules.base import check_of
from trainlint.rules.catalogue import catalogue

standard()
for _info in catalogue().values():
    if _info.group != "file":
        check_of(_info.group, _info.name)
gc.freeze()
