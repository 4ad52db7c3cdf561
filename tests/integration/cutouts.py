"""Pixels and headers of cutouts, checked against astropy on the demo sky and on files made here."""
# SPDX-License-Identifier: BSD-3-Clause
import io
import random
import struct
import sys
import tarfile
import zlib

from harness import DEMO, EXAMPLE, astropy_fits, at, cut, main, says


def parent_of(header, root=DEMO / "sky"):
    """The parent's HDU, opened as stored."""
    fits = astropy_fits()
    path = next(root.rglob(header["RCFILE"]))
    return fits.open(path, do_not_scale_image_data=True)[header["RCHDU"]]


def same_pixels(hdu, root=DEMO / "sky"):
    """Asserts that every pixel on the parent is the parent's, and every other is blank."""
    import numpy
    parent = parent_of(hdu.header, root).data
    x0, y0 = hdu.header["RCX0"], hdu.header["RCY0"]
    height, width = hdu.data.shape[-2:]
    ys, xs = slice(max(0, y0), min(parent.shape[-2], y0 + height)), slice(max(0, x0), min(parent.shape[-1], x0 + width))
    inside = hdu.data[..., ys.start - y0:ys.stop - y0, xs.start - x0:xs.stop - x0]
    numpy.testing.assert_array_equal(inside, parent[..., ys, xs])
    outside = numpy.ones(hdu.data.shape, bool)
    outside[..., ys.start - y0:ys.stop - y0, xs.start - x0:xs.stop - x0] = False
    if hdu.data.dtype.kind == "f":
        assert numpy.isnan(hdu.data[outside]).all()
    elif outside.any():
        assert (hdu.data[outside] == hdu.header["BLANK"]).all()
    return inside.size / hdu.data.size


def wcs_agrees(hdu, root=DEMO / "sky"):
    """Asserts that the WCS of the cutout is the parent's, shifted, to 1e-6 pixel."""
    import numpy
    from astropy.wcs import WCS
    parent = WCS(parent_of(hdu.header, root).header).celestial
    child = WCS(hdu.header).celestial
    rng = numpy.random.default_rng(1)
    height, width = hdu.data.shape[-2:]
    x, y = rng.uniform(0, width - 1, 20), rng.uniform(0, height - 1, 20)
    sky = child.all_pix2world(x, y, 0)
    px, py = parent.all_world2pix(*sky, 0, tolerance=1e-9, maxiter=100)
    numpy.testing.assert_allclose(px - hdu.header["RCX0"], x, atol=1e-6)
    numpy.testing.assert_allclose(py - hdu.header["RCY0"], y, atol=1e-6)


def stamps_have_their_size_everywhere(tmp):
    """1,000 places on and just off the tiles, edges and corners among them: 64 x 64 pixels each."""
    fits = astropy_fits()
    from astropy.wcs import WCS
    rng = random.Random(7)
    tiles = []
    for path in sorted((DEMO / "sky").glob("*_g.fits")):
        with fits.open(path) as file:
            tiles.append((WCS(file["SCI"].header), *file["SCI"].data.shape))
    with open(tmp / "list.csv", "w") as positions:
        positions.write("id,ra,dec\n")
        for i in range(1000):
            wcs, height, width = rng.choice(tiles)
            edges = [-20, -0.5, 0, 31.5, 32, width / 2]
            x = rng.uniform(-25, width + 24) if i % 2 else rng.choice(edges)
            y = rng.uniform(-25, height + 24) if i % 3 else rng.choice([*edges, height - 1, height + 20])
            ra, dec = wcs.all_pix2world(x, y, 0)
            positions.write(f"p{i},{float(ra)!r},{float(dec)!r}\n")
    cut(tmp / "out.tar", "--positions", tmp / "list.csv", "--size", "64px", "--bands", "g")
    made = padded = joined = 0
    with tarfile.open(tmp / "out.tar") as archive:
        for name in archive.getnames():
            if not name.endswith(".fits"):
                continue
            with fits.open(io.BytesIO(archive.extractfile(name).read())) as product:
                assert product[0].data.shape == (64, 64), (name, product[0].data.shape)
                made += 1
                padded += product[0].header["RCEDGE"] == "padded"
                # astropy 5.2 does not give the nulls of quantised floats as NaN; the real sets check those.
                joined += "RCIMAGES" in product[0].header
                if made % 20 == 0 and "T0005" not in product[0].header.get("RCFILE", "T0005"):
                    same_pixels(product[0])
    assert made == 1000 and padded > 100 and joined > 20, (made, padded, joined)


