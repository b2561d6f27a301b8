# oracle
"""DICOM files, their headers as pydicom's DICOM JSON, and their frames.

dicom_web.py OUT_DIR writes OUT_DIR/dicom_web/: *.dcm, *.json (a dataset up to Pixel Data in the DICOM JSON model), index.json (files, and
the
SHA-256 of each stored frame by pydicom.encaps or by slicing).

Left out of the JSON, since the two writers differ for a reason: group lengths, Pixel Data and what follows them, binary values of
big-endian files (pydicom leaves them in
big-endian order, PS3.18 F.2.7 wants little), and whole files that pydicom itself cannot write as JSON.
"""
import hashlib
import json
import logging
import pathlib
import shutil
import sys
import warnings

import pydicom
from pydicom.data import get_testdata_files
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.sequence import Sequence
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000Lossless

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
OUT = pathlib.Path(sys.argv[1]) / "dicom_web"
OUT.mkdir(parents=True, exist_ok=True)
LARGEST = 3_000_000


def plain(dataset, is_big, is_nested=False):
    """pydicom's JSON without what is said above; carets at the end of names say nothing."""
    out = {}
    for tag, element in dataset.items():
        if tag[4:] == "0000" or tag[:4] in ("0002", "FFFC") or tag[:4] == "7FE0" and not is_nested:
            continue
        if element["vr"] == "SQ":
            element = {**element, "Value": [plain(item, is_big, True) for item in element.get("Value", [])]}
        elif "InlineBinary" in element and is_big:
            element = {"vr": element["vr"]}
        elif element["vr"] == "PN":
            names = [
                {group: text.rstrip("^ ") for group, text in (name or {}).items() if text.rstrip("^ ")}
                for name in element.get("Value", [])]
            element = {"vr": "PN", "Value": names}
        out[tag] = element
    return out


def frames(dataset):
    """The bytes of each frame as WADO-RS hands them out."""
    if "PixelData" not in dataset or not dataset.PixelData or dataset.file_meta.TransferSyntaxUID.is_deflated:
        return []
    count = int(dataset.get("NumberOfFrames") or 1)
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        return [bytes(frame) for frame in generate_frames(dataset.PixelData, number_of_frames=count)]
    bits = dataset.Rows * dataset.Columns * dataset.BitsAllocated * dataset.SamplesPerPixel
    if dataset.PhotometricInterpretation == "YBR_FULL_422":
        bits = bits * 2 // 3
    if bits % 8 or len(dataset.PixelData) < bits // 8 * count:
        return []
    data = dataset.PixelData
    if not dataset.file_meta.TransferSyntaxUID.is_little_endian and dataset["PixelData"].VR == "OW":
        swapped = bytearray(len(data))
        swapped[0::2], swapped[1::2] = data[1::2], data[0::2]
        data = bytes(swapped)
    return [data[index * bits // 8:(index + 1) * bits // 8] for index in range(count)]


index = []


def add(name, path):
    try:
        dataset = pydicom.dcmread(path)
        syntax = dataset.file_meta.TransferSyntaxUID
        text = plain(dataset.to_json_dict(), not syntax.is_little_endian)
        # A number that is none, or text in bytes that are no text, is no JSON.
        json.dumps(text, allow_nan=False)
        stored = [hashlib.sha256(frame).hexdigest() for frame in frames(dataset)]
    except Exception:  # pydicom's own limits; what it raises is of many kinds
        return
    if not text:
        return
    if pathlib.Path(path) != OUT / f"{name}.dcm":
        shutil.copyfile(path, OUT / f"{name}.dcm")
    (OUT / f"{name}.json").write_text(json.dumps(text))
    index.append({"name": name, "transferSyntax": str(syntax), "frames": stored})


seen = set()
for path in sorted(map(pathlib.Path, get_testdata_files())):
    if not path.is_file() or path.suffix in (".py", ".json", ".zip", ".txt") or "truncated" in path.stem or path.stat().st_size > LARGEST:
        continue
    name = f"{path.stem}{len(seen)}"
    seen.add(name)
    add(name, path)


def image(syntax=ExplicitVRLittleEndian):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    meta.MediaStorageSOPInstanceUID = "2.25.1"
    dataset = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
    dataset.SOPClassUID, dataset.SOPInstanceUID = ComputedRadiographyImageStorage, "2.25.1"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.2", "2.25.3"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 2, 3, 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PhotometricInterpretation, dataset.PixelData = "MONOCHROME2", bytes(range(12))
    dataset["PixelData"].VR = "OW"
    return dataset


def write(name, dataset):
    dataset.save_as(OUT / f"{name}.dcm", enforce_file_format=True)
    add(name, OUT / f"{name}.dcm")


# The examples of PS3.5 annexes H to K, and what scanners write.
for name, characters, person in [
    ("latin1", "ISO_IR 100", "Buc^Jérôme"), ("greek", "ISO_IR 126", "Διονυσιος"), ("cyrillic", "ISO_IR 144", "Люкceмбypг"),
    ("hebrew", "ISO_IR 138", "שרון^דבורה"),
    ("utf8", "ISO_IR 192", "Wang^XiaoDong=王^小東="), ("gb18030", "GB18030", "Wang^XiaoDong=王^小东="),
    ("korean", ["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
    ("japanese", ["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ("katakana", ["ISO 2022 IR 13", "ISO 2022 IR 87"], "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
    ("gbk", "GBK", "Wang^XiaoDong=王^小东="),
]:
    for syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian):
        dataset = image(syntax)
        dataset.SpecificCharacterSet, dataset.PatientName, dataset.PatientComments = characters, person, person
        item = Dataset()
        item.RequestedProcedureDescription, item.ScheduledProcedureStepID = person.replace("=", " "), "7"
        dataset.RequestAttributesSequence = Sequence([item])
        write(f"characters-{name}-{'explicit' if syntax == ExplicitVRLittleEndian else 'implicit'}", dataset)

# Quotes, backslashes, control characters and several values, some of them empty.
dataset = image()
dataset.PatientComments = 'line one\r\n"quoted" \\ and a tab\t'
dataset.ImageType = ["DERIVED", "", "AXIAL"]
dataset.add_new(0x00280030, "DS", ["0.10", "+1.5E-2"])
dataset.add_new(0x00201041, "DS", "-001.50")
dataset.add_new(0x00280009, "AT", [0x00181063, 0x00540010])
dataset.add_new(0x00189073, "FD", 1.25)
dataset.add_new(0x00081140, "SQ", Sequence([Dataset(), Dataset()]))
dataset.add_new(0x00082218, "SQ", Sequence([]))
write("values", dataset)

# Several fragments a frame, with an offset table; and a compressed icon.
dataset = image(JPEG2000Lossless)
dataset.NumberOfFrames = 3
codestreams = [bytes.fromhex("ff4fff51") + bytes([index]) * (40 + 30 * index) for index in range(3)]
dataset.PixelData = encapsulate(codestreams, fragments_per_frame=2, has_bot=True)
dataset["PixelData"].VR = "OB"
dataset["PixelData"].is_undefined_length = True
write("fragments", dataset)
dataset.PixelData = encapsulate(codestreams, has_bot=False)
dataset["PixelData"].is_undefined_length = True
write("fragments-without-table", dataset)

(OUT / "index.json").write_text(json.dumps(index, indent=1))
