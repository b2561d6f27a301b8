"""The clinic beside its peers, one after another: what `make test-interop` runs.

    clinic_run.py BUILD

BUILD is the folder with `pleura`, `pleura-serve`, `dicom-peer` and the built tests (`swift test --skip-build`). A part whose peer is missing is skipped, and
says so. Needs the packages of clinic.txt; Orthanc, rsyslog with gnutls and DCMTK's tools are Debian's.
"""
import os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

build = pathlib.Path(sys.argv[1]).resolve()
here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
python, samples = sys.executable, root / ".engines/samples"
engines = ["--pkg-config-path", ".engines/pkgconfig", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../../.engines/lib"]
swift_test = ["swift", "test", "--disable-testable-imports", "-c", "release", *engines, "--skip-build", "--filter"]
failed = []


def part(name, needs, body):
    missing = [program for program in needs if not (shutil.which(program) or os.path.exists(program))]
    if missing:
        print(f"clinic: SKIPPED: {name}: {', '.join(missing)} missing", file=sys.stderr)
        return
    print(f"== {name}", flush=True)
    begun = time.time()
    good = body()
    print(f"   {'good' if good else 'FAILED'}, {time.time() - begun:.0f} s", flush=True)
    if not good:
        failed.append(name)


def run(*command, **environment):
    return subprocess.run([str(word) for word in command], cwd=root, env=os.environ | {k: str(v) for k, v in environment.items()}).returncode == 0


def objects():
    with tempfile.TemporaryDirectory() as folder:
        return run(*swift_test, "ObjectFolderTests", PLEURA_OBJECTS_OUT=folder) and run(python, "-B", here / "clinic_objects.py", folder)


def resources():
    with tempfile.TemporaryDirectory() as folder:
        return run(*swift_test, "FHIRTests.PeerFiles", PLEURA_FHIR_FILES=folder) and run(python, "-B", here / "clinic_fhir.py", folder)


def web():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        made = subprocess.run(
            [build / "pleura-serve", "serve", "token", "add", "peer", "--role", "reader", "--days", "1", "--data", folder / "archive"],
            capture_output=True, text=True)
        token = made.stdout.strip().split()[-1] if made.stdout.strip() else ""
        log = open(folder / "log", "w")
        server = subprocess.Popen(
            [build / "pleura-serve", "serve", "run", "--data", folder / "archive", "--listen", "127.0.0.1:0"], stderr=log, stdout=log)
        try:
            for _ in range(1200):
                found = re.search(r"http://127\.0\.0\.1:(\d+)/", (folder / "log").read_text())
                if found or server.poll() is not None:
                    break
                time.sleep(0.1)
            if not found or not token:
                print((folder / "log").read_text(), made.stderr)
                return False
            return run(
                python, "-B", here / "clinic_dicomweb.py", f"http://127.0.0.1:{found[1]}/dicom-web", token,
                *(samples / name for name in ("RG1_UNCI.dcm", "RG3_J2KR.dcm")))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def anonymised():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "before").mkdir()
        for path in samples.glob("*.dcm"):
            shutil.copy(path, folder / "before")
        if not run(build / "pleura-serve", "dicom", "anonymise", folder / "before", "--out", folder / "out", "--key", folder / "key", "--dates", "modified", "--json", folder / "done.json"):
            return False
        import json

        (folder / "after").mkdir()
        report = json.loads((folder / "done.json").read_text())
        rows = next(value for value in report.values() if isinstance(value, list)) if isinstance(report, dict) else report
        for row in rows:
            shutil.copy(row["written"], folder / "after" / pathlib.Path(row["file"]).name)
        return run(python, "-B", here / "clinic_anonymise.py", folder / "before", folder / "after")


part("result objects: dciodvfy, highdicom, pydicom", [], objects)
part("FHIR: fhir.resources, fhirkit-rs", [], resources)
part("HL7: python-hl7, hl7apy", [], lambda: run(python, "-B", here / "clinic_hl7.py", *swift_test, "HL7InteropTests"))
part("MLLP: python-hl7", [], lambda: run(python, "-B", here / "clinic_mllp.py", *swift_test, "MLLPInteropTests"))
part("audit: rsyslog over TLS", ["/usr/sbin/rsyslogd", "/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so", "openssl"], lambda: run(python, "-B", here / "clinic_audit.py", *swift_test, "AuditCollectorTests"))
part("DICOM: pynetdicom, Orthanc", ["openssl"], lambda: run(python, "-B", here / "clinic_dicom.py", build / "dicom-peer", samples / "RG1_UNCI.dcm", samples / "RG1_J2KR.dcm"))
part("DICOMweb: dicomweb-client, Orthanc", [], web)
part("de-identification: pydicom, dciodvfy", [], anonymised)
part("the whole clinic: Orthanc, HL7, FHIR", ["Orthanc", "storescu"], lambda: run(python, "-B", here / "clinic.py", build / "pleura-serve", samples / "RG1_UNCI.dcm"))
print("the clinic and its peers agree" if not failed else f"failed: {', '.join(failed)}")
sys.exit(1 if failed else 0)
