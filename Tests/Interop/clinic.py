"""A hospital on one machine: Orthanc as PACS, an HL7 peer, a FHIR peer, and Pleura between them. A study is sent by storescu; what arrived is
printed and checked.

usage: clinic.py PLEURA_SERVE IMAGE [--keep FOLDER]

Needs Debian's orthanc and dcmtk, and the packages of clinic.txt. Exit code 0: everything arrived and says the same; 1: something did not; 77: a peer
is missing.
"""
import argparse, json, os, shutil, signal, socket, subprocess, sys, tempfile, threading, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import hl7
import pydicom

FAULTS = []


def check(good, text):
    if not good:
        FAULTS.append(text)
        print(f"  NOT SO: {text}")
    return good


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    check(False, f"{what} within {seconds} s")
    return None


class Orthanc:
    def __init__(self, folder, peers):
        self.dicom, self.http = free_port(), free_port()
        configuration = {
            "Name": "PACS", "StorageDirectory": str(folder / "orthanc"), "IndexDirectory": str(folder / "orthanc"), "DicomAet": "PACS",
            "DicomPort": self.dicom, "HttpPort": self.http, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomModalities": {name: [title, "127.0.0.1", port] for name, (title, port) in peers.items()},
            "Plugins": [p for p in ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"] if os.path.exists(p)], "DicomCheckCalledAet": True,
        }
        (folder / "orthanc.json").write_text(json.dumps(configuration))
        self.process = subprocess.Popen(
            ["Orthanc", str(folder / "orthanc.json")], stdout=open(folder / "orthanc.log", "w"), stderr=subprocess.STDOUT)
        wait_for("Orthanc", lambda: self.get("/system"))

    def raw(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=20) as answer:
            return answer.read()

    def get(self, path):
        try:
            return json.loads(self.raw(path))
        except (OSError, ValueError):
            return None

    def post(self, path, body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def instances(self):
        return [self.get(f"/instances/{i}") | {"tags": self.get(f"/instances/{i}/simplified-tags")} for i in self.get("/instances") or []]


class MessagePeer(threading.Thread):
    """Takes HL7 messages over MLLP and answers AA; python-hl7 reads them."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.messages = []
        self.start()

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        data = b""
        while piece := connection.recv(65536):
            data += piece
            while b"\x1c\r" in data:
                frame, data = data.split(b"\x1c\r", 1)
                message = hl7.parse(frame.lstrip(b"\x0b").decode("utf-8"))
                self.messages.append(message)
                connection.sendall(b"\x0b" + str(message.create_ack("AA")).encode("utf-8") + b"\x1c\r")


def send_message(port, text):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"\x0b" + text.encode("utf-8") + b"\x1c\r")
        data = b""
        while b"\x1c\r" not in data:
            piece = connection.recv(65536)
            if not piece:
                break
            data += piece
    return hl7.parse(data.strip(b"\x0b\x1c\r").decode("utf-8"))


class ResourcePeer:
    """A FHIR server as far as Pleura needs one: transactions with conditional creates and updates; every resource is kept by its condition."""

    def __init__(self):
        peer = self
        self.resources, self.transactions, self.validated = {}, 0, 0

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = json.dumps(peer.transaction(bundle)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/fhir+json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def transaction(self, bundle):
        from fhir.resources.R4B import get_fhir_model_class

        self.transactions += 1
        entries = []
        for entry in bundle["entry"]:
            resource, request = entry["resource"], entry["request"]
            get_fhir_model_class(resource["resourceType"]).model_validate(resource)
            self.validated += 1
            key = (resource["resourceType"], request.get("ifNoneExist") or request["url"].split("?", 1)[-1])
            status = "201 Created"
            if key in self.resources:
                status = "200 OK"
            if key not in self.resources or request["method"] == "PUT":
                self.resources[key] = resource
            number = list(self.resources).index(key) + 1
            entries.append({"response": {"status": status, "location": f"{resource['resourceType']}/{number}"}})
        return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}

    def of(self, kind):
        return [r for (k, _), r in self.resources.items() if k == kind]


def start_pleura(program, folder, configuration):
    (folder / "pleura.yaml").write_text(configuration)
    log = open(folder / "pleura.log", "w")
    process = subprocess.Popen([program, "serve", "run", "--config", str(folder / "pleura.yaml")], stdout=log, stderr=log)

    def ready():
        text = (folder / "pleura.log").read_text()
        if process.poll() is not None:
            raise SystemExit(f"pleura-serve ended:\n{text}")
        return text if "research use only" in text else None

    text = wait_for("pleura-serve", ready, 180)
    return process, text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("image")
    parser.add_argument("--keep", help="leave everything in this folder")
    options = parser.parse_args()
    missing = [name for name in ("Orthanc", "storescu", "dsrdump") if not shutil.which(name)]
    if missing:
        print(f"clinic.py: SKIPPED: {', '.join(missing)} missing: apt-get install orthanc orthanc-dicomweb dcmtk", file=sys.stderr)
        return 77
    folder = Path(options.keep or tempfile.mkdtemp(prefix="clinic-"))
    folder.mkdir(parents=True, exist_ok=True)
    node, messages_in, page = free_port(), free_port(), free_port()
    running = []
    try:
        pacs = Orthanc(folder, {"pleura": ("PLEURA", node)})
        running.append(pacs.process)
        ris, ehr = MessagePeer(), ResourcePeer()
        pleura, text = start_pleura(
            options.program, folder,
            f"""
data: {folder}/archive
listen: 127.0.0.1:{page}
model: {os.environ.get("PLEURA_MODEL", "nih8-fast")}
clinic:
  page: http://127.0.0.1:{page}/
  dicom:
    title: PLEURA
    listen: 127.0.0.1:{node}
    reserved_mb: 16
    peers:
      - {{title: MODALITY, addresses: [127.0.0.1]}}
      - {{title: PACS, addresses: [127.0.0.1], commitment: "127.0.0.1:{pacs.dicom}"}}
  hl7: {{listen: "127.0.0.1:{messages_in}"}}
  destinations:
    - {{name: pacs, dicom: "PACS@127.0.0.1:{pacs.dicom}", sends: [sr, gsps, sc, pdf], commitment_seconds: 120}}
    - {{name: ris, hl7: "127.0.0.1:{ris.port}"}}
    - {{name: ehr, fhir: "http://127.0.0.1:{ehr.port}/fhir", create_patients: true, patient_system: "urn:oid:1.2.3.4"}}
""")
        running.append(pleura)
        source = pydicom.dcmread(options.image)
        source.AccessionNumber, source.PatientID, source.PatientName = "ACC-1", "P-1", "Müller^Jürgen"
        source.SpecificCharacterSet = "ISO_IR 100"
        image = folder / "image.dcm"
        source.save_as(image)

        print("An order comes in (ORM^O01, stat)")
        answer = send_message(messages_in, "\r".join([
            "MSH|^~\\&|HIS|HOSPITAL|PLEURA||20261130120000||ORM^O01^ORM_O01|M1|P|2.5.1||||||UNICODE UTF-8",
            "PID|1||P-1^^^HOSPITAL^MR||Müller^Jürgen||19500101|M", "ORC|NW|PLACER-1|FILLER-1",
            "OBR|1|PLACER-1|FILLER-1|CXR^Chest PA^L|||||||||Cough since a week|||||ACC-1", "TQ1|1||||||||S"]) + "\r")
        check(str(answer.segment("MSA")[1]) == "AA", "the order was acknowledged")
        print("  answered", str(answer.segment("MSA")))

        print("A study comes in (storescu)")
        begun = time.time()
        sent = subprocess.run(
            ["storescu", "-aet", "MODALITY", "-aec", "PLEURA", "127.0.0.1", str(node), str(image)], capture_output=True, text=True)
        check(sent.returncode == 0, f"storescu: {sent.stderr.strip()[:200]}")
        wait_for("four objects in the PACS", lambda: len(pacs.instances()) >= 4)
        wait_for("a message at the RIS", lambda: ris.messages)
        wait_for("a report at the EHR", lambda: ehr.of("DiagnosticReport"))
        print(f"  everything had arrived after {time.time() - begun:.1f} s, with {os.cpu_count()} processors and whatever else they do")

        print("The PACS has")
        for instance in sorted(pacs.instances(), key=lambda i: i["tags"]["Modality"]):
            tags = instance["tags"]
            print(f"  {tags['Modality']:4} series {tags['SeriesNumber']}: {tags.get('SeriesDescription', '')}")
            data = pacs.raw(f"/instances/{instance['ID']}/file")
            path = folder / f"{tags['Modality']}-{instance['ID'][:8]}.dcm"
            path.write_bytes(data)
            dataset = pydicom.dcmread(path)
            check(dataset.PatientName == "Müller^Jürgen", f"{tags['Modality']}: the patient's name is the image's")
            check(dataset.AccessionNumber == "ACC-1" and dataset.StudyInstanceUID == source.StudyInstanceUID, f"{tags['Modality']}: the study is the image's")
            said = subprocess.run([str(Path(sys.executable).parent / "dciodvfy"), str(path)], capture_output=True, text=True)
            errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
            check(not errors, f"{tags['Modality']}: dciodvfy: {errors[:3]}")
            if tags["Modality"] == "SR":
                print("    " + subprocess.run(["dsrdump", str(path)], capture_output=True, text=True).stdout.replace("\n", "\n    ").rstrip())
            if tags["Modality"] == "OT":
                preview = pacs.raw(f"/instances/{instance['ID']}/preview")
                check(preview[:4] == b"\x89PNG", "the PACS shows the capture")
        states = wait_for(
            "the PACS confirms that it keeps them", lambda: "delivered" if committed(options.program, folder) else None, 150)
        print("  storage commitment:", states)

        print("The RIS has")
        for message in ris.messages:
            print("  " + str(message).replace("\r", "\n  ").rstrip())
        message = ris.messages[0]
        check(str(message.segment("OBR")[25]) == "P", "the result is preliminary")
        check("PLACER-1" in str(message.segment("ORC")), "the result names the order")

        print("The EHR has")
        for (kind, condition), resource in ehr.resources.items():
            print(f"  {kind:16} {resource.get('status', '')}  {condition[:100]}")
        check(ehr.of("DiagnosticReport")[0]["status"] == "preliminary", "the report is preliminary")
        report = [p for p in folder.glob("SR-*.dcm")]
        boxes = sr_boxes(report[0]) if report else []
        observations = [r for r in ehr.of("Observation")]
        check(len(boxes) == count_findings(observations), f"as many findings in the PACS ({len(boxes)}) as at the EHR ({count_findings(observations)})")

        print("What comes back is not read again")
        for path in folder.glob("OT-*.dcm"):
            subprocess.run(["storescu", "-aet", "PACS", "-aec", "PLEURA", "-xy", "127.0.0.1", str(node), str(path)], capture_output=True)
        time.sleep(2)
        check(len(ris.messages) == 1, "no second message")
        pleura.send_signal(signal.SIGTERM)
        check(pleura.wait(20) == 0, "pleura-serve ended well")
    finally:
        for process in reversed(running):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print("everything arrived and says the same" if not FAULTS else f"{len(FAULTS)} things are not so")
    return 1 if FAULTS else 0


def committed(program, folder):
    """Whether every delivery to the PACS has its proof, by the archive's own table."""
    import sqlite3

    with sqlite3.connect(f"file:{folder}/archive/pleura.sqlite?mode=ro", uri=True) as database:
        rows = database.execute("SELECT state, count(*) FROM delivery WHERE destination = 'pacs' GROUP BY state").fetchall()
    return rows and all(state == "delivered" for state, _ in rows)


def sr_boxes(path):
    import highdicom as hd

    report = hd.sr.ComprehensiveSR.from_dataset(pydicom.dcmread(path))
    return [group.roi.value for group in report.content.get_planar_roi_measurement_groups()]


def count_findings(observations):
    return sum(1 for o in observations if "valueCodeableConcept" in o and any("Coordinates" in json.dumps(c) or "box" in json.dumps(c).lower() or "valueQuantity" in c for c in o.get("component", [])))


if __name__ == "__main__":
    sys.exit(main())
