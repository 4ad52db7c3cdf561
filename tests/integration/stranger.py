"""The way of a survey team that has never seen Recorte: from an installed SDK and an empty folder to cutouts over HTTP, while the
server goes on serving others."""
# SPDX-License-Identifier: BSD-3-Clause
import io
import json
import os
import shutil
import subprocess
import sys
import time

from harness import DEMO_SURVEYS, astropy_fits, main
from make import image
from pages import install
from reload import NO_LIMIT, under_load
from serving import serving, wait_until

# What the team fills in: images are plates of a night, whose names tell where they are.
IMAGES = """
    std::vector<Image> out;
    for (const auto& file : std::filesystem::directory_iterator(config.get("/survey/root"))) {
      Image image{.id = file.path().stem().string(), .path = file.path().string()};
      char band = 0;
      if (std::sscanf(image.id.c_str(), "night_%lf_%lf_%c", &image.ra, &image.dec, &band) != 3) continue;
      image.band = band;
      image.radius = 0.02;
      out.push_back(std::move(image));
    }
    return out;
"""
PLANES = "                         .planes = {{.uri = image.path}},\n"
TOML = """[survey]
title = "Plates of a night"
plugin = "plates"
root = "{root}"

[plates]
pixel_scale = 0.72

[bands]
g = "400..550nm"
"""


def filled_in(source):
    """The template with the bodies that are the team's."""
    def between(text, begin, end, new):
        head, rest = text.split(begin, 1)
        return head + begin + new + end + rest.split(end, 1)[1]
    source = between(source, "images(const recorte::Config& config) {", "  }\n\n  /// The images as the host", IMAGES)
    source = between(source, "                         .band = image.band,\n", "                         .s_region", PLANES)
    return source.replace("#include <fstream>", "#include <cstdio>\n#include <filesystem>\n#include <fstream>")


def a_team_is_served_within_the_hour(tmp):
    prefix, team = tmp / "recorte", tmp / "team"
    install(prefix)
    team.mkdir()
    for n, ra in enumerate((359.999, 30.0)):
        image(tmp / "plates" / f"night_{ra}_-45.0_g.fits", ra=ra, dec=-45, seed=n)
    surveys = tmp / "surveys.d"
    shutil.copytree(DEMO_SURVEYS, surveys)
    demo = (surveys / "demo.toml").read_text()
    (surveys / "demo.toml").write_text(demo.replace('"../sky"', f'"{DEMO_SURVEYS.parent / "sky"}"'))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RECORTE_")}
    environment |= {"PATH": f"{prefix / 'bin'}:{os.environ['PATH']}"}
    begun, steps = time.monotonic(), []

    def step(*command, cwd=team / "plates"):
        start = time.monotonic()
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
        steps.append(f"{time.monotonic() - start:6.2f} s  {' '.join(map(str, command))}")
        assert done.returncode == 0, (steps, done.returncode, done.stdout, done.stderr)
        return done.stdout

    here = ("--data", tmp / "data")
    with serving(tmp, surveys=surveys, config=NO_LIMIT) as server, under_load(server) as load:
        step("recorte", "plugin", "new", "survey", "plates", cwd=team)
        source = team / "plates" / "plates.cpp"
        source.write_text(filled_in(source.read_text()))
        toml = team / "plates" / "plates.toml"
        toml.write_text(TOML.format(root=tmp / "plates"))
        manifest = json.loads((team / "plates" / "plugin.json").read_text())
        settings = manifest["config_schema"]["properties"]["plates"]
        settings["required"].remove("list")
        del settings["properties"]["list"]
        (team / "plates" / "plugin.json").write_text(json.dumps(manifest, indent=2))
        step("cmake", "-G", "Ninja", "-B", "build", f"-DCMAKE_PREFIX_PATH={prefix}")
        step("cmake", "--build", "build", "--target", "plates")
        checked = step("recorte", "plugin", "check", "build/plates.so", "--survey", "plates.toml")
        assert "not ok" not in checked and "# SKIP" not in checked, checked
        step("recorte", "plugin", "try", "build/plates.so", "--survey", "plates.toml", "--ra", "30", "--dec", "-45", "-o", "try.fits")
        step("recorte", "plugin", "bundle", ".", "-o", "plates.recorte")
        step("recorte", "plugin", "install", "plates.recorte", *here)
        step("recorte", "plugin", "enable", "plates", *here)
        step("recorte", "reload", *here)
        shutil.copy(toml, surveys / "plates.new")
        (surveys / "plates.new").rename(surveys / "plates.toml")
        for n, ra in enumerate((359.999, 30.0)):
            start = time.monotonic()
            answer = wait_until(lambda: (now := cutout(server, ra)).status == 200 and now, "the first cutout of the plates")
            steps.append(f"{time.monotonic() - start:6.2f} s  a cutout over HTTP at {ra}")
            compare(answer.body, tmp / "plates" / f"night_{ra}_-45.0_g.fits")
        count = load.count
    print(*steps, f"{time.monotonic() - begun:6.2f} s  in all, {count} cutouts of another survey meanwhile", sep="\n")


def cutout(server, ra):
    return server.get(f"/api/v1/cutout?survey=plates&ra={ra}&dec=-45&size=12px")


def compare(product, plate):
    """Its pixels are those of the plate, where the product says that they are from."""
    import numpy
    fits = astropy_fits()
    with fits.open(io.BytesIO(product)) as made, fits.open(plate) as whole:
        header = made[0].header
        x, y = header["RCX0"], header["RCY0"]
        numpy.testing.assert_array_equal(made[0].data, whole[0].data[y:y + 12, x:x + 12])


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
