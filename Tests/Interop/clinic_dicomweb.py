"""DICOMweb with two peers: dicomweb-client as client of ours, and Orthanc's plugin as client of ours.

clinic_dicomweb.py URL TOKEN FILE…
    URL    of our service, such as http://127.0.0.1:8080/dicom-web
    TOKEN  a bearer token, or `-` for none
    FILE…  DICOM files that are stored, searched for, retrieved and compared

Needs dicomweb-client and pydicom. Where Debian's `Orthanc` with its DICOMweb plugin is installed, it also sends to our service, searches
it and
retrieves from it; ORTHANC_PORT (8942) is its HTTP port.
"""
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import pydicom
import requests
from dicomweb_client import DICOMwebClient

url, token, paths = sys.argv[1].rstrip("/"), sys.argv[2], [pathlib.Path(path) for path in sys.argv[3:]]
failures = []


def check(what, holds, detail=""):
    print(("ok   " if holds else "FAIL ") + what + (f": {detail}" if detail and not holds else ""), flush=True)
    if not holds:
        failures.append(what)


session = requests.Session()
if token != "-":
    session.headers["Authorization"] = f"Bearer {token}"
client = DICOMwebClient(url, session=session)
datasets = [pydicom.dcmread(path) for path in paths]
first = datasets[0]
study, series, instance = str(first.StudyInstanceUID), str(first.SeriesInstanceUID), str(first.SOPInstanceUID)


def value(row, tag):
    values = row.get(tag, {}).get("Value") or [None]
    return values[0]


# Stored
answer = client.store_instances(datasets)
references = {str(item.ReferencedSOPInstanceUID) for item in answer.get("ReferencedSOPSequence", [])}
check("every instance is stored", references == {str(dataset.SOPInstanceUID) for dataset in datasets}, references)
answer = client.store_instances(datasets)
check("stored twice is no failure", not answer.get("FailedSOPSequence"))
rubbish = b"--x\r\nContent-Type: application/dicom\r\n\r\nno file\r\n--x--\r\n"
reply = session.post(
    f"{url}/studies", rubbish,
    headers={"Content-Type": "multipart/related; type=application/dicom; boundary=x", "Accept": "application/dicom+json"})
told = reply.status_code == 409 and {"0008119A", "00081198"} & set(reply.json())
check("rubbish is refused with 409", bool(told), reply.status_code)
reply = session.post(f"{url}/studies", rubbish[:-20], headers={"Content-Type": 'multipart/related; type="application/dicom"; boundary="x"'})
check("a body that is cut off is refused with 400", reply.status_code == 400, reply.status_code)
reply = session.post(f"{url}/studies", b"x", headers={"Content-Type": "application/json"})
check("another type is refused with 415", reply.status_code == 415, reply.status_code)
if token != "-":
    check("without a token nothing is answered", requests.get(f"{url}/studies").status_code in (401, 403))

# Searched
rows = client.search_for_studies(search_filters={"StudyInstanceUID": study})
check("a study is found by its UID", len(rows) == 1 and value(rows[0], "0020000D") == study, rows)
check("the study has its attributes", {"00100020", "00080020", "00201208"} <= set(rows[0]) if rows else False)
if first.get("PatientID"):
    rows = client.search_for_studies(search_filters={"PatientID": str(first.PatientID)})
    check("a study is found by Patient ID", study in [value(row, "0020000D") for row in rows])
rows = client.search_for_studies(search_filters={"PatientID": "no such patient 4711"})
check("nothing is found where nothing is", rows == [])
rows = client.search_for_studies(limit=1, fuzzymatching=True, fields=["StudyDescription"])
check("a limit is kept", len(rows) == 1)
check("a series is found", series in [value(row, "0020000E") for row in client.search_for_series(study)])
check("an instance is found", instance in [value(row, "00080018") for row in client.search_for_instances(study, series)])
check("a query that means nothing is refused", session.get(f"{url}/studies?NoSuchAttribute=1").status_code == 400)
check("a type that is not there is refused", session.get(f"{url}/studies", headers={"Accept": "text/html"}).status_code == 406)

# Retrieved
metadata = client.retrieve_instance_metadata(study, series, instance)
metadata = metadata[0] if isinstance(metadata, list) else metadata
expected = first.to_json_dict()
check("metadata have the file's values", all(
    metadata.get(tag, {}).get("Value") == expected[tag].get("Value") for tag in ("00080018", "0020000D", "00280010", "00280011")))
