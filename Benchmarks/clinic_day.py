"""A day of a department in ten minutes: 1,500 studies come in, orders before and after them, the same image twice, patients renamed and merged; the
PACS and the RIS go away and come back, and a tele-radiology site hangs on a line of 64 kbit/s that is up ten minutes an hour. At the end every peer
counts what it has: each result once, nothing missing.

usage: clinic_day.py PLEURA_SERVE [--studies 1500] [--minutes 10] [--keep FOLDER]

The peers are pynetdicom (C-STORE), python-hl7 (MLLP) and a FHIR server in a few lines; needs the packages of Tests/Interop/clinic.txt. Time runs 144
times as fast as usual, and so does the line.
"""
import argparse, collections, io, json, os, random, shutil, signal, socket, sqlite3, statistics, subprocess, sys, tempfile, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pynetdicom import AE, evt, AllStoragePresentationContexts, _config

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Interop"))
from clinic import free_port, wait_for  # noqa: E402

_config.LOG_HANDLER_LEVEL = "none"


class Line(threading.Thread):
    """Forwards to a port: slow, and down by a schedule."""

    def __init__(self, target, bits, up, period):
        super().__init__(daemon=True)
        self.target, self.bytes, self.up, self.period = target, bits / 8, up, period
        self.begun, self.sent, self.cuts = time.time(), 0, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def is_up(self):
        return (time.time() - self.begun) % self.period < self.up

    def run(self):
        while True:
            client, _ = self.socket.accept()
            if not self.is_up():
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                client.close()
                continue
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(a, b), daemon=True).start()

    def pump(self, source, sink):
        source.settimeout(0.2)
        while True:
            if not self.is_up():
                self.cuts += 1
                break
            try:
                data = source.recv(4096)
            except socket.timeout:
                continue
            except OSError:
                break
            if not data:
                break
            time.sleep(len(data) / self.bytes)
            self.sent += len(data)
            try:
                sink.sendall(data)
            except OSError:
                break
        for s in (source, sink):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()


class Store:
    """A DICOM node that counts what it keeps, and can go away."""

    def __init__(self, title, port=None):
        self.title, self.port = title, port or free_port()
        self.kept, self.again, self.server, self.lock = {}, 0, None, threading.Lock()
        self.order = []

    def up(self):
        ae = AE(self.title)
        ae.supported_contexts = AllStoragePresentationContexts
        for context in ae.supported_contexts:
            context.add_transfer_syntax("1.2.840.10008.1.2.4.50")
        self.server = ae.start_server(("127.0.0.1", self.port), block=False, evt_handlers=[(evt.EVT_C_STORE, self.store)])

    def down(self):
        self.server.shutdown()
        self.server = None

    def store(self, event):
        request, data = event.request, event.request.DataSet.getvalue()
        uid = str(request.AffectedSOPInstanceUID)
        with self.lock:
            if uid in self.kept:
                self.again += 1
                if self.kept[uid] != len(data):
                    return 0xA900
            else:
                dataset = event.dataset
                self.order.append((time.time(), dataset.StudyInstanceUID, dataset.Modality))
            self.kept[uid] = len(data)
        return 0x0000


class Messages(threading.Thread):
    """An MLLP server that keeps messages by their control id, answers with every kind of word, and can go away."""

    def __init__(self, seed):
        super().__init__(daemon=True)
        self.random, self.lock = random.Random(seed), threading.Lock()
        self.kept, self.again, self.refused, self.is_up, self.open = {}, 0, 0, True, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def down(self):
        self.is_up = False
        for c in self.open:
            try:
                c.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def up(self):
        self.is_up = True

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            if not self.is_up:
                connection.close()
                continue
            self.open.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        data = b""
        try:
            while self.is_up and (piece := connection.recv(65536)):
                data += piece
                while b"\x1c\r" in data:
                    frame, data = data.split(b"\x1c\r", 1)
                    self.answer(connection, frame.lstrip(b"\x0b"))
        except OSError:
            pass
        connection.close()

    def answer(self, connection, frame):
        fields = frame.split(b"\r")[0].split(b"|")
        control = fields[9].decode()
        what = self.random.random()
        if what < 0.02:  # an error that passes
            self.refused += 1
            code = b"AE"
        else:
            code = b"AA"
            with self.lock:
                if control in self.kept:
                    self.again += 1
                self.kept.setdefault(control, []).append(frame)
        if what > 0.98:  # kept, and the answer is lost
            connection.close()
            raise OSError
        if what > 0.96:
            time.sleep(0.3)
        answer = b"MSH|^~\\&|RIS||PLEURA||20261130||ACK|A" + control.encode() + b"|P|2.5.1\rMSA|" + code + b"|" + control.encode()
        if code == b"AE":
            answer += b"\rERR|||207^Application internal error^HL70357|E"
        data = b"\x0b" + answer + b"\r\x1c\r"
        for i in range(0, len(data), 40):  # in halves
            connection.sendall(data[i:i + 40])


