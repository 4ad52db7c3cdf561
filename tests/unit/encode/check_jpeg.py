"""A JPEG of core/encode, judged by Pillow. Arguments: the JPEG, the pixels, the comment."""
# SPDX-License-Identifier: BSD-3-Clause
import sys

from PIL import Image

name, pixels, comment = sys.argv[1:]
with Image.open(name) as picture, open(pixels, "rb") as expected:
    assert picture.tobytes() == expected.read(), name
    assert picture.app["COM"] == comment.encode(), name