def regions_give_the_pixels_they_touch(tmp):
    import numpy
    fits = astropy_fits()
    from astropy.coordinates import SkyCoord
    from astropy.wcs import WCS
    ra, dec, radius = *EXAMPLE, 0.004
    cut(tmp / "c.fits", "--circle", f"{ra} {dec} {radius}", "--bands", "g")
    with fits.open(tmp / "c.fits") as product:
        hdu = product[0]
        same_pixels(hdu)
        wcs_agrees(hdu)
        # The rectangle is the smallest: its border pixels are touched, a border further out is not.
        wcs, (h, w) = WCS(hdu.header), hdu.data.shape
        centre = SkyCoord(ra, dec, unit="deg")
        def nearest(xs, ys):
            return SkyCoord(*wcs.all_pix2world(xs, ys, 0), unit="deg").separation(centre).deg.min()
        line = numpy.linspace(-0.5, w - 0.5, 20 * w)
        assert nearest(numpy.full_like(line, 0.5), line) <= radius < nearest(numpy.full_like(line, -0.5), line)
        assert nearest(line, numpy.full_like(line, h - 1.5)) <= radius < nearest(line, numpy.full_like(line, h - 0.5))
    cut(tmp / "r.fits", "--range", "359.99 0.01 10.0 10.01", "--bands", "r")
    cut(tmp / "p.fits", "--polygon", "0.06 10.0 0.05 10.0 0.055 10.01", "--bands", "r")
    for name in ("r.fits", "p.fits"):
        with fits.open(tmp / name) as product:
            same_pixels(product[0])
            wcs_agrees(product[0])
    done = cut(tmp / "q.fits", "--polygon", "0.05 10.0 0.06 10.0 0.055 10.01", "--bands", "r")
    says(done, "clockwise")
    with fits.open(tmp / "p.fits") as a, fits.open(tmp / "q.fits") as b:
        numpy.testing.assert_array_equal(a[0].data, b[0].data)
        assert "clockwise" in b[0].header["RCWARN"]


def missing_band_is_nan(tmp):
    """A survey of which a band does not cover the place: a NaN plane of that band's name."""
    import numpy
    fits = astropy_fits()
    from make import image, index
    image(tmp / "d" / "x_g.fits", ra=10, dec=0)
    image(tmp / "d" / "x_r.fits", ra=20, dec=0)
    surveys = index(tmp / "d", "made", tmp)
    cut(tmp / "a.fits", *at((10, 0), "16px"), survey="made", surveys=surveys)
    with fits.open(tmp / "a.fits") as product:
        assert product["g"].data.shape == product["r"].data.shape == (16, 16)
        assert numpy.isfinite(product["g"].data).all() and numpy.isnan(product["r"].data).all()
        assert product["r"].header["RCEDGE"] == "absent"


def bands_forgive_case(tmp):
    fits = astropy_fits()
    from make import image, index
    image(tmp / "d" / "x_J.fits", ra=10, dec=0)
    image(tmp / "d" / "x_H.fits", ra=10, dec=0)
    surveys = index(tmp / "d", "made", tmp)
    cut(tmp / "a.fits", *at((10, 0), "16px"), "--bands", "h,j", survey="made", surveys=surveys)
    with fits.open(tmp / "a.fits") as product:
        assert [h.name for h in product[1:]] == ["H", "J"]


def planes_come_along(tmp):
    fits = astropy_fits()
    cut(tmp / "a.fits", *at(EXAMPLE, "40px"), "--bands", "r", "--planes", "image,weight,mask")
    with fits.open(tmp / "a.fits") as product:
        assert [h.name for h in product[1:]] == ["SCI", "WGT", "MSK"]
        for hdu in product[1:]:
            same_pixels(hdu)
            wcs_agrees(hdu)
        product.verify("exception")
    cut(tmp / "b.fits", *at(EXAMPLE, "40px"), "--bands", "g,r", "--planes", "image,mask")
    with fits.open(tmp / "b.fits") as product:
        assert [h.name for h in product[1:]] == ["g", "g_mask", "r", "r_mask"]


