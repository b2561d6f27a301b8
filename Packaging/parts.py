#!/usr/bin/env python3
"""What is linked into the programs, from the build's own files: the parts whose licences a package has to carry.

parts.py sbom VERSION EPOCH PROGRAM...    the list of parts as SPDX 2.3 (JSON), on standard output
parts.py licences DIR PROGRAM...          their licence texts, a folder each, into DIR
parts.py --self-test                      is the reading of the build's files right?

Swift packages are found by the objects that the linker was given (Objects.LinkFileList), and by the build's own list of which sources made which
object; their versions by SwiftPM's list of checkouts. What the loader finds in the system is asked of dpkg. A part of which Packaging/licences.json
has no licence is an error.
"""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
LICENCES = json.loads((ROOT / "Packaging/licences.json").read_text())
TEXTS = re.compile(r"(?i)^(licen[cs]e|notice|copying)")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def packages_of_objects(manifest):
    """Which Swift package the objects of a build folder NAME.build are from; those of Pleura itself are left out."""
    packages, source = {}, None
    for line in manifest.splitlines():
        if line.startswith("    inputs:"):
            found = re.search(r"/checkouts/([^/\"]+)/", line)
            source = found.group(1) if found else None
        elif line.startswith("    outputs:") and source:
            for folder in set(re.findall(r"/([^/\"]+)\.build/[^\"]*\.o\"", line)):
                packages[folder] = source
    return packages


def swift_packages(programs):
    packages = packages_of_objects((BUILD / "release.yaml").read_text())
    linked = set()
    for program in programs:
        objects = (BUILD / "release" / f"{program}.product/Objects.LinkFileList").read_text()
        linked |= {packages[folder] for folder in re.findall(r"/([^/\n]+)\.build/", objects) if folder in packages}
    state = json.loads((BUILD / "workspace-state.json").read_text())["object"]["dependencies"]
    found = []
    for entry in state:
        if entry["subpath"] in linked:
            checkout = entry["state"]["checkoutState"]
            found.append(
                {
                    "name": entry["subpath"], "version": checkout["version"], "from": entry["packageRef"]["location"],
                    "revision": checkout["revision"], "texts": BUILD / "checkouts" / entry["subpath"],
                })
    if {part["name"] for part in found} != linked:
        sys.exit("parts.py: SwiftPM's list of checkouts lacks a package that is linked")
    return sorted(found, key=lambda part: part["name"].lower())


def engine():
    for line in (ROOT / "engines.lock").read_text().splitlines():
        fields = line.split()
        if fields and fields[0] == "openvino":
            return {
                "name": "openvino", "version": fields[2], "from": f"https://pypi.org/project/openvino/{fields[2]}/", "sha256": fields[4],
                "texts": ROOT / ".engines/licences/openvino",
            }
    sys.exit("parts.py: engines.lock has no OpenVINO")


def runtime():
    version = re.search(r"Swift version (\S+)", run("swift", "--version")).group(1)
    texts = pathlib.Path(shutil.which("swift")).parent.parent / "share/swift"
    return {"name": "swift", "version": version, "from": "https://github.com/swiftlang/swift", "texts": texts}


def needed(program):
    """Libraries that the program itself asks for, and where the loader finds them."""
    names = re.findall(r"\(NEEDED\).*\[(.+)\]", run("readelf", "-d", str(program)))
    places = dict(re.findall(r"^\s*(\S+) => (\S+)", run("ldd", str(program)), re.M))
    return {name: places[name] for name in names if name in places}


def system_packages(programs):
    packages = {}
    for program in programs:
        for name, place in needed(BUILD / "release" / program).items():
            if "/swift/" in place or ".engines" in place:
                continue
            # dpkg knows files by their place behind links such as /lib.
            owner = None
            for path in (place, str(pathlib.Path(place).resolve()), place.replace("/lib/", "/usr/lib/", 1)):
                asked = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True)
                if asked.returncode == 0:
                    owner = asked.stdout.split(":")[0]
                    break
            if owner is None:
                sys.exit(f"parts.py: no Debian package has {place}")
            packages.setdefault(owner, set()).add(name)
    return [
        {"name": name, "version": run("dpkg-query", "-W", "-f=${Version}", name), "libraries": sorted(libraries)}
        for name, libraries in sorted(packages.items())
    ]


def identifier(text):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", text)


