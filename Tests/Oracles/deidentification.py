# oracle
"""DICOM files full of what tells who a patient is, and what of them must be found nowhere afterwards.

deidentification.py OUT_DIR writes OUT_DIR/deidentification/: *.dcm and index.json. Every attribute that PS3.15 table E.1-1 names has a
value of its
own, at the top level and in a sequence; needles are the values that have to be gone, in the file's own bytes as hexadecimal digits.
"""
import hashlib
import json
import pathlib
import sys
import warnings

import pydicom
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    ComputedRadiographyImageStorage, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000Lossless, RLELossless)

warnings.simplefilter("ignore")
OUT = pathlib.Path(sys.argv[1]) / "deidentification"
OUT.mkdir(parents=True, exist_ok=True)
TABLE = pathlib.Path(__file__).resolve().parents[2] / "Sources/Deidentification/Table/confidentiality_profile.csv"
tags = [
    int(line.split(",")[0], 16) for line in TABLE.read_text().splitlines()
    if not line.startswith(("#", "tag", "0000", "0002", "0004")) and "x" not in line.split(",")[0]]
files = []


def marker(number, vr):
    """A value of the representation that no other element has; None where a value could not be told from others."""
    return {
        "LO": f"NeedLO{number:05}", "SH": f"NdSH{number:05}", "ST": f"NeedST{number:05} text", "LT": f"NeedLT{number:05} text",
        "UT": f"NeedUT{number:05} text", "UC": f"NeedUC{number:05}", "PN": f"NeedPN{number:05}^GivenPN{number:05}",
        "AE": f"NDAE{number:05}",
        "CS": f"NDCS{number:05}", "UR": f"http://needle{number:05}", "UI": f"1.2.3.99{number:05}.7",
        "DA": f"19{number % 90 + 10}0{number % 9 + 1}17",
        "TM": f"1234{number % 60:02}.{number:06}", "DT": f"19{number % 90 + 10}0317123456.{number:06}",
        "OB": f"NeedOB{number:05}!".encode(),
        "UN": f"NeedUN{number:05}!".encode(), "OW": f"NeedOW{number:05}!".encode(), "IS": None, "DS": None, "AS": None, "US": None,
    }.get(vr)


def needles(value, vr):
    if vr == "PN":
        return [part.encode() for part in value.split("^")]
    if vr in ("DA",):
        return []
    return [value if isinstance(value, bytes) else value.encode()]


def fill(dataset, first, found):
    for number, tag in enumerate(tags, first):
        try:
            vr = dictionary_VR(tag).split(" ")[0]
        except KeyError:
            vr = "LO"
        if vr == "SQ":
            item = Dataset()
            item.add_new(0x00080104, "LO", marker(number, "LO"))
            item.add_new(0x0040A123, "PN", marker(number, "PN"))
            item.add_new(0x00081155, "UI", marker(number, "UI"))
            dataset.add_new(tag, "SQ", Sequence([item]))
            # A code's meaning in a sequence that stays is no secret by itself.
            found += needles(marker(number, "PN"), "PN") + needles(marker(number, "UI"), "UI")
            continue
        value = marker(number, vr)
        if value is None:
            continue
        dataset.add_new(tag, vr, value)
        found += needles(value, vr)
    return dataset


