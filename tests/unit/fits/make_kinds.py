"""FITS files of every kind of pixel, plain, packed and tile-compressed. Argument: a new directory."""
# SPDX-License-Identifier: BSD-3-Clause
import bz2
import gzip
import pathlib
import sys
import warnings

import numpy as np
from astropy.io import fits

warnings.simplefilter("ignore")
out = pathlib.Path(sys.argv[1])
out.mkdir()
random = np.random.default_rng(5)
SHAPE = (37, 53)


def sky(dtype, high):
    return (random.normal(high / 3, high / 50, SHAPE)).clip(0, high).astype(dtype)


IMAGES = {
    "u8": sky("u1", 250), "s8": (sky("i2", 250) - 128).astype("i1"), "i16": sky("i2", 30000) - 9000,
    "u16": sky("u2", 65000), "i32": sky("i4", 2e6) - 500000, "u32": sky("u4", 4e9),
    "i64": sky("i8", 1e15), "u64": sky("u8", 1e19), "f32": sky("f4", 100), "f64": sky("f8", 100),
}
for name in ("f32", "f64"):
    IMAGES[name][3, 4] = np.nan
    IMAGES[name][:, 20] = np.nan
IMAGES["f32"].view("u4")[0, 0] = 0x7FC12345  # a NaN with a payload

for name, data in IMAGES.items():
    fits.PrimaryHDU(data).writeto(out / f"{name}.fits")
    hdus = fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(data, name="SCI")])
    hdus.writeto(out / f"{name}_ext.fits")
    plain = (out / f"{name}.fits").read_bytes()
    (out / f"{name}_packed.fits").write_bytes(gzip.compress(plain))
    (out / f"{name}_bz.fits").write_bytes(bz2.compress(plain))
    for kind in ("RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1"):
        if name in ("i64", "u64") or (kind == "PLIO_1" and name not in ("u8", "i16")):
            continue
        pixels = np.abs(data) if kind == "PLIO_1" else data
        tiles = {"tile_size": (53, 16)} if kind == "HCOMPRESS_1" else {}
        for suffix, more in (("", {}), ("_lossless", {"quantize_level": 0})):
            if suffix and (data.dtype.kind != "f" or not kind.startswith("GZIP")):
                continue
            try:
                hdu = fits.CompImageHDU(pixels, compression_type=kind, **tiles, **more)
                hdu.writeto(out / f"{name}_{kind}{suffix}.fits")
            except Exception as error:  # astropy cannot write that one
                (out / f"{name}_{kind}{suffix}.fits").unlink(missing_ok=True)
                print("not made:", name, kind, str(error)[:60])

blank = fits.PrimaryHDU(IMAGES["i16"].copy())
blank.header["BSCALE"], blank.header["BZERO"], blank.header["BLANK"] = 0.25, 100.0, 1000
blank.data[5, 5:9] = 1000
blank.writeto(out / "blank.fits")
scaled = fits.open(out / "blank.fits", do_not_scale_image_data=True)
raw = IMAGES["i16"].copy()
raw[5, 5:9] = -777
hdu = fits.PrimaryHDU(raw)
hdu.header["BSCALE"], hdu.header["BZERO"], hdu.header["BLANK"] = 0.25, 100.0, -777
text = hdu.header.tostring()
(out / "blank.fits").write_bytes(text.encode() + raw.astype(">i2").tobytes().ljust(5760, b"\0"))
raw = IMAGES["f32"].copy()
header = fits.PrimaryHDU(raw).header
header["BSCALE"], header["BZERO"] = 2.0, -1.0
(out / "float_scaled.fits").write_bytes(
    header.tostring().encode() + raw.astype(">f4").tobytes().ljust(8640, b"\0"))
fits.PrimaryHDU(random.integers(0, 99, (2, 3, 4, 11, 13)).astype("i4")).writeto(out / "five.fits")
fits.CompImageHDU(random.integers(0, 99, (5, 21, 33)).astype("i4")).writeto(out / "cube_fz.fits")

