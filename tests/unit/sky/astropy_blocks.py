# SPDX-License-Identifier: BSD-3-Clause
"""How the references by astropy reach the tests (astropy_blocks.hpp reads them): a line "image NAME SCALE_X
SCALE_Y BOUND CARDS POINTS", the cards a line each, then POINTS times x, y, ra, dec as doubles: 0-based
pixels and ICRS degrees, nan for no sky. BOUND, in degrees, is how far the test may be from them."""
import sys

import numpy as np


def write_block(name, header, bound, x, y, ra, dec, scales=(0, 0)):
    """`scales` in degrees a pixel; 0 where they are not compared."""
    cards = header.tostring(sep="\n", endcard=False, padding=False).split("\n")
    scale_x, scale_y = map(float, scales)
    head = f"image {name} {scale_x!r} {scale_y!r} {bound!r} {len(cards)} {len(x)}\n" + "\n".join(cards) + "\n"
    sys.stdout.buffer.write(head.encode())
    sys.stdout.buffer.write(np.column_stack((x, y, ra, dec)).astype("f8").tobytes())