check("study metadata", instance in [value(row, "00080018") for row in client.retrieve_study_metadata(study)])
for dataset, path in zip(datasets, paths):
    uids = (str(dataset.StudyInstanceUID), str(dataset.SeriesInstanceUID), str(dataset.SOPInstanceUID))
    got = client.retrieve_instance(*uids, media_types=(("application/dicom", "*"),))
    same = "PixelData" not in dataset or got.PixelData == dataset.PixelData
    check(f"{path.name} comes back bit for bit", same and got.file_meta.TransferSyntaxUID == dataset.file_meta.TransferSyntaxUID)
    if "PixelData" not in dataset or int(dataset.get("NumberOfFrames") or 1) > 1:
        continue
    frames = client.retrieve_instance_frames(*uids, frame_numbers=[1])
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        frame = next(pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=1))
    else:
        frame = dataset.PixelData[:dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * dataset.BitsAllocated // 8]
    check(f"{path.name}: a frame", bytes(frames[0]) == frame, f"{len(frames[0])} bytes for {len(frame)}")
    rendered = client.retrieve_instance_rendered(*uids, media_types=("image/jpeg",))
    check(f"{path.name}: rendered", bytes(rendered[:3]) == b"\xff\xd8\xff")
whole = client.retrieve_study(study, media_types=(("application/dicom", "*"),))
check("a whole study comes back", instance in {str(dataset.SOPInstanceUID) for dataset in whole})
reply = session.get(f"{url}/studies/{study}/series/{series}/instances/{instance}/frames/999999")
check("a frame that is not there is 404", reply.status_code == 404, reply.status_code)
reply = session.get(f"{url}/studies/1.2.3.4.5.6.7.8.9")
check("a study that is not there is 404", reply.status_code == 404, reply.status_code)


# Orthanc as client
def orthanc(method, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", method=method, data=body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=120) as reply:
        text = reply.read()
    return json.loads(text) if text else None


program = shutil.which("Orthanc")
plugin = pathlib.Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
if not program or not plugin.exists():
    print("skipped: Orthanc with its DICOMweb plugin is not installed")
else:
    port = int(os.environ.get("ORTHANC_PORT", "8942"))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clinic-dicomweb-"))
    server = {"Url": url + "/", "ChunkedTransfers": True, "HasDelete": False}
    if token != "-":
        server["HttpHeaders"] = {"Authorization": f"Bearer {token}"}
    (folder / "orthanc.json").write_text(json.dumps({
        "Name": "PEER", "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"), "HttpPort": port,
        "DicomServerEnabled": False, "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "Plugins": [str(plugin)],
        "DicomWeb": {"Enable": True, "Servers": {"ours": server}}}))
    process = subprocess.Popen([program, str(folder / "orthanc.json")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                orthanc("GET", "/system")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        # An instance that ours has not seen, so that a success is one.
        fresh = pydicom.dcmread(paths[0])
        fresh.SOPInstanceUID = fresh.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.generate_uid()
        text = io.BytesIO()
        fresh.save_as(text, enforce_file_format=True)
        stored = orthanc("POST", "/instances", text.getvalue())
        sent = orthanc("POST", "/dicom-web/servers/ours/stow", {"Resources": [stored["ID"]], "Synchronous": True})
        check("Orthanc stores in ours", str(fresh.SOPInstanceUID) in [
            value(row, "00080018") for row in client.search_for_instances(study, series)], sent)
        wanted = {"00100020": str(first.get("PatientID", ""))}
        rows = orthanc("POST", "/dicom-web/servers/ours/qido", {"Uri": "/studies", "Arguments": wanted})
        check("Orthanc searches ours", bool(rows))
        orthanc("DELETE", f"/instances/{stored['ID']}")
        orthanc("POST", "/dicom-web/servers/ours/retrieve", {"Resources": [{"Study": study}], "Synchronous": True})
        found = [orthanc("GET", f"/instances/{number}/tags?simplify")["SOPInstanceUID"] for number in orthanc("GET", "/instances")]
        check("Orthanc retrieves from ours", instance in found and str(fresh.SOPInstanceUID) in found, found)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)

print(f"{len(failures)} failures" if failures else "all as expected")
sys.exit(1 if failures else 0)