def integer_padding_is_blank(tmp):
    import numpy
    fits = astropy_fits()
    from make import image, index
    pixels = {"u1_g": numpy.arange(400, dtype="u1").reshape(20, 20) % 250,
              "i2_r": numpy.full((20, 20), -32768, "i2"),
              "u2_i": numpy.full((20, 20), 65535, "u2")}
    for name, data in pixels.items():
        image(tmp / "d" / f"{name}.fits", ra=10, dec=0, data=data)
    # A BLANK that 16 bits cannot hold marks nothing: another is chosen.
    image(tmp / "d" / "i2_z.fits", ra=10, dec=0, data=numpy.full((20, 20), 7, "i2"), cards={"BLANK": -99999})
    surveys = index(tmp / "d", "made", tmp)
    cut(tmp / "a.fits", *at((10.003, 0), "24px"), survey="made", surveys=surveys)
    with fits.open(tmp / "a.fits", do_not_scale_image_data=True) as product:
        for hdu in product[1:]:
            assert 0 < same_pixels(hdu, tmp / "d") < 1
            assert hdu.header["RCEDGE"] == "padded"
    cut(tmp / "b.fits", *at((10.003, 0), "24px"), "--edges", "trim", survey="made", surveys=surveys)
    with fits.open(tmp / "b.fits", do_not_scale_image_data=True) as product:
        for hdu in product[1:]:
            assert same_pixels(hdu, tmp / "d") == 1 and hdu.header.get("BLANK", -99999) == -99999


def wcs_agrees_across_ra_zero(tmp):
    fits = astropy_fits()
    for ra in (359.999, 0.0, 360.0, 0.001):
        cut(tmp / "a.fits", *at((ra, 10.005), "50px"), "--bands", "i")
        with fits.open(tmp / "a.fits") as product:
            same_pixels(product[0])
            wcs_agrees(product[0])


def epochs_choose(tmp):
    fits = astropy_fits()
    from make import image, index
    for n, (mjd, exptime) in enumerate([(58000, 30), (58010, 90), (58020, 30)]):
        image(tmp / "d" / f"e{n}_g.fits", ra=10, dec=0, cards={"MJD-OBS": mjd, "EXPTIME": exptime}, seed=n)
    surveys = index(tmp / "d", "made", tmp)
    def chosen(*arguments):
        cut(tmp / "a.fits", *at((10, 0), "16px"), *arguments, survey="made", surveys=surveys)
        with fits.open(tmp / "a.fits") as product:
            return [h.header["RCIMAGE"] for h in product if h.data is not None]
    assert chosen() == ["e1_g"], "of equal coverage, the deepest"
    assert chosen("--epochs", "latest") == ["e2_g"]
    assert sorted(chosen("--epochs", "all")) == ["e0_g", "e1_g", "e2_g"]
    assert chosen("--time", "57990 58005") == ["e0_g"]
    assert chosen("--image", "e2_g") == ["e2_g"]
    toml = surveys / "made.toml"
    toml.write_text(toml.read_text().replace("[survey]", '[survey]\nkind = "epochs"', 1))
    assert chosen() == ["e2_g"], "a survey of epochs: the latest"
    says(cut(tmp / "a.fits", *at((10, 0), "16px"), "--image", "e9_g", survey="made", surveys=surveys, status=3), "'e9_g'")