def image(name, syntax, patient, study, series, instance, day, pixels, extra=None):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = syntax, ComputedRadiographyImageStorage
    meta.MediaStorageSOPInstanceUID = instance
    meta.SourceApplicationEntityTitle = "NDMETAAE"
    meta.PrivateInformationCreatorUID, meta.PrivateInformation = "1.2.3.98765.1", b"NeedPrivateInfo!"
    dataset = FileDataset(
        None, {}, file_meta=meta, preamble=b"NeedPreamble".ljust(128, b"!"), is_implicit_VR=syntax.is_implicit_VR,
        is_little_endian=syntax.is_little_endian)
    found = [b"NDMETAAE", b"NeedPrivateInfo", b"NeedPreamble", b"1.2.3.98765.1", instance.encode(), study.encode(), series.encode()]
    if extra == "all":
        fill(dataset, 1, found)
        item = fill(Dataset(), 2_000, found)
        dataset.add_new(0x00081140, "SQ", Sequence([item]))
    dataset.SOPClassUID, dataset.SOPInstanceUID = ComputedRadiographyImageStorage, instance
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = study, series, series + ".9"
    dataset.Modality, dataset.SpecificCharacterSet = "CR", "ISO_IR 100"
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = f"{patient}é^Vorname{patient}", f"ID-{patient}-77", "19410203"
    dataset.StudyDate, dataset.SeriesDate, dataset.AcquisitionDateTime, dataset.StudyTime = day, day, f"{day}101112.5+0100", "101112"
    dataset.PatientSex, dataset.PatientAge, dataset.StudyDescription = "F", "084Y", "Chest PA"
    dataset.Manufacturer = f"Maker of {patient}é"
    dataset.PatientComments = f"Seen with {patient}é"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 2, 3, 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    referenced = Dataset()
    referenced.ReferencedSOPClassUID, referenced.ReferencedSOPInstanceUID = ComputedRadiographyImageStorage, study + ".5.1"
    dataset.SourceImageSequence = Sequence([referenced])
    block = dataset.private_block(0x0029, "NeedCreator", create=True)
    block.add_new(1, "LO", "NeedPrivateText")
    dataset.add_new(0x60003000, "OW", b"NeedOverlay!")
    dataset.add_new(0x60000010, "US", 2)
    dataset.add_new(0x50003000, "OW", b"NeedCurve!!!")
    dataset.PixelData = encapsulate([pixels]) if syntax.is_encapsulated else pixels
    dataset["PixelData"].VR = "OB" if syntax.is_encapsulated else "OW"
    dataset["PixelData"].is_undefined_length = syntax.is_encapsulated
    found += [part.encode("latin-1") for part in (
        patient + "é", f"Vorname{patient}", f"ID-{patient}-77", "NeedCreator", "NeedPrivateText", "NeedOverlay", "NeedCurve",
        study + ".5.1", "19410203")]
    dataset.save_as(OUT / f"{name}.dcm", enforce_file_format=True)
    files.append({
        "name": name, "patient": patient, "study": study, "series": series, "instance": instance, "day": day, "transferSyntax": str(syntax),
        "needles": sorted({needle.hex() for needle in found}), "stored": hashlib.sha256(pixels).hexdigest()})


codestream = bytes.fromhex("ff4fff51") + bytes(range(60))
image("first", ExplicitVRLittleEndian, "Nadelfrau", "1.2.77.1", "1.2.77.1.1", "1.2.77.1.1.1", "20240229", bytes(range(12)))
image("second", ImplicitVRLittleEndian, "Nadelfrau", "1.2.77.1", "1.2.77.1.1", "1.2.77.1.1.2", "20240310", bytes(range(12, 24)))
image("later", JPEG2000Lossless, "Nadelfrau", "1.2.77.2", "1.2.77.2.1", "1.2.77.2.1.1", "20250310", codestream)
image("other", RLELossless, "Strohmann", "1.2.78.1", "1.2.78.1.1", "1.2.78.1.1.1", "20240229", bytes(64 + 12))
image("big", ExplicitVRBigEndian, "Strohmann", "1.2.78.1", "1.2.78.1.1", "1.2.78.1.1.2", "20240229", bytes(range(12)))
image("all", ExplicitVRLittleEndian, "Nadelfrau", "1.2.77.1", "1.2.77.1.1", "1.2.77.1.1.3", "20240229", bytes(range(12)), "all")
image("all-implicit", ImplicitVRLittleEndian, "Nadelfrau", "1.2.77.1", "1.2.77.1.1", "1.2.77.1.1.4", "20240229", bytes(range(12)), "all")

# Dates moved by the calendar of another program: from a day, by so many days.
import datetime
days = ["19000101", "19991231", "20000229", "20240229", "20240301", "20251231"]
shifts = {
    day: {str(by): (datetime.datetime.strptime(day, "%Y%m%d") - datetime.timedelta(by)).strftime("%Y%m%d") for by in (366, 1000, 3652)}
    for day in days}
(OUT / "index.json").write_text(json.dumps({"files": files, "shifts": shifts}, indent=1))
