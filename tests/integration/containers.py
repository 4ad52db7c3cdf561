"""A list into each kind of container: the same products, read back by others' software."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import zipfile

from harness import DEMO, DEMO_SURVEYS, EXAMPLE, RECORTE, astropy_fits, Skip, cut, main, says

POSITIONS = 200


def write_list(path, count=POSITIONS, far=True):
    """Places on the demo's tiles, some of them at edges, and one that no image covers."""
    fits = astropy_fits()
    from astropy.wcs import WCS
    rng = random.Random(11)
    tiles = []
    for file in sorted((DEMO / "sky").glob("*_g.fits")):
        with fits.open(file) as tile:
            tiles.append((WCS(tile["SCI"].header), *tile["SCI"].data.shape))
    with open(path, "w") as out:
        out.write("id,ra,dec\n")
        for i in range(count):
            wcs, height, width = rng.choice(tiles)
            ra, dec = wcs.all_pix2world(rng.uniform(0, width), rng.uniform(0, height), 0)
            out.write(f"NGC {i}.5,{float(ra)!r},{float(dec)!r}\n")
        if far:
            out.write("far,200,-40\n")
    return ["--positions", path, "--size", "32px"]


def plain(product):
    """The cards and pixels of a product that do not tell when it was made."""
    fits = astropy_fits()
    with fits.open(io.BytesIO(product)) as file:
        hdus = []
        for hdu in file:
            cards = [str(c) for c in hdu.header.cards if c.keyword not in ("DATE", "CHECKSUM", "DATASUM")]
            hdus.append((cards, None if hdu.data is None else hdu.data.tobytes()))
        return hdus


def rows_of(manifest):
    return {row["id"]: row for row in csv.DictReader(io.StringIO(manifest))}


def archives_hold_what_a_directory_holds(tmp):
    arguments = write_list(tmp / "list.csv")
    says(cut(tmp / "folder", *arguments, status=4), f"{POSITIONS} cutouts", "1 outside")
    files = {path.name: path.read_bytes() for path in (tmp / "folder").iterdir()}
    assert len(files) == POSITIONS + 1 and "NGC_7.5.fits" in files
    manifest = files.pop("manifest.csv").decode()
    assert [r["status"] for r in rows_of(manifest).values()].count("ok") == POSITIONS

    cut(tmp / "a.tar", *arguments, status=4)
    piped = cut("-", *arguments, status=4).stdout
    cut(tmp / "a.zip", *arguments, status=4)
    subprocess.run(["unzip", "-tqq", tmp / "a.zip"], check=True)
    found = []
    for archive in (tarfile.open(tmp / "a.tar"), tarfile.open(fileobj=io.BytesIO(piped))):
        found.append({m.name: archive.extractfile(m).read() for m in archive})
    with zipfile.ZipFile(tmp / "a.zip") as archive:
        assert archive.testzip() is None
        found.append({name: archive.read(name) for name in archive.namelist()})
    for one in found:
        assert list(one)[-1] == "manifest.csv"
        assert one.pop("manifest.csv").decode() == manifest
        assert one.keys() == files.keys()
        for name, product in files.items():
            assert plain(one[name]) == plain(product), name


def webdataset_has_a_sample_a_row(tmp):
    arguments = write_list(tmp / "list.csv")
    cut(tmp / "folder", *arguments, status=4)
    cut(tmp / "a.tar", *arguments, "--layout", "webdataset", status=4)
    samples = {}
    order = []
    with tarfile.open(tmp / "a.tar") as archive:
        names = archive.getnames()
        for member in archive:
            # As webdataset does: names between two underscores are passed over, a key ends at the first dot.
            if member.name.startswith("__") and member.name.endswith("__"):
                manifest = rows_of(archive.extractfile(member).read().decode())
                continue
            key, field = member.name.split(".", 1)
            if not order or order[-1] != key:
                order.append(key)
            samples.setdefault(key, {})[field] = archive.extractfile(member).read()
    assert names[-1] == "__manifest__"
    assert len(order) == len(set(order)) == POSITIONS, "the files of a sample are adjacent"
    fits = astropy_fits()
    for key, sample in samples.items():
        told = json.loads(sample["json"])
        row = manifest[told["id"]]
        assert set(sample) == {"g.fits", "r.fits", "i.fits", "json"}, sample.keys()
        assert row["status"] == told["status"] == "ok" and int(row["row"]) == told["row"]
        assert row["file"].split() == [f"{key}.{band}.fits" for band in "gri"]
        assert row["request"] == told["request"] and row["images"].split() == told["images"]
        assert f"ra={told['ra']!r}" in told["request"] and told["survey"] == "demo" and told["bands"] == list("gri")
        whole = tmp / "folder" / (told["id"].replace(" ", "_") + ".fits")
        with fits.open(whole) as product:
            for band in "gri":
                with fits.open(io.BytesIO(sample[f"{band}.fits"])) as part:
                    assert part[0].data.tobytes() == product[band].data.tobytes()
                    assert part[0].header["RCBAND"] == band
    assert manifest["far"]["status"] == "no_coverage"
    cut(tmp / "p.zip", *arguments, "--layout", "webdataset", "--format", "jpeg", status=4)
    with zipfile.ZipFile(tmp / "p.zip") as archive:
        assert archive.namelist()[0].endswith(".jpg") and archive.namelist()[1].endswith(".json")
    says(cut(tmp / "a.h5", *arguments, "--layout", "webdataset", status=2), "layout")
    says(cut(tmp / "a.tar", *arguments, "--layout", "shuffled", status=2), "shuffled", "webdataset")


