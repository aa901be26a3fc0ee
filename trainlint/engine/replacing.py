"""A file replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Write ``after`` to a file that holds ``before``; its permissions stay, and links to it lead on to it.

    Raises OSError, with nothing changed, where it cannot be written or holds something else by now.
    """
    real = Path(os.path.realpath(path))
    status = real.stat()
    if not status.st_mode & 0o222 or not os.access(real, os.W_OK):
        raise PermissionError(0, "it is read-only")
    if not real.parent.stat().st_mode & 0o222 or not os.access(real.parent, os.W_OK):
        raise PermissionError(0, "its folder is read-only")
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        _like(name, status)
        if real.read_bytes() != before:
            raise OSError(0, "it was changed meanwhile")
        os.replace(name, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _like(name: str, status: os.stat_result) -> None:
    """Give a new file the permissions, and where that is allowed the owner, of the one that it replaces."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(name, status.st_uid, status.st_gid)
    os.chmod(name, stat.S_IMODE(status.st_mode))
