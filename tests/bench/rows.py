"""The rows of the benchmark: what is measured, against whom, and the ratio to reach."""
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import typing

import bulk
import cold
import colour
import mosaic
import sync
import warm


@dataclasses.dataclass
class Row:
    name: str
    work: str
    peer: str
    target: float | None  # ratio
    run: typing.Callable


ROWS = [
    Row("warm-plain", "200², plain, warm, in process", "CFITSIO, image open", 6, warm.warm("plain")),
    Row("warm-rice-scalar", "200², RICE by rows, warm, scalar", "CFITSIO, image open", 60, warm.warm("rice", simd="scalar")),
    Row("warm-rice", "200², RICE by rows, warm", "CFITSIO, image open", 120, warm.warm("rice")),
    Row("warm-rice256", "200², RICE 256 x 256, warm", "CFITSIO, image open", 4, warm.warm("rice256")),
    Row("warm-gzip2", "200², GZIP_2, warm", "CFITSIO, image open", 2, warm.warm("gzip2")),
    Row("cold-plain-fitscut", "200², plain, cold process, CPU", "fitscut", 1, cold.cold("plain", cold.fitscut)),
    Row("cold-plain-imcopy", "200², plain, cold process, CPU", "imcopy", None, cold.cold("plain", cold.imcopy)),
    Row("cold-plain-montage", "200², plain, cold process, CPU", "mSubimage", None, cold.cold("plain", cold.montage)),
    Row("cold-rice-imcopy", "200², RICE by rows, cold process, CPU", "imcopy", 2, cold.cold("rice", cold.imcopy)),
    Row("bulk-plain-fitscut", "1,000 files of 200², plain", "fitscut", 25, bulk.bulk("plain", bulk.by_fitscut)),
    Row("bulk-plain-astropy", "1,000 files of 200², plain", "astropy Cutout2D", 20, bulk.bulk("plain", bulk.by_python("astropy"))),
    Row("bulk-plain-fitsio", "1,000 files of 200², plain", "Python's fitsio", 4, bulk.bulk("plain", bulk.by_python("fitsio"))),
    Row("bulk-plain-astrocut", "1,000 files of 200², plain", "astrocut", None, bulk.bulk("plain", bulk.by_python("astrocut"))),
    Row("bulk-rice-cfitsio", "1,000 files of 200², RICE by rows", "CFITSIO in C", 40, bulk.bulk("rice", bulk.by_cfitsio)),
    Row("bulk-10k", "10,000 of 200², plain, into one tar", "", None, bulk.bulk_10k),
    Row("bulk-100k", "a position of 100,000 into one tar", "a position of 10,000", 0.87, bulk.bulk_100k),
    Row("colour-astropy", "colour PNG 1000², warm", "make_lupton_rgb", 20, colour.against_lupton(1000)),
    Row("colour-fitscut", "colour PNG 1000², whole process", "fitscut", 8, colour.against_fitscut),
    Row("colour-stiff", "colour PNG 1000², whole process", "STIFF (TIFF, pre-cut)", None, colour.against_stiff),
    Row("colour-200", "colour PNG 200², warm", "make_lupton_rgb", None, colour.against_lupton(200)),
    Row("mosaic-swarp", "mosaic 1000², Lanczos-3, CPU", "SWarp, pre-cut", 8, mosaic.by_process(mosaic.swarp, ["SWarp"])),
    Row("mosaic-reproject", "mosaic 1000², bilinear, CPU", "reproject_interp, pre-cut", 40, mosaic.against_reproject),
    Row("mosaic-montage", "mosaic 1000², Lanczos-3, CPU", "mProjectPP, mAdd, pre-cut", None,
        mosaic.by_process(mosaic.montage, ["mProjectPP", "mImgtbl", "mAdd"])),
    Row("mosaic-200", "mosaic 200², Lanczos-3, CPU", "SWarp, pre-cut", None, mosaic.by_process(mosaic.swarp, ["SWarp"], 200)),
    Row("sync-fastapi", "/sync 200², 8 connections", "FastAPI and fitsio", 10, sync.against_fastapi),
    Row("sync-overhead", "/sync 200², above no work", "150 µs", 1, sync.overhead),
]