def h5_module():
    try:
        import h5py
    except ImportError:
        raise Skip("python3-h5py is not installed")
    return h5py


def hdf5_has_the_values_of_the_fits(tmp):
    import numpy
    fits = astropy_fits()
    h5py = h5_module()
    planes = ["--planes", "image,weight,mask"]
    arguments = write_list(tmp / "list.csv") + planes
    cut(tmp / "folder", *arguments, status=4)
    says(cut(tmp / "a.h5", *arguments, status=4), f"{POSITIONS} cutouts", "1 outside")
    manifest = rows_of((tmp / "a.csv").read_text())
    with h5py.File(tmp / "a.h5") as file:
        assert list(file.attrs["bands"]) == list("gri")
        assert list(file.attrs["units"]) == ["ct"] * 3
        assert file.attrs["survey"] == "demo" and file.attrs["recorte"].startswith("0.")
        assert "size=32px" in file.attrs["request"]
        assert file["image"].shape == (POSITIONS, 3, 32, 32) and file["image"].dtype == "<f4"
        assert file["mask"].dtype == "<i4" and file["ivar"].dtype == "<f4"
        data = {name: file[name][...] for name in file}
    seen = set()
    for row in manifest.values():
        if row["id"] == "far":
            assert row["status"] == "no_coverage" and row["file"] == row["index"] == ""
            continue
        at = int(row["index"])
        seen.add(at)
        assert row["file"] == "a.h5" and data["id"][at].decode() == row["id"]
        assert f"ra={data['ra'][at]!r}&dec={data['dec'][at]!r}" in row["request"]
        with fits.open(tmp / "folder" / (row["id"].replace(" ", "_") + ".fits"), do_not_scale_image_data=True) as product:
            for b, band in enumerate("gri"):
                image = product[band].data.astype("<f4")
                assert data["image"][at, b].tobytes() == image.tobytes(), row
                weight = product[f"{band}_weight"].data.astype("<f4")
                good = numpy.isfinite(weight) & (weight > 0)
                assert data["ivar"][at, b].tobytes() == numpy.where(good, weight, numpy.float32(0)).tobytes()
                mask = product[f"{band}_mask"]
                known = mask.data.astype("<i4")
                if "BLANK" in mask.header:
                    known = numpy.where(mask.data == mask.header["BLANK"], -1, known).astype("<i4")
                assert data["mask"][at, b].tobytes() == known.tobytes(), row
    assert seen == set(range(POSITIONS))


def the_list_is_never_written_over(tmp):
    """Of what is named after its list, the manifest would take the list's place."""
    write_list(tmp / "stars.csv")
    before = (tmp / "stars.csv").read_bytes()
    arguments = ("--positions", tmp / "stars.csv", "--size", "32px", "--bands", "g")
    says(cut(tmp / "stars.h5", *arguments, status=2), "stars.csv", "-o")
    (tmp / "out").mkdir()
    (tmp / "stars.csv").rename(tmp / "out" / "manifest.csv")
    says(cut(tmp / "out", "--positions", tmp / "out" / "manifest.csv", "--size", "32px", "--bands", "g", status=2), "manifest.csv", "-o")
    assert (tmp / "out" / "manifest.csv").read_bytes() == before