# Tile compression with every option that changes how pixels come out.
noisy = random.normal(1000, 30, (40, 90)).astype("f4")
stars = noisy + 5000 * (random.random((40, 90)) > 0.98).astype("f4")
flat = noisy.copy()
flat[7] = 5.0  # a tile that cannot be quantised, and is gzipped as it is
flat[9, :40] = np.nan
zeros = np.where(random.random((40, 90)) > 0.5, noisy, 0).astype("f4")
OPTIONS = {
    "dither1": (flat, {"quantize_method": 1, "dither_seed": 9999}),
    "dither1_end": (noisy, {"quantize_method": 1, "dither_seed": 10000}),
    "dither2": (zeros, {"quantize_method": 2, "dither_seed": 3}),
    "undithered": (flat, {"quantize_method": -1}),
    "dither1_f64": (flat.astype("f8"), {"quantize_method": 1, "dither_seed": 77}),
    "dither2_gzip": (zeros, {"quantize_method": 2, "dither_seed": 3, "compression_type": "GZIP_1"}),
    "dither2_gzip2": (zeros, {"quantize_method": 2, "dither_seed": 3, "compression_type": "GZIP_2"}),
    "long_dither": (random.normal(0, 1, (2, 12000)).astype("f4"), {"quantize_method": 1, "dither_seed": 500}),
    "tiled": (stars.astype("i4"), {"tile_size": (32, 7)}),
    "tiled_f32": (stars, {"tile_size": (25, 40), "quantize_method": 2, "dither_seed": 8}),
    "whole": (stars.astype("i2"), {"tile_size": (90, 40)}),
    "cube_tiles": (random.integers(-9, 99, (6, 21, 33)).astype("i2"), {"tile_size": (16, 10, 4)}),
    "hcompress": (stars.astype("i2"), {"compression_type": "HCOMPRESS_1", "tile_size": (90, 12)}),
    "hcompress_lossy": (stars.astype("i2"), {"compression_type": "HCOMPRESS_1", "hcomp_scale": 3, "tile_size": (90, 20)}),
    "hcompress_smooth": (stars.astype("i4"), {"compression_type": "HCOMPRESS_1", "hcomp_scale": 9, "hcomp_smooth": 1,
                                              "tile_size": (45, 20)}),
    "hcompress_smooth_i16": (stars.astype("i2"), {"compression_type": "HCOMPRESS_1", "hcomp_scale": 40, "hcomp_smooth": 1,
                                                  "tile_size": (90, 40)}),
    "hcompress_f32": (stars, {"compression_type": "HCOMPRESS_1", "quantize_method": 1, "tile_size": (90, 8)}),
    "hcompress_steep": (np.add.outer(np.arange(40) * 3000, np.arange(90) * 500).astype("i4"),
                        {"compression_type": "HCOMPRESS_1", "tile_size": (31, 17)}),
    "plio_runs": (((stars > 3000) * 4000 + (stars < 950) * 70000).astype("i4"), {"compression_type": "PLIO_1"}),
    "plio_i16": (((stars > 3000) * 9 + (stars < 950)).astype("i2"), {"compression_type": "PLIO_1"}),
    "nocompress": (stars.astype("i2"), {"compression_type": "NOCOMPRESS"}),
    "extremes": (random.choice([-2**31, 2**31 - 1, 0], (40, 90)).astype("i4"), {}),
    "extremes_i16": (random.choice([-2**15, 2**15 - 1, 0], (40, 90)).astype("i2"), {}),
}
for name, (data, options) in OPTIONS.items():
    path = out / f"option_{name}.fits"
    try:
        fits.CompImageHDU(data, **{"compression_type": "RICE_1", "quantize_level": 4.0, **options}).writeto(path)
    except Exception as error:  # astropy cannot write that one
        path.unlink(missing_ok=True)
        print("not made:", name, str(error)[:60])
hdu = fits.CompImageHDU(IMAGES["i16"].copy(), compression_type="GZIP_2")
hdu.header["BSCALE"], hdu.header["BZERO"], hdu.header["BLANK"] = 0.25, 100.0, 1000
hdu.writeto(out / "option_scaled.fits")
fits.PrimaryHDU(random.integers(0, 99, (1, 1, 21, 33)).astype("i2")).writeto(out / "degenerate.fits")
