"""A DICOM node and its calls with real peers: pynetdicom and, where it is installed, Orthanc; plain and with TLS.

usage: clinic_dicom.py PROGRAM IMAGE...

PROGRAM receives and calls: `receive --title T --port P --folder D [--peer TITLE@ADDRESS]... [--associations N] [--patience S] [--opening S] [--refuse yes]
[--commitment TITLE@HOST:PORT]... [--commit-now yes] [--tls KEY --tls CERTIFICATE --tls AUTHORITY]`, which prints "listening PORT" and ends at SIGTERM with
status 0; `echo`, `send FILES`, `worklist`, `studies [--patient ID]`, `move --study UID --destination T`, `commit --class UID --instance UID [--wait S]` with `--host --port --called`.
IMAGEs are files of the CR storage class, of which the first is used alone.
"""
import io, json, shutil, signal, socket, ssl, subprocess, sys, tempfile, threading, time, urllib.request
from pathlib import Path

import pydicom
from pynetdicom import AE, _config, build_role, evt
from pynetdicom.sop_class import (
    ModalityWorklistInformationFind, StorageCommitmentPushModel, StorageCommitmentPushModelInstance,
    StudyRootQueryRetrieveInformationModelFind, Verification)

_config.STORE_SEND_CHUNKED_DATASET = True  # the file's own bytes go out
_config.STORE_RECV_CHUNKED_DATASET = False
program, images = sys.argv[1], sys.argv[2:]
image = images[0]
work = Path(tempfile.mkdtemp(prefix="clinic-dicom-"))
source = pydicom.dcmread(image, stop_before_pixels=True)
syntax, uid, storage_class = source.file_meta.TransferSyntaxUID, source.SOPInstanceUID, source.SOPClassUID
started = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Node:
    def __init__(self, *more, folder="inbox", title="PLEURA", port=None):
        self.folder, self.port, self.lines = work / folder, port or free_port(), []
        self.process = subprocess.Popen(
            [program, "receive", "--title", title, "--port", str(self.port), "--folder", str(self.folder), "--patience", "6", *more],
            stdout=subprocess.PIPE, text=True)
        started.append(self.process)
        assert self.process.stdout.readline().startswith("listening"), "the node did not start"
        threading.Thread(target=lambda: [self.lines.append(line.strip()) for line in self.process.stdout], daemon=True).start()

    def stop(self):
        begun = time.time()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0
        assert time.time() - begun < 5

    def status(self, name):
        return int(next(l for l in Path(f"/proc/{self.process.pid}/status").read_text().splitlines() if l.startswith(name)).split()[1])

    def heard(self, text, seconds=20):
        return until(lambda: any(text in line for line in self.lines), seconds)


def until(test, seconds=20):
    end = time.time() + seconds
    while time.time() < end:
        if test():
            return True
        time.sleep(0.05)
    return False


def call(*arguments, good=True):
    result = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    assert (result.returncode == 0) == good, (arguments, result.stdout, result.stderr)
    return result.stdout


def dataset_bytes(data):
    data = data if isinstance(data, bytes) else Path(data).read_bytes()
    return data[144 + int.from_bytes(data[140:144], "little"):]


def associate(port, title="PEER", called="PLEURA", contexts=((Verification, None), (storage_class, syntax)), **more):
    ae = AE(title)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 15
    for abstract, transfer in contexts:
        ae.add_requested_context(abstract, transfer) if transfer else ae.add_requested_context(abstract)
    return ae.associate("127.0.0.1", port, ae_title=called, **more)