class Resources:
    """A FHIR server of conditional creates and updates; some answers are errors, some are lost."""

    def __init__(self, seed):
        peer, self.random = self, random.Random(seed)
        self.resources, self.versions, self.lock, self.errors = {}, collections.Counter(), threading.Lock(), 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with peer.lock:
                    what = peer.random.random()
                if what < 0.03:
                    peer.errors += 1
                    status, answer = 503, b"{}"
                else:
                    status, answer = 200, json.dumps(peer.transaction(bundle)).encode()
                if what > 0.98:  # done, and nobody hears of it
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Type", "application/fhir+json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Connections that a killed program leaves behind.
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def transaction(self, bundle):
        entries = []
        with self.lock:
            for entry in bundle["entry"]:
                resource, request = entry["resource"], entry["request"]
                key = (resource["resourceType"], request.get("ifNoneExist") or request["url"].split("?", 1)[-1])
                status = "200 OK" if key in self.resources else "201 Created"
                if key not in self.resources or request["method"] == "PUT":
                    self.resources[key] = resource
                self.versions[key] += 1
                entries.append({"response": {"status": status, "location": f"{key[0]}/{abs(hash(key)) % 10**9}"}})
        return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}


def image(number, pixels, study=None):
    """A small DX image of a study of its own."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.1.2.1"
    meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.99.{number}.1.1"
    ds = Dataset()
    ds.file_meta = meta
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = study or f"1.2.826.0.1.99.{number}", f"1.2.826.0.1.99.{number}.1"
    ds.PatientID, ds.PatientName, ds.PatientSex, ds.PatientBirthDate = f"P{number % 900}", f"Family{number % 900}^Given", "F", "19500101"
    ds.AccessionNumber, ds.StudyDate, ds.StudyTime, ds.StudyID, ds.ReferringPhysicianName = f"A{number}", "20261130", "120000", str(number), ""
    ds.Modality, ds.ViewPosition, ds.BodyPartExamined, ds.PatientOrientation = "DX", "PA", "CHEST", ["L", "F"]
    ds.SeriesNumber, ds.InstanceNumber, ds.Manufacturer = "1", "1", "Drawn"
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 1, "MONOCHROME2", 8, 8, 7, 0
    ds.Rows, ds.Columns = pixels.shape
    ds.PixelData = pixels.tobytes()
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return pydicom.dcmread(io.BytesIO(buffer.getvalue()))


def order(number, urgency):
    return "\r".join([
        f"MSH|^~\\&|HIS|H|PLEURA||20261130||ORM^O01^ORM_O01|O{number}|P|2.5.1", f"PID|1||P{number % 900}||Family{number % 900}^Given||19500101|F",
        f"ORC|NW|PL{number}|FI{number}", f"OBR|1|PL{number}|FI{number}|CXR^Chest^L||||||||||||||A{number}", f"TQ1|1||||||||{urgency}"]) + "\r"


class Sender:
    """Messages over one MLLP connection, each until it is acknowledged."""

    def __init__(self, port):
        self.port, self.connection = port, None

    def send(self, text):
        for _ in range(100):
            try:
                self.connection = self.connection or socket.create_connection(("127.0.0.1", self.port), timeout=20)
                self.connection.sendall(b"\x0b" + text.encode() + b"\x1c\r")
                data = b""
                while b"\x1c\r" not in data:
                    piece = self.connection.recv(65536)
                    if not piece:
                        raise OSError
                    data += piece
                return b"|AA|" in data or b"MSA|AA" in data
            except OSError:
                self.connection = None
                time.sleep(0.1)
        return False


def start(program, folder, configuration):
    (folder / "pleura.yaml").write_text(configuration)
    log = open(folder / "pleura.log", "a")
    process = subprocess.Popen([program, "serve", "run", "--config", str(folder / "pleura.yaml")], stdout=log, stderr=log)
    end = time.time() + 240
    while "research use only" not in (folder / "pleura.log").read_text() and time.time() < end:
        if process.poll() is not None:
            raise SystemExit((folder / "pleura.log").read_text()[-3000:])
        time.sleep(0.2)
    return process


def memory(process):
    try:
        return int(next(l for l in Path(f"/proc/{process.pid}/status").read_text().splitlines() if l.startswith("VmRSS")).split()[1]) / 1024
    except (OSError, StopIteration):
        return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--studies", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kills", type=int, default=0, help="end the program by SIGKILL so often on the way")
    parser.add_argument("--keep")
    options = parser.parse_args()
    folder = Path(options.keep or tempfile.mkdtemp(prefix="day-"))
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(1)
    numbers = np.random.default_rng(1)
    hours, seconds = 24.0, options.minutes * 60
    hour = seconds / hours
    speed = 3600 / hour
    pacs, tele, ris, ehr = Store("PACS"), Store("TELE"), Messages(2), Resources(3)
    pacs.up()
    tele.up()
    line = Line(tele.port, 64_000 * speed, hour / 6, hour)
    node, orders, page = free_port(), free_port(), free_port()
    configuration = f"""
