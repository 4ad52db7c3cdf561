"""Clients that nobody here wrote."""
# SPDX-License-Identifier: BSD-3-Clause
import io
import sys

from harness import EXAMPLE, Skip, astropy_fits, main
from serving import serving


def pyvo_adhoc():
    try:
        import pyvo.dal.adhoc
    except ImportError:
        raise Skip("python3-pyvo is not installed")
    return pyvo.dal.adhoc


def pyvo_fetches_a_cutout(tmp):
    """SodaQuery by hand, and built from the descriptor that sync gives of itself."""
    adhoc = pyvo_adhoc()
    from astropy import units as u
    fits = astropy_fits()
    with serving(tmp) as server:
        query = adhoc.SodaQuery(server.url + "/sync", circle=(EXAMPLE[0] * u.deg, EXAMPLE[1] * u.deg, 0.004 * u.deg))
        query["ID"] = "demo"
        query["FILTER"] = "g"
        with fits.open(io.BytesIO(query.execute_raw())) as product:
            product.verify("exception")
            assert product[0].header["RCSURVEY"] == "demo" and product[0].data.shape[0] > 50
        outside = adhoc.SodaQuery(server.url + "/sync", circle=(100 * u.deg, -45 * u.deg, 0.004 * u.deg))
        outside["ID"] = "demo"
        assert outside.execute_raw() == b""

        from astropy.io.votable import parse
        table = parse(io.BytesIO(server.get("/sync", {"MAXREC": 0, "ID": "demo"}).body))
        service = next(r for r in table.resources if r.utype == "adhoc:service")
        parameters = {p.name: p.value for p in service.params}
        assert parameters["standardID"] == "ivo://ivoa.net/std/SODA#sync-1.0"
        named = {p.name for group in service.groups for p in group.entries}
        assert {"ID", "CIRCLE", "POLYGON", "POS", "BAND", "TIME", "POL"} <= named
        query = adhoc.SodaQuery(parameters["accessURL"], circle=(EXAMPLE[0] * u.deg, EXAMPLE[1] * u.deg, 0.004 * u.deg))
        query["ID"] = "demo"
        assert query.execute_raw().startswith(b"SIMPLE")


def stilts_finds_the_descriptor_valid(tmp):
    """votlint complains of nothing."""
    import shutil
    import subprocess

    if not shutil.which("stilts"):
        raise Skip("stilts is not installed")
    with serving(tmp) as server:
        table = server.get("/sync", {"MAXREC": 0}).body
    done = subprocess.run(["stilts", "votlint", "votable=-"], input=table, capture_output=True, timeout=120)
    assert done.returncode == 0 and not done.stdout.strip() and not done.stderr.strip(), done


def curl_gets_a_picture(tmp):
    import shutil
    import subprocess

    if not shutil.which("curl"):
        raise Skip("curl is not installed")
    with serving(tmp) as server:
        url = f"{server.url}/api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=1arcmin&format=png"
        done = subprocess.run(["curl", "-sSf", "-OJ", url], cwd=tmp, capture_output=True, timeout=60)
        assert done.returncode == 0, done
        assert next(tmp.glob("demo_*.png")).read_bytes().startswith(b"\x89PNG")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
