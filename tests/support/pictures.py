"""The pictures of the docs: KEEP_PICTURES=1 in the environment renews them."""

from __future__ import annotations

import base64
import json
import os
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.chromium import Chromium

__all__ = ["keep"]

FOLDER = Path(__file__).parents[2] / "docs"
REDUCE = """
(async () => {
  const image = new Image();
  image.src = `data:image/png;base64,${PICTURE}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const colors = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const parts = (color) => [color & 255, (color >> 8) & 255, (color >> 16) & 255];
  const palette = colors.slice(0, 256).map(parts);
  const places = new Map(colors.map((color) => {
    const far = palette.map((part) => part.reduce((sum, value, at) => sum + (value - parts(color)[at]) ** 2, 0));
    return [color, far.indexOf(Math.min(...far))];
  }));
  let text = "";
  for (const pixel of pixels) text += String.fromCharCode(places.get(pixel));
  return [image.width, palette.flat(), btoa(text)];
})()
"""
"""Returns the width of a picture, its 256 most frequent colours, and for each point the nearest of these."""


def keep(chromium: Chromium, name: str, picture: bytes) -> None:
    """Renew a picture of the docs if that is asked for, with 256 colours: that takes a third of the space."""
    assert picture.startswith(b"\x89PNG")
    if not os.environ.get("KEEP_PICTURES"):
        return
    chromium.show("about:blank")
    given = json.dumps(base64.b64encode(picture).decode())
    width, palette, places = chromium.evaluate(REDUCE.replace("${PICTURE}", f"${{{given}}}"))
    points = base64.b64decode(places)
    rows = b"".join(b"\0" + points[start : start + width] for start in range(0, len(points), width))
    head = struct.pack(">IIBBBBB", width, len(points) // width, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", bytes(palette)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    (FOLDER / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_write_chunk(*chunk) for chunk in chunks))


def _write_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
