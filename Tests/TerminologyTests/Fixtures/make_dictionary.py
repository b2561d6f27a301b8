"""Writes dictionary.json: what the code dictionaries of pydicom (made of DICOM PS3.16) call the codes of terminology.json.

python make_dictionary.py ../../../Sources/Terminology/Codes/terminology.json > dictionary.json
"""

import json
import sys

import pydicom
from pydicom.sr._concepts_dict import concepts

codes = set()


def visit(value):
    if isinstance(value, dict):
        if "scheme" in value:
            codes.add((value["scheme"], value["value"]))
        for inner in value.values():
            visit(inner)
    elif isinstance(value, list):
        for inner in value:
            visit(inner)


visit(json.load(open(sys.argv[1], encoding="utf-8")))
meanings = {}
for scheme, table in concepts.items():
    for entries in table.values():
        for code, (meaning, _) in entries.items():
            if (scheme, code) in codes:
                meanings.setdefault(f"{scheme} {code}", set()).add(meaning)
table = {key: sorted(value) for key, value in sorted(meanings.items())}
print(json.dumps({"pydicom": pydicom.__version__, "codes": table}, indent=1, ensure_ascii=False))