data: {folder}/archive
listen: 127.0.0.1:{page}
model: {os.environ.get("PLEURA_MODEL", "nih8-fast")}
clinic:
  dicom: {{title: PLEURA, listen: "127.0.0.1:{node}", any_peer: true, reserved_mb: 16}}
  hl7: {{listen: "127.0.0.1:{orders}"}}
  retry: {{first_seconds: 0.1, longest_seconds: 0.5, most_attempts: 1000}}
  destinations:
    - {{name: pacs, dicom: "PACS@127.0.0.1:{pacs.port}", sends: [sr, gsps, sc], capture_pixels: 512}}
    - {{name: tele, dicom: "TELE@127.0.0.1:{line.port}", sends: [sr, gsps, sc], capture_pixels: 384, capture_quality: 60}}
    - {{name: ris, hl7: "127.0.0.1:{ris.port}", answer_seconds: 5}}
    - {{name: ehr, fhir: "http://127.0.0.1:{ehr.port}/fhir"}}
"""
    program = start(options.program, folder, configuration)
    ae = AE("MODALITY")
    ae.add_requested_context("1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.1.2.1")
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 30
    sender = Sender(orders)
    base = numbers.normal(120, 30, (512, 512)).clip(0, 255)
    yy, xx = np.mgrid[0:512, 0:512]
    begun = time.time()
    sent, memories, association = set(), [], None
    kills = sorted(rng.uniform(0.05, 0.95) * seconds for _ in range(options.kills))
    downs = sorted([(rng.uniform(0.05, 0.85) * seconds, peer) for peer in ("pacs", "ris") for _ in range(4)])
    back = []
    late = []

    def store(data):
        nonlocal association
        for _ in range(200):
            try:
                if not (association and association.is_established):
                    association = ae.associate("127.0.0.1", node, ae_title="PLEURA")
                if association.is_established and association.send_c_store(data).Status == 0:
                    return True
            except (RuntimeError, ValueError, AttributeError, OSError):
                association = None
            time.sleep(0.1)
        return False

    for number in range(options.studies):
        due = begun + seconds * number / options.studies
        while time.time() < due:
            time.sleep(0.01)
        now = time.time() - begun
        while kills and kills[0] < now:
            kills.pop(0)
            program.send_signal(signal.SIGKILL)
            program.wait()
            (folder / "pleura.log").write_text("")
            program, association, sender.connection = start(options.program, folder, configuration), None, None
        while downs and downs[0][0] < now:
            peer = downs.pop(0)[1]
            (pacs if peer == "pacs" else ris).down() if (peer == "ris" or pacs.server) else None
            back.append((now + hour, peer))
        for entry in [b for b in back if b[0] < now]:
            back.remove(entry)
            if entry[1] == "ris":
                ris.up()
            elif not pacs.server:
                pacs.up()
        what = rng.random()
        if what < 0.4:
            sender.send(order(number, "S" if rng.random() < 0.1 else "R"))
        elif what < 0.6:
            late.append(number)
        x, y, r = rng.uniform(100, 400), rng.uniform(100, 400), rng.uniform(20, 80)
        pixels = (base + 90 * np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * r * r))).clip(0, 255).astype(np.uint8)
        data = image(number, pixels)
        assert store(data), f"study {number} was not taken"
        sent.add(number)
        if rng.random() < 0.1:
            assert store(data), "the same again was not taken"
        if late and rng.random() < 0.5:
            sender.send(order(late.pop(0), "R"))
        if rng.random() < 0.02:
            sender.send(f"MSH|^~\\&|HIS|H|PLEURA||20261130||ADT^A08^ADT_A01|U{number}|P|2.5.1\rEVN|A08|20261130\rPID|1||P{number % 900}||Renamed{number % 900}^Given||19500101|F\r")
        if number % 50 == 0:
            memories.append(memory(program))
    for peer in ("ris",):
        ris.up()
    if not pacs.server:
        pacs.up()
    for number in late:
        sender.send(order(number, "R"))
    took = time.time() - begun
    print(f"{options.studies} studies in {took:.0f} s; {ris.refused} errors and lost answers at the RIS, {ehr.errors} at the EHR, {line.cuts} cuts of the line")

    def waiting():
        with sqlite3.connect(f"file:{folder}/archive/pleura.sqlite?mode=ro", uri=True) as db:
            jobs = db.execute("SELECT count(*) FROM job WHERE state IN ('waiting', 'running')").fetchone()[0]
            rows = dict(((d, s), n) for d, s, n in db.execute("SELECT destination, state, count(*) FROM delivery GROUP BY 1, 2"))
        return jobs, rows

    end = time.time() + seconds
    while time.time() < end:
        jobs, rows = waiting()
        if jobs == 0 and all(state == "delivered" for _, state in rows):
            break
        time.sleep(1)
    print(f"everything was delivered {time.time() - begun - took:.0f} s after the last study (the line is up {hour / 6:.1f} s in {hour:.1f} s)")
    print("deliveries:", waiting())
    faults = []

    def check(good, text):
        if not good:
            faults.append(text)

    with sqlite3.connect(f"file:{folder}/archive/pleura.sqlite?mode=ro", uri=True) as db:
        readings = db.execute("SELECT count(*) FROM reading").fetchone()[0]
        published = {d: n for d, n in db.execute("SELECT destination, count(*) FROM delivery GROUP BY 1")}
    check(readings == options.studies, f"{readings} readings of {options.studies} studies")
    for name, peer in (("pacs", pacs), ("tele", tele)):
        check(len(peer.kept) == 3 * options.studies, f"{name} has {len(peer.kept)} objects, wanted {3 * options.studies}")
        print(f"{name}: {len(peer.kept)} objects, {peer.again} sent again after a lost answer, {sum(peer.kept.values()) / 1e6:.1f} MB")
    check(len(ris.kept) == published["ris"], f"the RIS has {len(ris.kept)} messages, wanted {published['ris']}")
    for control, copies in ris.kept.items():
        check(len(set(copies)) == 1, f"message {control} came in two forms")
    reports = [k for k in ehr.resources if k[0] == "DiagnosticReport"]
    check(len(reports) == options.studies, f"the EHR has {len(reports)} reports, wanted {options.studies}")
    print(f"ris: {len(ris.kept)} messages ({published['ris'] - options.studies} of them with an order that came late), {ris.again} sent again after a lost answer; ehr: {len(reports)} reports, {len(ehr.resources)} resources")
    # What is small arrives first: on the slow line no capture before a report that was ready.
    order_kept = tele.order
    reports_at = [t for t, _, m in order_kept if m == "SR"]
    captures_at = [t for t, _, m in order_kept if m == "OT"]
    if not captures_at:
        print("tele: no capture arrived")
        captures_at = [end]
    print(f"tele: median report {statistics.median(reports_at) - begun:.0f} s, median capture {statistics.median(captures_at) - begun:.0f} s after the beginning")
    print(f"memory of pleura-serve in MB: first {memories[:3]}, last {memories[-3:]}, most {max(memories):.0f}")
    program.send_signal(signal.SIGTERM)
    check(program.wait(20) == 0, "pleura-serve did not end well")
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    for fault in faults[:20]:
        print("NOT SO:", fault)
    print("every result is everywhere once" if not faults else f"{len(faults)} things are not so")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