def certificates():
    folder = work / "tls"
    folder.mkdir()
    run = lambda line: subprocess.run("openssl " + line, shell=True, check=True, cwd=folder, capture_output=True)
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    run("req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=authority")
    for name in ("ours", "peer"):
        run(f"req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}")
        run(f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out {name}.pem")
    return folder


def tls_arguments(folder, name):
    return [part for file in (f"{name}.key", f"{name}.pem", "ca.pem") for part in ("--tls", str(folder / file))]


# ---- pynetdicom ----------------------------------------------------------------------------------------------------------------------


def pynetdicom_sends():
    node = Node("--peer", "PEER@127.0.0.1", "--peer", "ELSEWHERE@127.0.0.9", "--associations", "3", "--opening", "3")
    for title, called, expected in (("PEER", "PLEURA", True), ("PEER", "OTHER", False), ("NOBODY", "PLEURA", False), ("ELSEWHERE", "PLEURA", False)):
        association = associate(node.port, title, called)
        assert association.is_established == expected, (title, called)
        if expected:
            assert association.send_c_echo().Status == 0
            association.release()
    for _ in range(2):  # twice: one file
        association = associate(node.port)
        assert association.send_c_store(image).Status == 0
        association.release()
    stored = list(node.folder.iterdir())
    assert len(stored) == 1 and dataset_bytes(stored[0]) == dataset_bytes(image)
    assert pydicom.dcmread(stored[0], stop_before_pixels=True).file_meta.TransferSyntaxUID == syntax
    held = [associate(node.port) for _ in range(3)]
    assert all(a.is_established for a in held)
    fourth = associate(node.port)
    assert fourth.is_rejected and fourth.acceptor.primitive.result == 2 and fourth.acceptor.primitive.result_source == 3
    for a in held:
        a.release()
    before = {n: node.status(n) for n in ("Threads", "VmRSS")}
    for _ in range(300):
        association = associate(node.port, contexts=((Verification, None),))
        association.release()
    after = {n: node.status(n) for n in before}
    assert until(lambda: node.status("Threads") <= before["Threads"]) and after["VmRSS"] < before["VmRSS"] + 4000, (before, after)
    idle = associate(node.port)
    node.stop()
    assert until(lambda: not idle.is_established)


def pynetdicom_refused():
    node = Node("--refuse", "yes", folder="refusing")
    association = associate(node.port)
    assert association.send_c_store(image).Status == 0xA700 and association.send_c_store(image).Status == 0xA700
    association.release()
    assert not list(node.folder.iterdir())
    node.stop()


def asked(instances):
    request = pydicom.Dataset()
    request.TransactionUID = pydicom.uid.generate_uid()
    request.ReferencedSOPSequence = []
    for instance in instances:
        item = pydicom.Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = storage_class, instance
        request.ReferencedSOPSequence.append(item)
    return request


def pynetdicom_asks_commitment():
    reports, theirs = [], free_port()

    def reported(event):
        reports.append((event.event_type, event.event_information))
        return 0x0000, None

    peer = AE("PEER")
    peer.add_supported_context(StorageCommitmentPushModel, scp_role=True, scu_role=True)
    server = peer.start_server(("127.0.0.1", theirs), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, reported)])
    for now in (False, True):  # on an association of its own, and on the same
        node = Node("--commitment", f"PEER@127.0.0.1:{theirs}", *(["--commit-now", "yes"] if now else []), folder=f"commitment-{now}")
        association = associate(node.port)
        assert association.send_c_store(image).Status == 0
        association.release()
        for instances, expected in (([uid], 1), ([uid, "1.2.3"], 2)):
            request = asked(instances)
            association = associate(
                node.port, contexts=((StorageCommitmentPushModel, None),), evt_handlers=[(evt.EVT_N_EVENT_REPORT, reported)])
            answer, _ = association.send_n_action(request, 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
            assert answer.Status == 0
            assert until(lambda: reports), "no result"
            kind, report = reports.pop()
            assert kind == expected and report.TransactionUID == request.TransactionUID
            if expected == 2:
                assert report.FailedSOPSequence[0].FailureReason == 0x0112 and len(report.ReferencedSOPSequence) == 1
            association.release()
        assert node.heard("same association delivered true" if now else "reported")
        node.stop()
    server.shutdown()


def pynetdicom_commits():
    """We ask; the peer answers on the same association, or on one of its own with the roles turned round."""
    node = Node(folder="results")
    for own in (False, True):
        def action(event):
            def report():
                time.sleep(0.3)
                result = pydicom.Dataset()
                result.TransactionUID = event.action_information.TransactionUID
                result.ReferencedSOPSequence = event.action_information.ReferencedSOPSequence
                if own:
                    ae = AE("PACS")
                    ae.add_requested_context(StorageCommitmentPushModel)
                    association = ae.associate(
                        "127.0.0.1", node.port, ae_title="PLEURA", ext_neg=[build_role(StorageCommitmentPushModel, scp_role=True)])
                    assert association.is_established
                else:
                    association = event.assoc
                status, _ = association.send_n_event_report(result, 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
                answers.append(status)
                if own:
                    association.release()

            answers = globals().setdefault("answers", [])
            threading.Thread(target=report, daemon=True).start()
            return 0x0000, None

        port = free_port()
        pacs = AE("PACS")
        pacs.add_supported_context(StorageCommitmentPushModel)
        server = pacs.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_N_ACTION, action)])
        output = call("commit", "--called", "PACS", "--port", port, "--class", storage_class, "--instance", uid, "--wait", 0 if own else 5)
        if own:
            assert node.heard("commitment of PACS@127.0.0.1") and "nil" in output
        else:
            assert "committed" in output and uid in output, output
        assert until(lambda: globals().get("answers")) and globals()["answers"].pop().Status == 0
        server.shutdown()
    node.stop()


