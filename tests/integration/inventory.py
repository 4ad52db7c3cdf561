"""What the programs consist of, as scripts/sbom says it."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import os
import re
import shutil
import subprocess
import sys

from harness import BUILD, SOURCE, Skip, main

BEGIN, END = "<!-- scripts/sbom: begin -->\n", "<!-- scripts/sbom: end -->"


def sbom(*options):
    if not shutil.which("dpkg-query"):
        raise Skip("packages are Debian's here, and this is no Debian")
    return subprocess.run([SOURCE / "scripts" / "sbom", "--build", BUILD, *options], check=True, capture_output=True, text=True).stdout


def the_bill_is_cyclonedx(tmp):
    bill = json.loads(sbom())
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"]), bill["serialNumber"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", bill["metadata"]["timestamp"])
    refs = [each["bom-ref"] for each in bill["components"]] + [bill["metadata"]["component"]["bom-ref"]]
    assert len(refs) == len(set(refs)), "a bom-ref is there twice"
    for each in bill["components"]:
        assert each["type"] == "library" and each["name"] and each["version"] and each["purl"].startswith("pkg:"), each
        assert each["scope"] in ("required", "excluded") and all(isinstance(p["value"], str) for p in each["properties"]), each
        if each["scope"] == "required":
            assert each["licenses"][0]["license"]["name"], f"no licence is known of {each['name']}: see LICENCES in scripts/sbom"
    assert {one["ref"] for one in bill["dependencies"]} <= set(refs) and set(bill["dependencies"][0]["dependsOn"]) <= set(refs)
    there = {each["name"] for each in bill["components"] if each["scope"] == "required"}
    assert {"libc6", "libpistache0", "libsqlite3-0", "nlohmann-json3-dev", "libtomlplusplus-dev", "libcli11-dev", "libexpected-dev"} <= there, there


def every_package_that_we_build_with_is_in_it(tmp):
    """Each -dev package is compiled in, or its library is there."""
    there = {each["name"] for each in json.loads(sbom())["components"]}
    lines = (SOURCE / "scripts" / "packages").read_text().splitlines()
    for package in [line.split()[1] for line in lines if line.startswith("build ") and line.endswith("-dev")]:
        depends = subprocess.run(["dpkg-query", "-W", "-f=${Depends}", package], capture_output=True, text=True).stdout
        names = {package} | set(re.findall(r"[a-z0-9][a-z0-9.+-]+", depends))
        assert names & there, f"{package} is in no program: take it off scripts/packages, or name it in scripts/sbom"


def the_page_is_current(tmp):
    if os.environ.get("RECORTE_SANITIZE"):
        raise Skip("sanitizers' libraries are not what is installed")
    table = sbom("--licences")
    if "liboauth2" not in table:
        raise Skip("the page is of a build with RECORTE_OAUTH2")
    page = (SOURCE / "docs" / "reference" / "dependencies.md").read_text()
    assert page[page.index(BEGIN) + len(BEGIN):page.index(END)] == table, f"put this between the marks of docs/reference/dependencies.md:\n{table}"


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