def package(name, version, licence, **more):
    return {
        "SPDXID": identifier(name), "name": name, "versionInfo": version, "licenseConcluded": licence, "licenseDeclared": licence,
        "copyrightText": "NOASSERTION", "filesAnalyzed": False, "downloadLocation": "NOASSERTION", **more,
    }


def licence(name):
    if name not in LICENCES:
        sys.exit(f"parts.py: Packaging/licences.json has no licence of {name}")
    return LICENCES[name]


def sbom(version, epoch, programs):
    packages = [package("Pleura", version, licence("Pleura"))]
    relations = []
    for part in swift_packages(programs) + [engine(), runtime()]:
        entry = package(part["name"], part["version"], licence(part["name"]), downloadLocation=part["from"])
        if "revision" in part:
            entry["downloadLocation"] = f"git+{part['from']}@{part['revision']}"
        if "sha256" in part:
            entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": part["sha256"]}]
        packages.append(entry)
        kind = "STATIC_LINK" if "revision" in part else "DYNAMIC_LINK"
        relations.append(("SPDXRef-Pleura", kind, entry["SPDXID"]))
    for part in system_packages(programs):
        entry = package(
            "debian-" + part["name"], part["version"], "NOASSERTION", comment=f"/usr/share/doc/{part['name']}/copyright has its licences; "
            + "libraries: " + " ".join(part["libraries"]))
        packages.append(entry)
        relations.append(("SPDXRef-Pleura", "DYNAMIC_LINK", entry["SPDXID"]))
    for card in sorted((ROOT / "Models").glob("*/card.json")):
        sums = (card.parent / "checksums.sha256").read_bytes()
        entry = package(
            "model-" + card.parent.name, json.loads(card.read_text())["version"], licence("Pleura"),
            checksums=[{"algorithm": "SHA256", "checksumValue": hashlib.sha256(sums).hexdigest()}],
            comment="the checksum is that of its list of checksums")
        packages.append(entry)
        relations.append(("SPDXRef-Pleura", "CONTAINS", entry["SPDXID"]))
    content = hashlib.sha256(json.dumps([packages, relations]).encode()).hexdigest()
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"pleura-{version}",
        "documentNamespace": f"urn:sha256:{content}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)), "creators": ["Tool: Pleura-Packaging/parts.py"],
        },
        "packages": packages,
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-Pleura"}]
        + [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations],
    }
    json.dump(document, sys.stdout, indent=1, sort_keys=True)
    print()


def licences(folder, programs):
    for part in swift_packages(programs) + [engine(), runtime()]:
        target = folder / part["name"]
        target.mkdir(parents=True)
        texts = [file for file in sorted(part["texts"].iterdir()) if file.is_file() and (TEXTS.match(file.name) or "third-party" in file.name)]
        if not texts:
            sys.exit(f"parts.py: no licence text of {part['name']} in {part['texts']}")
        for text in texts:
            shutil.copyfile(text, target / text.name)
    # Foundation carries ICU, and the compiler's folder has no text of its licence: Debian's package of ICU has.
    unicode = sorted(pathlib.Path("/usr/share/doc").glob("libicu*/copyright"))
    if not unicode:
        sys.exit("parts.py: no licence text of ICU: apt-get install libicu-dev")
    shutil.copyfile(unicode[-1], folder / "swift/ICU.txt")


def self_test():
    manifest = (
        '  "C.Logging-x.module":\n    tool: shell\n    inputs: ["/w/.build/checkouts/swift-log/Sources/Logging/a.swift"]\n'
        '    outputs: ["/w/.build/x/release/Logging.build/a.swift.o","/w/.build/x/release/Modules/Logging.swiftmodule"]\n'
        '  "C.Basics-x.module":\n    inputs: ["/w/Sources/Basics/a.swift"]\n    outputs: ["/w/.build/x/release/Basics.build/a.swift.o"]\n')
    assert packages_of_objects(manifest) == {"Logging": "swift-log"}
    assert identifier("GRDB.swift") == "SPDXRef-GRDB.swift" and identifier("libstdc++6") == "SPDXRef-libstdc--6"
    print("parts.py: right")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--self-test"]:
            self_test()
        case ["sbom", version, epoch, *programs] if programs:
            sbom(version, int(epoch), programs)
        case ["licences", folder, *programs] if programs:
            licences(pathlib.Path(folder), programs)
        case _:
            sys.exit(__doc__)