def pynetdicom_is_asked():
    """A worklist and studies of pynetdicom's, in UTF-8 and Latin 1."""
    def answer(event):
        for name, characters in (("Müller^Jürgen", "ISO_IR 100"), ("Δημήτρης", "ISO_IR 192"), ("山田^太郎", "ISO_IR 192")):
            found = pydicom.Dataset()
            found.SpecificCharacterSet = characters
            found.PatientName, found.PatientID, found.AccessionNumber = name, "P1", "A1"
            found.QueryRetrieveLevel = "STUDY"
            yield 0xFF00, found

    port = free_port()
    ris = AE("RIS")
    ris.add_supported_context(ModalityWorklistInformationFind)
    ris.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
    server = ris.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_FIND, answer)])
    for command in ("worklist", "studies"):
        output = call(command, "--called", "RIS", "--port", port)
        for name in ("Müller^Jürgen", "Δημήτρης", "山田^太郎"):
            assert name in output, output
    server.shutdown()


def pynetdicom_receives():
    stored = []

    def store(event):
        stored.append(event.request.DataSet.getvalue())
        return 0x0000

    port = free_port()
    pacs = AE("PACS")
    pacs.add_supported_context(storage_class, [syntax])
    server = pacs.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, store)])
    assert "stored 1 of 1" in call("send", image, "--called", "PACS", "--port", port)
    assert stored == [dataset_bytes(image)], "not bit for bit"
    server.shutdown()


def pynetdicom_with_tls(folder):
    node = Node(*tls_arguments(folder, "ours"), folder="secured")
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.check_hostname = False
    without = ssl.create_default_context(cafile=folder / "ca.pem")
    without.check_hostname = False
    context.load_cert_chain(folder / "peer.pem", folder / "peer.key")
    association = associate(node.port, tls_args=(context, None))
    assert association.is_established and association.send_c_store(image).Status == 0
    association.release()
    assert not associate(node.port, tls_args=(without, None)).is_established, "no certificate"
    assert not associate(node.port).is_established, "no TLS"
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.load_cert_chain(folder / "peer.pem", folder / "peer.key")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    assert not associate(node.port, tls_args=(old, None)).is_established, "TLS 1.1"
    silent = [socket.create_connection(("127.0.0.1", node.port)) for _ in range(40)]
    begun = time.time()
    association = associate(node.port, tls_args=(context, None))
    assert association.is_established and time.time() - begun < 2
    association.release()
    del silent
    node.stop()


# ---- Orthanc -------------------------------------------------------------------------------------------------------------------------


