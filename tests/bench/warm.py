"""Rows of warm cutouts, 200 x 200 pixels, in one process: all that a worker does, beside CFITSIO with the image kept open."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import statistics

import data
from measure import Measured, answer


def warm(kind, simd=None):
    def run(context):
        _, _, ra, dec = data.positions(context.count(200, 40), context.next_seed())
        requests = [f"survey={kind}&ra={a!r}&dec={d!r}&size=200px" for a, d in zip(ra.tolist(), dec.tolist())]
        env = {**os.environ, "RECORTE_SIMD": simd} if simd else None
        found = answer(context.cut_bench(requests, context.image(kind)), env)
        # The faster of the two ways to a finished file counts.
        way = min("copy_image_section", "read_subset_and_write", key=lambda name: statistics.median(found[name]))
        extra = {name: statistics.median(found[name]) for name in ("copy_image_section", "read_subset_and_write", "read_subset")}
        return Measured(found["ours"], found[way], extra={"bytes": found["bytes"], "cfitsio": extra, "seek_index": context.seek})
    return run
