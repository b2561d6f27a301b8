"""Resources that Pleura makes, looked at by two other implementations of FHIR R4: fhir.resources (R4B) and fhirkit-rs.

    clinic_fhir.py FOLDER

FOLDER holds JSON files, one resource each; `PLEURA_FHIR_FILES=FOLDER swift test --filter FHIRTests.PeerFiles` writes them. Needs the wheels
fhir.resources 8.3.0 and fhirkit-rs 0.1.0. One line a file that one of them does not accept, then the counts; exit 1 if there was one.
"""

import argparse
import collections
import json
import pathlib
import re
import sys

import fhirkit
from fhir.resources.R4B import get_fhir_model_class

# Neither of the two compares a code with its value set: those that HL7 requires are here (R4, 4.0.1).
CODES = {
    ("DiagnosticReport", "status"): "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown",
    ("Observation", "status"): "registered preliminary final amended corrected cancelled entered-in-error unknown",
    ("ImagingStudy", "status"): "registered available cancelled entered-in-error unknown",
    ("ServiceRequest", "status"): "draft active on-hold revoked completed entered-in-error unknown",
    ("ServiceRequest", "intent"): "proposal plan directive order original-order reflex-order filler-order instance-order option",
    ("Device", "status"): "active inactive entered-in-error unknown",
    ("Patient", "gender"): "male female other unknown",
    ("AuditEvent", "action"): "C R U D E",
    ("AuditEvent", "outcome"): "0 4 8 12",
    ("Bundle", "type"): "document message transaction transaction-response batch batch-response history searchset collection",
}
options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("folder", type=pathlib.Path)
folder = options.parse_args().folder

failures = 0
counts = collections.Counter()


def fail(name, reason):
    global failures
    failures += 1
    print(f"{name}: {reason}")


def look(name, value):
    """Rules of the whole of FHIR that hold everywhere in a resource."""
    if isinstance(value, dict):
        if "resourceType" in value:
            counts[value["resourceType"]] += 1
            for (kind, element), codes in CODES.items():
                if value["resourceType"] == kind and element in value and value[element] not in codes.split():
                    fail(name, f"{kind}.{element} is {value[element]}")
            if value["resourceType"] == "Observation" and "dataAbsentReason" in value and any(key.startswith("value") for key in value):
                fail(name, "obs-6: a value and why there is none")
        if not value:
            fail(name, "ele-1: an empty object")
        for inner in value.values():
            look(name, inner)
    elif isinstance(value, list):
        if not value:
            fail(name, "an empty list")
        for inner in value:
            look(name, inner)
    elif value is None or isinstance(value, str) and (not value or re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", value)):
        fail(name, "an empty or unprintable text")


def find(value, key):
    if isinstance(value, dict):
        if isinstance(value.get(key), str):
            yield value[key]
        for inner in value.values():
            yield from find(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from find(inner, key)


files = sorted(folder.glob("*.json"))
for path in files:
    text = path.read_text(encoding="utf-8")
    value = json.loads(text)
    look(path.name, value)
    try:
        get_fhir_model_class(value["resourceType"]).model_validate_json(text)
    except Exception as error:
        fail(path.name, f"fhir.resources: {str(error)[:500]}")
    for issue in fhirkit.validate(text):
        fail(path.name, f"fhirkit: {issue}")
    if value["resourceType"] == "Bundle" and value["type"] == "transaction":
        names = {entry.get("fullUrl") for entry in value["entry"]}
        for reference in find(value, "reference"):
            if reference.startswith("urn:uuid:") and reference not in names:
                fail(path.name, "a reference leads nowhere")
        if any("request" not in entry for entry in value["entry"]):
            fail(path.name, "bdl-3: an entry without its request")
print(f"{len(files)} files, {sum(counts.values())} resources ({', '.join(f'{kind} {count}' for kind, count in sorted(counts.items()))}): {failures} failures")
sys.exit(1 if failures or not files else 0)