class Orthanc:
    def __init__(self, node_port, folder=None):
        self.port, self.http, place = free_port(), free_port(), work / f"orthanc-{folder is not None}"
        place.mkdir()
        settings = {
            "Name": "PACS", "StorageDirectory": str(place), "IndexDirectory": str(place), "HttpPort": self.http, "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False, "DicomAet": "ORTHANC", "DicomPort": self.port, "DicomCheckCalledAet": True,
            "DicomModalities": {"pleura": {"AET": "PLEURA", "Host": "127.0.0.1", "Port": node_port, "AllowStorageCommitment": True,
                                           "UseDicomTls": folder is not None}},
            "Plugins": [],
        }
        if folder:
            settings |= {"DicomTlsEnabled": True, "DicomTlsCertificate": str(folder / "peer.pem"), "DicomTlsPrivateKey": str(folder / "peer.key"),
                         "DicomTlsTrustedCertificates": str(folder / "ca.pem")}
        (place / "conf.json").write_text(json.dumps(settings))
        self.log = open(place / "log", "w")
        self.process = subprocess.Popen([shutil.which("Orthanc"), str(place / "conf.json")], stdout=self.log, stderr=self.log)
        started.append(self.process)
        assert until(lambda: self.reachable(), 60), "Orthanc did not start"

    def reachable(self):
        try:
            return bool(self.get("/system"))
        except OSError:
            return False

    def request(self, path, body=None):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", data=data), timeout=60) as answer:
            return answer.read()

    def get(self, path):
        return json.loads(self.request(path))

    def post(self, path, body):
        return json.loads(self.request(path, body))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def orthanc(folder=None):
    security = tls_arguments(folder, "ours") if folder else []
    port, name = free_port(), "orthanc-node-" + ("tls" if folder else "plain")
    pacs = Orthanc(port, folder)
    node = Node("--commitment", f"ORTHANC@127.0.0.1:{pacs.port}", *security, folder=name, port=port)
    there = ("--called", "ORTHANC", "--port", pacs.port, *security)
    call("echo", *there)
    assert f"stored {len(images)} of {len(images)}" in call("send", *images, *there)
    kept = pacs.get("/instances?expand")
    assert {k["MainDicomTags"]["SOPInstanceUID"] for k in kept} == {str(pydicom.dcmread(i, stop_before_pixels=True).SOPInstanceUID) for i in images}
    identifier = next(k["ID"] for k in kept if k["MainDicomTags"]["SOPInstanceUID"] == uid)
    file = pacs.request(f"/instances/{identifier}/file")
    # Orthanc writes sequences of undefined length anew.
    assert pydicom.dcmread(io.BytesIO(file)) == pydicom.dcmread(image), "Orthanc keeps what was sent"
    assert source.StudyInstanceUID in call("studies", "--patient", source.PatientID, *there)
    # C-MOVE to us.
    assert "failed: 0" in call("move", "--study", source.StudyInstanceUID, "--destination", "PLEURA", *there)
    assert until(lambda: (node.folder / f"{uid}.dcm").exists())
    assert dataset_bytes(node.folder / f"{uid}.dcm") == dataset_bytes(file)
    # Orthanc sends to us.
    for one in node.folder.iterdir():
        one.unlink()
    assert pacs.post("/modalities/pleura/store", {"Resources": [identifier], "Synchronous": True})["FailedInstancesCount"] == 0
    assert dataset_bytes(node.folder / f"{uid}.dcm") == dataset_bytes(file)
    # Commitment: Orthanc provides it; its result comes on an association of its own.
    call("commit", "--class", storage_class, "--instance", uid, *there)
    assert node.heard("commitment of ORTHANC@127.0.0.1") and node.heard("committed 1 failed 0")
    call("commit", "--class", storage_class, "--instance", "1.2.3", *there)
    assert node.heard("committed 0 failed 1")
    # And asks us for it.
    for instance, expected in ((uid, "Success"), ("1.2.3", "Failure")):
        job = pacs.post("/modalities/pleura/storage-commitment", {"DicomInstances": [{"SOPClassUID": storage_class, "SOPInstanceUID": instance}]})
        transaction = job["ID"] if "ID" in job else job["Path"].split("/")[-1]
        assert until(lambda: pacs.get(f"/storage-commitment/{transaction}")["Status"] == expected), pacs.get(f"/storage-commitment/{transaction}")
    node.stop()
    pacs.stop()


try:
    checks = [pynetdicom_sends, pynetdicom_refused, pynetdicom_asks_commitment, pynetdicom_commits, pynetdicom_is_asked, pynetdicom_receives]
    for check in checks:
        check()
        print("good:", check.__name__, flush=True)
    tls = certificates()
    pynetdicom_with_tls(tls)
    print("good: pynetdicom_with_tls", flush=True)
    if shutil.which("Orthanc"):
        orthanc()
        print("good: orthanc", flush=True)
        orthanc(tls)
        print("good: orthanc with TLS", flush=True)
    else:
        print("not installed: Orthanc")
    print("all good")
finally:
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()
    shutil.rmtree(work, ignore_errors=True)