def several_images_of_a_band(tmp):
    """Where tiles overlap, the one that covers most answers alone, where one is asked for; else both."""
    fits = astropy_fits()
    from make import image, index
    image(tmp / "d" / "west_g.fits", ra=10.000, dec=0, size=60)
    image(tmp / "d" / "east_g.fits", ra=10.010, dec=0, size=60)
    surveys = index(tmp / "d", "made", tmp)
    for ra, best in ((10.004, "west_g"), (10.006, "east_g")):
        cut(tmp / "a.fits", *at((ra, 0), "30px"), "--algorithm", "cut", survey="made", surveys=surveys)
        with fits.open(tmp / "a.fits") as product:
            assert product[0].header["RCIMAGE"] == best
        cut(tmp / "a.fits", *at((ra, 0), "30px"), survey="made", surveys=surveys)
        with fits.open(tmp / "a.fits") as product:
            assert product[0].header["RCIM1"].startswith(best) and product[0].header["RCIMAGES"] == 2


def png_chunks(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at_byte = 8
    while at_byte < len(data):
        size, kind = struct.unpack(">I4s", data[at_byte:at_byte + 8])
        yield kind, data[at_byte + 8:at_byte + 8 + size]
        at_byte += 12 + size


def png_samples(data):
    """The samples of an 8-bit PNG as rows from the top x columns x channels, by its filters (PNG 1.2, section 6)."""
    import numpy
    chunks = list(png_chunks(data))
    width, height, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
    assert depth == 8
    n = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    raw = zlib.decompress(b"".join(c for k, c in chunks if k == b"IDAT"))
    rows, previous, stride = [], [0] * (n * width), n * width + 1
    for y in range(height):
        kind, line = raw[y * stride], list(raw[y * stride + 1:(y + 1) * stride])
        for i in range(len(line) if kind else 0):
            a = line[i - n] if i >= n else 0
            b, c = previous[i], previous[i - n] if i >= n else 0
            p = a + b - c
            paeth = min((a, b, c), key=lambda v: (abs(p - v), (a, b, c).index(v)))
            line[i] = (line[i] + (0, a, b, (a + b) // 2, paeth)[kind]) % 256
        rows.append(line)
        previous = line
    return numpy.array(rows, dtype="u1").reshape(height, width, n)


def png_pixels(data):
    """Red, green and blue of a PNG, three times the same where it is grey."""
    samples = png_samples(data)
    return samples[..., :3] if samples.shape[2] > 2 else samples[..., [0, 0, 0]]


def png_is_oriented(tmp):
    """A star in the north-east is at the top left, as DS9 shows it."""
    import numpy
    from make import image, index
    data = numpy.zeros((40, 40), "f4")
    data[33:36, 5:8] = 100  # high y: north; low x: east
    image(tmp / "d" / "x_g.fits", ra=10, dec=0, data=data)
    surveys = index(tmp / "d", "made", tmp)
    picture = cut("-", *at((10, 0), "40px"), "--format", "png", "--param", "stretch=10", survey="made", surveys=surveys).stdout
    pixels = png_pixels(picture)
    ys, xs, _ = numpy.nonzero(pixels)
    assert ys.max() < 10 and xs.max() < 10, (ys.max(), xs.max())
    text = {c.split(b"\0", 1)[0]: c for k, c in png_chunks(picture) if k in (b"tEXt", b"iTXt", b"zTXt")}
    assert {b"Software", b"Request", b"WCS", b"Source"} <= set(text), text.keys()
    assert b"CRPIX1" in text[b"WCS"] and b"survey=made" in text[b"Request"]


def provenance(tmp):
    fits = astropy_fits()
    cut(tmp / "a.fits", *at(EXAMPLE, "16px"), "--bands", "g")
    with fits.open(tmp / "a.fits", checksum=True) as product:
        product.verify("exception")
        h = product[0].header
        assert h["RCSOFT"].startswith("Recorte ") and h["RCADAPT"].startswith("tiles ") and h["RCALGO"].startswith("cut ")
        assert (h["RCSURVEY"], h["RCFILE"], h["RCHDU"], h["EXTNAME"]) == ("demo", "demo_T0002_g.fits", 1, "SCI")
        assert h["RCREQ"] == "survey=demo&ra=0.055&dec=10.005&size=16px&bands=g&format=fits", h["RCREQ"]
        assert h["DATE"] and h["CHECKSUM"] and h["DATASUM"]
        # The primary's cards hold for its extensions; its commentary and layout do not.
        assert h["FILTER"].startswith("g DemoCam") and h["EXPTIME"] > 0 and "TILENAME" in h


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
