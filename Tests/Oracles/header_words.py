# oracle
"""The codes by which DICOM headers say what an image is, from the context groups of PS3.16 and the UIDs of PS3.6 that pydicom carries.

header_words.py OUT_DIR writes OUT_DIR/header_words/codes.json, which Sources/DICOM/Description/header_words.json has to agree with.
"""
import json
import pathlib
import re
import sys

from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping
from pydicom.uid import UID_dictionary

# Acquisition and other modalities; anatomy in DX, CT, MR, PET, XA, mammography, dentistry; views in DX and mammography.
MODALITIES, REGIONS, VIEWS = (29, 32), (4009, 4013, 4016, 4028, 4030, 4031, 4042), (4010, 4014)
IMAGES = re.compile(
    r"\b(CT|MR|US|XA|Ultrasound|Nuclear Medicine|PET|Positron|Mammography|Intra-Oral|Angiographic|Craniofacial|Breast|Tomography|Ophthalmic"
    r"|VL|Microscop\w*|Photograph\w*|RT (Image|Dose)|Photoacoustic|Segmentation|Parametric Map)\b")
NO_IMAGES = re.compile(r"SR Storage|Protocol|Waveform|Presentation State|Surface|Measurement|Analysis|Annotations|DICOS|Spectroscopy|Video|Curve")


def codes(groups):
    found = {}
    for group in groups:
        for scheme, names in cid_concepts[group].items():
            for name in names:
                for value, (meaning, used_in) in concepts[scheme][name].items():
                    if group not in used_in:
                        continue
                    found.setdefault(value, meaning)
                    older = mapping["SCT"].get(value) if scheme == "SCT" else None
                    if older:
                        found.setdefault(older, meaning)
    return dict(sorted(found.items()))


def main():
    folder = pathlib.Path(sys.argv[1]) / "header_words"
    folder.mkdir(parents=True, exist_ok=True)
    classes = {
        uid: name.replace(" Storage", "").split(" - ")[0]
        for uid, (name, kind, *_) in UID_dictionary.items()
        if kind == "SOP Class" and "Storage" in name and IMAGES.search(name) and not NO_IMAGES.search(name)}
    table = {"modalities": codes(MODALITIES), "sop_classes": classes, "regions": codes(REGIONS), "views": codes(VIEWS)}
    (folder / "codes.json").write_text(json.dumps(table, indent=1))
    print(", ".join(f"{len(rows)} {name}" for name, rows in table.items()))


main()
