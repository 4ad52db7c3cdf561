"""Images on a web server and in an object store, read by ranges: the same pixels as from disk, few bytes, and no lie believed."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import csv
import gzip
import io
import shutil
import sys
import threading

from archive import serving_files
from harness import astropy_fits, at, cut, main, run, says
from make import image
from serving import serving, wait_until
from sinks import make_certificate
from vices import with_plugins

SIZE, SCALE = 1000, 0.0002
PLACES = {"plain": 10, "rice": 20, "quantized": 30, "gzipped": 40, "wide": 50}  # right ascensions
UNAVAILABLE, MISSING, BROKEN = 6, 3, 8


def write_files(root):
    """A plain image, tiles of each kind, and one packed as a whole. Returns their names by kind."""
    import numpy
    fits = astropy_fits()
    noise = numpy.random.default_rng(1)
    names = {}
    for kind, ra in PLACES.items():
        data = noise.normal(1000, 20, (SIZE, SIZE)).astype("f4")
        if kind in ("rice", "gzipped"):
            data = data.astype("i2")
        path = root / f"{kind}.fits"
        image(path, ra, 0, data=data, scale=SCALE)
        if kind in ("rice", "quantized", "gzipped"):
            with fits.open(path) as plain:
                packed = fits.CompImageHDU(plain[0].data, plain[0].header, compression_type="GZIP_2" if kind == "gzipped" else "RICE_1",
                                           quantize_level=16)
                fits.HDUList([fits.PrimaryHDU(), packed]).writeto(path, overwrite=True)
        names[kind] = path.name
    whole = root / "wide.fits.gz"
    whole.write_bytes(gzip.compress((root / "wide.fits").read_bytes(), 1))
    (root / "wide.fits").unlink()
    names["wide"] = whole.name
    return names


def tile_survey(surveys, name, names, path, more=""):
    """A survey of a table of tiles, indexed."""
    surveys.mkdir(exist_ok=True)
    with open(surveys / f"{name}.csv", "w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["name", "ra", "dec", "size"])
        rows.writerows([names[kind], ra, 0, SIZE * SCALE] for kind, ra in PLACES.items() if kind in names)
    (surveys / f"{name}.toml").write_text(
        f'[survey]\nplugin = "tiles"\ntiles = "{name}.csv"\npath = "{path}"\n[bands]\nr = ""\n{more}')
    run("survey", "index", "--name", name, "--surveys", surveys)


def settings(tmp, *lines, **remote):
    """A configuration; the environment in which `recorte cut` obeys it."""
    text = "[remote]\n" + "".join(f"{key} = {value}\n" for key, value in remote.items()) + "\n".join(lines) + "\n"
    (tmp / "recorte.toml").write_text(text)
    return {"RECORTE_CONFIG": str(tmp / "recorte.toml")}


@contextlib.contextmanager
def sky(tmp, **remote):
    """Files, their archive, the surveys `near` (on disk) and `far` (by http), and the environment."""
    root, surveys = tmp / "files", tmp / "surveys.d"
    names = write_files(root / "dr1")
    with serving_files(root) as archive:
        tile_survey(surveys, "near", names, str(root / "dr1" / "{name}"))
        tile_survey(surveys, "far", names, archive.url + "/dr1/{name}")
        given = {"hosts": f'["{archive.url}"]', "block": '"16KiB"', "timeout": '"10s"', **remote}
        yield archive, surveys, settings(tmp, **given)


def pixels(tmp, survey, surveys, kind, size="60px", offset=0.0, **options):
    """Of a stamp: what `recorte cut` makes."""
    output = tmp / f"{survey}.fits"
    cut(output, *at((PLACES[kind] + offset, 0.01), size), survey=survey, surveys=surveys, **options)
    with astropy_fits().open(output) as product:
        return next(hdu.data for hdu in product if hdu.data is not None).copy()


def same(tmp, surveys, env, kind, **where):
    import numpy
    numpy.testing.assert_array_equal(pixels(tmp, "far", surveys, kind, env=env, **where), pixels(tmp, "near", surveys, kind, **where))


def the_pixels_are_those_of_the_disk_and_few_bytes_come(tmp):
    with sky(tmp) as (archive, surveys, env):
        for kind in PLACES:
            archive.forget()
            same(tmp, surveys, env, kind)
            whole = (archive.root / archive.asked[0][0].lstrip("/")).stat().st_size
            assert kind == "wide" or 0 < archive.bytes < whole / 4, (kind, archive.bytes, whole)
            assert len(archive.asked) < 8 or kind == "wide", archive.asked
            # The next process finds it all.
            archive.forget()
            same(tmp, surveys, env, kind)
            assert not archive.asked, (kind, archive.asked)
        with astropy_fits().open(tmp / "far.fits") as product:
            assert any(hdu.header.get("RCFILE") == "wide.fits.gz" for hdu in product)


def what_is_kept_is_bounded_and_mended(tmp):
    most = 1 << 20
    with sky(tmp, cache_bytes='"1MiB"', cache_files=40, cache=f'"{tmp}/kept"') as (archive, surveys, env):
        def kept():
            return [file.stat().st_size for file in (tmp / "kept").iterdir()]
        for step in range(9):
            same(tmp, surveys, env, "plain", offset=0.02 * (step - 4), size="150px")
            same(tmp, surveys, env, "rice", offset=0.02 * (step - 4), size="150px")
            assert 0 < sum(kept()) <= most and len(kept()) <= 40, (step, sum(kept()), len(kept()))
        # What a disk or a crash has damaged is fetched again.
        for number, file in enumerate((tmp / "kept").iterdir()):
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 0xFF
            file.write_bytes(data if number % 2 else data[:100])
        archive.forget()
        same(tmp, surveys, env, "rice", offset=0.08, size="150px")
        assert archive.asked


def no_lie_is_believed(tmp):
    with sky(tmp, timeout='"1s"', attempts=2) as (archive, surveys, env):
        output = tmp / "lie.fits"
        told = {"other_range": "sends other bytes than it was asked for", "no_range": "sends other bytes",
                "whole_file": "sends no part of a file", "no_state": "neither an ETag nor", "packed": "packs what it sends",
                "short_body": "bytes where it promised", "cut_body": "breaks off", "failure": "status 503", "not_yours": "status 403",
                "drip": "breaks off", "hang": "does not answer"}
        for lie, words in told.items():
            shutil.rmtree(tmp / "recorte-data", ignore_errors=True)
            archive.lie, archive.times = lie, None
            done = cut(output, *at((10, 0.01), "60px"), survey="far", surveys=surveys, env=env, status=UNAVAILABLE)
            says(done, words, f"{archive.url}/dr1/plain.fits")
            assert not output.exists(), lie
            archive.lie = None
            same(tmp, surveys, env, "plain")
        # A state that changes between two requests, told by the ETag or by the size.
        for lie in ("other_etag", "other_size"):
            shutil.rmtree(tmp / "recorte-data", ignore_errors=True)
            cut(output, *at((10, 0.01), "60px"), survey="far", surveys=surveys, env=env)
            output.unlink()
            archive.lie = lie
            done = cut(output, *at((10, -0.05), "60px"), survey="far", surveys=surveys, env=env, status=UNAVAILABLE)
            says(done, "changed while it was read; try again")
            assert not output.exists()
            archive.lie = None
        # What passes by itself is tried again, and a file that is not there is not.
        for lie in ("failure", "cut_body", "short_body"):
            shutil.rmtree(tmp / "recorte-data", ignore_errors=True)
            archive.lie, archive.times = lie, 1
            same(tmp, surveys, env, "rice")
            assert archive.times == 0, lie
        (archive.root / "dr1" / "gzipped.fits").unlink()
        says(cut(output, *at((40, 0), "60px"), survey="far", surveys=surveys, env=env, status=MISSING), "has no such file")


def a_file_that_changes_is_another_file(tmp):
    with sky(tmp, fresh='"0s"') as (archive, surveys, env):
        same(tmp, surveys, env, "plain")
        archive.forget()
        same(tmp, surveys, env, "plain")
        assert archive.bytes == 0 and archive.asked, "asked, and told that it is as it was"
        plain = archive.root / "dr1" / "plain.fits"
        data = bytearray(plain.read_bytes())
        data[2880:] = data[2880:][::-1]
        plain.write_bytes(data)
        same(tmp, surveys, env, "plain")


def only_what_is_listed_is_reached(tmp):
    with sky(tmp) as (archive, surveys, env):
        stamp, output = at((10, 0.01), "60px"), tmp / "out.fits"
        names = {"plain": "plain.fits"}

        def refused(path, *words, status=UNAVAILABLE, **remote):
            tile_survey(surveys, "odd", names, path)
            given = settings(tmp, **({"hosts": f'["{archive.url}"]'} | remote))
            says(cut(output, *stamp, survey="odd", surveys=surveys, env=given, status=status), *words)

        archive.forget()
        path, local = archive.url + "/dr1/{name}", f"http://localhost:{archive.port}"
        refused(path, "not in hosts of [remote]", hosts='["data.example.org"]')
        refused(path, "not in hosts of [remote]", hosts=f'["http://127.0.0.1:{archive.port + 1}"]')
        refused(local + "/dr1/{name}", "not in hosts of [remote]")
        # A name that is listed, and leads to this machine.
        refused(local + "/dr1/{name}", "private network", hosts=f'["{local}"]')
        refused("http://user:secret@127.0.0.1/dr1/{name}", "names no user", status=BROKEN)
        assert not archive.asked and archive.refused == 0
        tile_survey(surveys, "odd", names, local + "/dr1/{name}")
        cut(output, *stamp, survey="odd", surveys=surveys, env=settings(tmp, hosts=f'["{local}"]', networks='["127.0.0.0/8", "::1"]'))
        says(cut(output, *stamp, survey="far", surveys=surveys, env={"RECORTE_CONFIG": ""}, status=UNAVAILABLE), "RECORTE_CONFIG")
        # A server's own word opens nothing either.
        archive.lie = "elsewhere"
        shutil.rmtree(tmp / "recorte-data")
        for location in (local + "{path}", "file:///etc/passwd", "ftp://127.0.0.1/a", "http://169.254.169.254/latest/meta-data"):
            archive.location = location
            refused(path, "sends elsewhere")
        archive.location = archive.url + "{path}"
        refused(path, "without end")
        archive.location, archive.times = "/dr1/../dr1/plain.fits", 1
        same(tmp, surveys, settings(tmp, hosts=f'["{archive.url}"]'), "plain")


def certificates_are_checked(tmp):
    root, surveys = tmp / "files", tmp / "surveys.d"
    names = write_files(root / "dr1")
    certificate = make_certificate(tmp)
    with serving_files(root, certificate) as archive:
        tile_survey(surveys, "near", names, str(root / "dr1" / "{name}"))
        tile_survey(surveys, "far", names, archive.url + "/dr1/{name}")
        hosts = f'["127.0.0.1:{archive.port}"]'
        done = cut(tmp / "a.fits", *at((10, 0.01), "60px"), survey="far", surveys=surveys, env=settings(tmp, hosts=hosts), status=UNAVAILABLE)
        says(done, "certificate")
        assert not archive.asked
        same(tmp, surveys, settings(tmp, hosts=hosts, ca=f'"{certificate[0]}"'), "rice")


def an_object_store_is_asked_with_a_signature(tmp):
    root, surveys = tmp / "files", tmp / "surveys.d"
    names = write_files(root / "des-dr2" / "a b+c,d")
    (tmp / "secret").write_text("kept/Secret+key\n")
    with serving_files(root) as archive:
        tile_survey(surveys, "near", names, str(root / "des-dr2" / "a b+c,d" / "{name}"))
        tile_survey(surveys, "far", names, "s3://des-dr2/a b+c,d/{name}")
        store = ("[remote.s3]", f'endpoint = "{archive.url}"', "path_style = true", 'buckets = ["des-dr2"]', 'region = "sky-1"')
        keys = ('key = "AKIDEXAMPLE"', 'secret = { file = "secret" }')

        def with_store(*lines, block='"16KiB"', **remote):
            shutil.rmtree(tmp / "recorte-data", ignore_errors=True)
            return settings(tmp, *lines, block=block, **remote)

        archive.keys = ("AKIDEXAMPLE", "kept/Secret+key", "sky-1")
        for kind in ("plain", "rice"):
            same(tmp, surveys, with_store(*store, *keys), kind)
        assert archive.refused == 0
        says(cut(tmp / "a.fits", *at((10, 0.01), "60px"), survey="far", surveys=surveys, env=with_store(*store), status=UNAVAILABLE), "403")
        archive.keys = ("AKIDEXAMPLE", "another", "sky-1")
        done = cut(tmp / "a.fits", *at((10, 0.01), "60px"), survey="far", surveys=surveys, env=with_store(*store, *keys), status=UNAVAILABLE)
        assert "Secret" not in says(done, "403") and "AKID" not in done.stderr.decode()
        assert not any(b"Secret+key" in file.read_bytes() for file in (tmp / "recorte-data").rglob("*") if file.is_file())
        archive.keys = None
        same(tmp, surveys, with_store(*store), "plain")
        # A bucket as a host, and one that is not listed.
        named = (store[0], f'endpoint = "http://localhost:{archive.port}"', *store[3:])
        same(tmp, surveys, with_store(*named, networks='["127.0.0.0/8", "::1"]'), "plain")
        closed = (*store[:3], 'buckets = ["another"]')
        says(cut(tmp / "a.fits", *at((10, 0.01), "60px"), survey="far", surveys=surveys, env=with_store(*closed), status=UNAVAILABLE),
             "not in buckets of [remote.s3]")


def a_server_fetches_for_workers_that_reach_nobody(tmp):
    import numpy
    fits = astropy_fits()
    with sky(tmp, timeout='"30s"') as (archive, surveys, env):
        # Whose table, and not whose file, says where they are.
        tile_survey(surveys, "hidden", {"plain": f"{archive.url}/dr1/plain.fits"}, "{name}")
        config = (tmp / "recorte.toml").read_text() + '[workers]\ncount = 2\ntimeout = "4s"\ngrace = "3s"\n'
        prying = surveys / "prying.toml"
        prying.write_text(f'[survey]\nplugin = "vice-prying"\n[pry]\nconnect = "{archive.port}"\n[access]\nremote = ["{archive.url}/"]\n')
        with serving(tmp, "--plugins", with_plugins(tmp, "prying"), config=config, surveys=surveys) as server:
            def ask(survey, ra, dec=0.01, **more):
                return server.cutout(survey=survey, ra=ra, dec=dec, size="60px", **more)
            for kind, ra in PLACES.items():
                with fits.open(io.BytesIO(ask("far", ra).body)) as far, fits.open(io.BytesIO(ask("near", ra).body)) as near:
                    for a, b in zip(far, near):
                        numpy.testing.assert_array_equal(a.data, b.data)
            archive.forget()
            assert ask("far", 10).status == 200 and not archive.asked
            # A plugin that may have files fetched still opens no connection.
            answer = server.get("/sync", [("ID", "prying"), ("CIRCLE", "10 0 0.001")])
            assert "connect: EPERM" in answer.text, answer.text
            # Of a survey that does not say where its files are, none comes.
            (surveys / "prying.toml").unlink()
            other = surveys / "hidden.toml"
            other.write_text(other.read_text() + f'[access]\ntrust = "apart"\nremote = ["{archive.url}/dr2/"]\n')
            answer = ask("hidden", 10)
            assert answer.status == 503 and "names no beginning of it" in answer.text, (answer.status, answer.text)
            other.write_text(other.read_text().replace("dr2", "dr1"))
            assert ask("hidden", 10).status == 200
            # A server that hangs holds up nobody else, and what it says later still counts.
            archive.lie, answers = "hang", []
            late = threading.Thread(target=lambda: answers.append(ask("far", 20, dec=-0.08)))
            late.start()
            wait_until(lambda: archive.hanging, "the server of the files to hang")
            assert ask("near", 10).status == 200 and ask("far", 10).status == 200 and late.is_alive()
            archive.lie = None
            archive.release.set()
            late.join()
            assert answers[0].status == 200, answers[0].text
            # Past its time a task is let go of, and its worker with it goes on.
            archive.release.clear()
            archive.lie = "hang"
            assert ask("far", 20, dec=0.08).status == 504
            archive.lie = None
            assert ask("far", 20, dec=0.08).status == 200
            assert server.metric("recorte_worker_deaths_total") == 0


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