def hdf5_in_shards(tmp):
    import numpy
    h5py = h5_module()
    arguments = write_list(tmp / "list.csv") + ["--bands", "r,g"]
    cut(tmp / "whole.h5", *arguments, status=4)
    cut(tmp / "many.h5", *arguments, "--shard-size", "1MiB", status=4)
    names = sorted(p.name for p in tmp.iterdir() if p.name.startswith("many"))
    assert names == ["many-00000.h5", "many-00001.h5", "many.csv"], names
    manifest = rows_of((tmp / "many.csv").read_text())
    whole_rows = rows_of((tmp / "whole.csv").read_text())
    with h5py.File(tmp / "whole.h5") as whole:
        shards = {name: h5py.File(tmp / name) for name in names[:2]}
        assert sum(len(s["id"]) for s in shards.values()) == POSITIONS
        # 1 MiB of 2 x 32 x 32 floats.
        assert len(shards["many-00000.h5"]["id"]) == 128
        for name, row in manifest.items():
            if row["status"] == "ok":
                ours = shards[row["file"]]["image"][int(row["index"])]
                theirs = whole["image"][int(whole_rows[name]["index"])]
                assert numpy.array_equal(ours, theirs, equal_nan=True), row


def hdf5_refuses_what_does_not_fit(tmp):
    ra, dec = EXAMPLE
    (tmp / "list.csv").write_text(f"id,ra,dec,size\na,{ra},{dec},32px\nb,{ra},{dec},33px\n")
    arguments = ["--positions", tmp / "list.csv"]
    says(cut(tmp / "a.h5", *arguments, status=2), "list.csv:3", "33px", "32px", "nothing was cut")
    (tmp / "list.csv").write_text(f"id,ra,dec,size\na,{ra},{dec},0.3arcmin\nodd,{ra},{dec},0.5arcmin\n")
    says(cut(tmp / "a.h5", *arguments, "--jobs", "1", status=2), "row 2 (odd)", "one size")
    (tmp / "list.csv").write_text(f"id,ra,dec,bands\na,{ra},{dec},g\nb,{ra},{dec},r\n")
    says(cut(tmp / "a.h5", *arguments, "--size", "32px", "--jobs", "1", status=2), "bands")
    says(cut(tmp / "a.h5", *arguments, "--size", "32px", "--format", "png", status=2), "HDF5")
    says(cut(tmp / "a.h5", *arguments, "--size", "32px", "--shard-size", "1KiB", status=2), "shard-size")
    says(cut(tmp / "a.xz", *arguments, "--size", "32px", status=2), "neither")
    assert sorted(p.name for p in tmp.iterdir()) == ["list.csv"]


def products_past_the_memory_go_to_disk(tmp):
    """One product larger than what waits in memory (64 MiB), among small ones."""
    fits = astropy_fits()
    ra, dec = EXAMPLE
    (tmp / "list.csv").write_text(
        f"id,ra,dec,size\na,{ra},{dec},32px\nlarge,{ra},{dec},3000px\nb,{ra},{dec},32px\n")
    for name in ("a.tar", "a.zip", "folder"):
        says(cut(tmp / name, "--positions", tmp / "list.csv"), "3 cutouts", "0 failed")
    archive = zipfile.ZipFile(tmp / "a.zip")
    assert archive.testzip() is None
    large = (tmp / "folder" / "large.fits").read_bytes()
    assert len(large) > 64 << 20
    assert plain(archive.read("large.fits")) == plain(large)
    with tarfile.open(tmp / "a.tar") as tar:
        assert plain(tar.extractfile("large.fits").read()) == plain(large)
    with fits.open(io.BytesIO(large)) as product:
        assert product["g"].data.shape == (3000, 3000)


def an_interrupted_list_leaves_nothing(tmp):
    arguments = write_list(tmp / "list.csv", count=3000, far=False)
    for name in ("a.tar", "a.zip", "a.h5"):
        command = [RECORTE, "cut", "--surveys", DEMO_SURVEYS, "--survey", "demo", *map(str, arguments), "-o", tmp / name]
        running = subprocess.Popen(command, stderr=subprocess.PIPE)
        # At work once it has a worker.
        while not subprocess.run(["pgrep", "-P", str(running.pid)], capture_output=True).stdout:
            assert running.poll() is None
        os.kill(running.pid, signal.SIGINT)
        running.communicate(timeout=60)
        assert running.returncode != 0
    assert sorted(p.name for p in tmp.iterdir()) == ["list.csv"]


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
