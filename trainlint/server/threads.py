"""Threads for checks: the parser and the interpreter are recursive, and some systems give threads small stacks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

STACK = 64 * 1024 * 1024


def deep_thread(name: str, first: Callable[[], object] = bool) -> ThreadPoolExecutor:
    """One thread, with room for deep recursion, and what it does ``first``."""
    before = threading.stack_size(STACK)
    try:
        pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        pool.submit(first)  # threads start with their first work
    finally:
        threading.stack_size(before)
    return pool


def later(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    """Let the event loop make a call, from another thread."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call, *arguments)
