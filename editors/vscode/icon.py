"""Draws icon.png: a loss curve that goes down, and the underline of what would have kept it up. Needs no packages."""

from __future__ import annotations

import itertools
import math
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

SIZE = 256
Point = tuple[float, float]
Colour = tuple[int, int, int]
GROUND, AXES, CURVE, UNDERLINE = (18, 32, 47), (78, 100, 122), (120, 214, 166), (255, 173, 66)


def lines() -> list[tuple[Sequence[Point], float, Colour]]:
    """What is drawn on the ground, the lowest first: points, half the width, colour."""
    loss = [(62 + 5 * step, 58 + 106 * (1 - math.exp(-step / 8))) for step in range(29)]
    squiggle = [(64 + 2 * step, 208 + 8 * math.sin(step * 2 / 35 * math.tau)) for step in range(71)]
    return [
        ([(44, 36), (44, 184), (214, 184)], 4, AXES),
        (loss, 9, CURVE),
        (squiggle, 5.5, UNDERLINE),
    ]


def pixels() -> bytes:
    """RGBA, line by line."""
    image = bytearray(SIZE * SIZE * 4)
    for y in range(SIZE):
        for x in range(SIZE):
            _paint(image, x, y, GROUND, _inside(x + 0.5, y + 0.5))
    for points, half, colour in lines():
        for start, end in itertools.pairwise(points):
            _segment(image, start, end, half, colour)
    return bytes(image)


def png(image: bytes) -> bytes:
    """The file that holds these pixels."""
    rows = b"".join(b"\0" + image[y * SIZE * 4 : (y + 1) * SIZE * 4] for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _inside(x: float, y: float, radius: float = 48) -> float:
    """How much of a pixel lies in the square with round corners."""
    middle = SIZE / 2
    across, down = abs(x - middle) - middle + radius, abs(y - middle) - middle + radius
    return _cover(math.hypot(max(across, 0), max(down, 0)) + min(max(across, down), 0) - radius)


def _segment(image: bytearray, start: Point, end: Point, half: float, colour: Colour) -> None:
    (x0, y0), (x1, y1) = start, end
    reach = half + 1
    for y in range(int(min(y0, y1) - reach), int(max(y0, y1) + reach) + 1):
        for x in range(int(min(x0, x1) - reach), int(max(x0, x1) + reach) + 1):
            dx, dy = x1 - x0, y1 - y0
            along = ((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / (dx * dx + dy * dy)
            along = min(max(along, 0), 1)
            distance = math.hypot(x + 0.5 - x0 - along * dx, y + 0.5 - y0 - along * dy)
            _paint(image, x, y, colour, _cover(distance - half))


def _cover(distance: float) -> float:
    return min(max(0.5 - distance, 0), 1)


def _paint(image: bytearray, x: int, y: int, colour: Colour, cover: float) -> None:
    at = (y * SIZE + x) * 4
    if cover <= 0:
        return
    below = image[at + 3] / 255
    alpha = cover + below * (1 - cover)
    for channel in range(3):
        mixed = (colour[channel] * cover + image[at + channel] * below * (1 - cover)) / alpha
        image[at + channel] = round(mixed)
    image[at + 3] = round(alpha * 255)


if __name__ == "__main__":
    Path(__file__).with_name("icon.png").write_bytes(png(pixels()))
