"""Tile-compressed images of hundreds of pixels a side, in tiles of many shapes. Argument: a new directory."""
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import sys
import warnings

import numpy as np
from astropy.io import fits

warnings.simplefilter("ignore")
out = pathlib.Path(sys.argv[1])
out.mkdir()
random = np.random.default_rng(11)
SHAPE = (301, 611)
noise = random.normal(100, 9, SHAPE)
for _ in range(60):  # stars, whose differences are long
    y, x = random.integers(0, SHAPE[0]), random.integers(0, SHAPE[1])
    noise[y:y + 5, x:x + 5] += 10 ** random.uniform(2, 4.3)
sky = noise.astype("f4")
sky[20, :] = 5  # a row that cannot be quantised, and is gzipped as it is
sky[30:33, 100:500] = np.nan
sky[40, ::3] = 0
IMAGES = {
    "u8": np.clip(noise, 0, 255).astype("u1"), "i16": noise.astype("i2"),
    "i32": noise.astype("i4") * np.where(random.random(SHAPE) > 0.999, 90000, 1).astype("i4"),
    "mask": (noise > 140).astype("i4"), "wild": random.integers(-2**31, 2**31, SHAPE).astype("i4"),
}
TILES = {"rows": (611, 1), "square": (256, 256), "odd": (100, 7), "whole": (611, 301), "two": (300, 2)}
for shape, tile in TILES.items():
    for name, data in IMAGES.items():
        fits.CompImageHDU(data, compression_type="RICE_1", tile_size=tile).writeto(out / f"{name}_{shape}.fits")
    for name, method in (("undithered", -1), ("dither1", 1), ("dither2", 2)):
        for kind in ("RICE_1", "GZIP_1", "GZIP_2"):
            if kind != "RICE_1" and shape not in ("rows", "odd"):
                continue
            fits.CompImageHDU(sky, compression_type=kind, tile_size=tile, quantize_level=4.0, quantize_method=method,
                              dither_seed=9700).writeto(out / f"{name}_{kind}_{shape}.fits")
    fits.CompImageHDU(sky.astype("f8"), compression_type="RICE_1", tile_size=tile, quantize_level=4.0,
                      quantize_method=1, dither_seed=1).writeto(out / f"doubles_{shape}.fits")
for kind in ("GZIP_1", "GZIP_2"):
    fits.CompImageHDU(sky, compression_type=kind, quantize_level=0).writeto(out / f"lossless_{kind}.fits")
    fits.CompImageHDU(IMAGES["i16"], compression_type=kind).writeto(out / f"i16_{kind}.fits")
cube = random.integers(0, 900, (6, 70, 90)).astype("i2")
fits.CompImageHDU(cube, compression_type="RICE_1", tile_size=(40, 30, 4)).writeto(out / "cube.fits")
for name in ("i16", "i32"):
    fits.PrimaryHDU(IMAGES[name]).writeto(out / f"{name}_plain.fits")
fits.PrimaryHDU(sky).writeto(out / "f32_plain.fits")
