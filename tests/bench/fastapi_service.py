"""What a day's work gives: cutouts over HTTP by FastAPI, fitsio and astropy. The image is opened once a process.

    BENCH_IMAGE=tile.fits uvicorn --workers 2 fastapi_service:app
    GET /cutout?ra=45&dec=-30&size=200
"""
# SPDX-License-Identifier: BSD-3-Clause
import os

import fitsio
from astropy.wcs import WCS
from fastapi import FastAPI, HTTPException, Response

app = FastAPI()
image = fitsio.FITS(os.environ["BENCH_IMAGE"])[0]
height, width = image.get_dims()
header = {record["name"]: record["value"] for record in image.read_header().records() if record["name"]}
wcs = WCS({name: header[name] for name in ("CTYPE1", "CTYPE2", "CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")})


@app.get("/cutout")
async def cutout(ra: float, dec: float, size: int = 200):
    x, y = (round(float(value)) - size // 2 for value in wcs.wcs_world2pix(ra, dec, 0))
    if x < 0 or y < 0 or x + size > width or y + size > height:
        raise HTTPException(404, "outside the image")
    product = fitsio.FITS("mem://", "rw")
    cards = {**{name: header[name] for name in ("CTYPE1", "CTYPE2", "CRVAL1", "CRVAL2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")},
             "CRPIX1": header["CRPIX1"] - x, "CRPIX2": header["CRPIX2"] - y}
    product.write(image[y:y + size, x:x + size], header=cards)
    body = product.read_raw()
    product.close()
    return Response(body, media_type="application/fits")
