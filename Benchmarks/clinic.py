#!/usr/bin/env python3
"""make bench-clinic: the clinic's figures, in one run (Documentation/Clinic.md).

Everything on loopback, the same sender (dcmsend) for every receiver: storescp +B, Orthanc, our node with plain files, our node with its archive. Times are
ratios of one run. A receiver that is not installed is left out, and the line says so.

usage: clinic.py [store] [latency] [burst]
"""
import io, json, os, pathlib, shutil, signal, sqlite3, statistics, subprocess, sys, tempfile, time

import numpy as np
import pydicom

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build/release"
sys.path.insert(0, str(ROOT / "Tests" / "Interop"))
sys.path.insert(0, str(ROOT / "Benchmarks"))
from clinic_day import Messages, Store, image, memory, start  # noqa: E402
import importlib.util  # noqa: E402

spec = importlib.util.spec_from_file_location("hospital", ROOT / "Tests/Interop/clinic.py")
hospital = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hospital)

COUNT, ROUNDS = 200, int(os.environ.get("ROUNDS", "3"))


def samples(folder):
    """Objects of three sizes, COUNT of each, in studies of their own."""
    made = {}
    report = next(iter((folder / "sr").glob("*.sr.dcm")))
    uncompressed = ROOT / ".engines/samples/RG1_UNCI.dcm"
    compressed = ROOT / ".engines/samples/RG1_J2KR.dcm"
    for name, source in (("SR", report), ("J2K", compressed), ("CR", uncompressed)):
        target = folder / f"send-{name}"
        target.mkdir()
        dataset = pydicom.dcmread(source)
        for number in range(COUNT):
            dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.77.{len(made)}.{number}.1"
            dataset.SeriesInstanceUID, dataset.StudyInstanceUID = f"1.2.826.0.1.77.{len(made)}.{number}.2", f"1.2.826.0.1.77.{len(made)}.{number}.3"
            dataset.save_as(target / f"{number}.dcm", enforce_file_format=True)
        made[name] = (target, (target / "0.dcm").stat().st_size)
    return made


class StoreSCP:
    name = "storescp +B"

    def __init__(self, folder):
        self.port = hospital.free_port()
        folder.mkdir()
        self.process = subprocess.Popen(["storescp", "+xa", "+B", "-od", str(folder), str(self.port)], env=self.environment())
        time.sleep(0.5)

    def environment(self):
        return os.environ

    def stop(self):
        self.process.terminate()
        self.process.wait()


class StoreSCPWithoutDelay(StoreSCP):
    name = "storescp +B, no delay"

    def environment(self):
        return os.environ | {"TCP_NODELAY": "1"}


class OrthancNode:
    name = "Orthanc"

    def __init__(self, folder):
        folder.mkdir()
        self.orthanc = hospital.Orthanc(folder, {})
        self.port, self.process = self.orthanc.dicom, self.orthanc.process

    def stop(self):
        self.process.terminate()
        self.process.wait()


class OurNode:
    mode, name = "files", "Pleura, files"

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [BUILD / "bench-clinic", self.mode, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class OurArchive(OurNode):
    mode, name = "archive", "Pleura, archive"


def send(port, folder, title="ANY-SCP", environment=None):
    begun = time.time()
    done = subprocess.run(
        ["dcmsend", "-aec", title, "127.0.0.1", str(port), "+sd", str(folder)], capture_output=True, text=True, env=environment or os.environ)
    took = time.time() - begun
    if done.returncode:
        print("   dcmsend:", done.stderr.strip()[-300:])
    return COUNT / took


def store(folder):
    print(f"C-STORE, objects a second; {COUNT} objects over one association by dcmsend; medians of {ROUNDS} rounds, receivers by turns")
    made = samples(folder)
    titles = {"Orthanc": "PACS", "Pleura, files": "NODE", "Pleura, archive": "NODE"}
    cases = [(name, False) for name in made] + [("CR", True)]
    for name, without_delay in cases:
        path, size = made[name]
        receivers = [StoreSCPWithoutDelay if without_delay else StoreSCP, OurNode]
        if name != "SR":
            receivers.append(OurArchive)
        if shutil.which("Orthanc"):
            receivers.append(OrthancNode)
        environment = os.environ | ({"TCP_NODELAY": "1"} if without_delay else {})
        rates = {receiver.name: [] for receiver in receivers}
        for round in range(ROUNDS):
            for receiver in receivers:
                place = folder / f"r-{name}-{round}-{receivers.index(receiver)}"
                running = receiver(place)
                rates[receiver.name].append(send(running.port, path, titles.get(receiver.name, "ANY-SCP"), environment))
                running.stop()
                shutil.rmtree(place, ignore_errors=True)
        middle = {key: statistics.median(value) for key, value in rates.items()}
        reference = middle[receivers[0].name]
        print(f"  {name}, {size / 1e3:.0f} kB{', TCP_NODELAY at both ends' if without_delay else ''}")
        for key, value in middle.items():
            orthanc = f", {value / middle['Orthanc']:.1f} x Orthanc" if "Orthanc" in middle else ""
            print(f"    {key:24} {value:7.1f}   {value / reference:.2f} x {receivers[0].name}{orthanc}")


def latency(folder):
    """From the last packet of an image to its results at peers of this machine, beside a reader that has nothing else to do."""
    print("From C-STORE's answer to SR, GSPS, SC at a PACS and ORU at a RIS, seconds")
    (folder / "latency").mkdir()
    folder = folder / "latency"
    pacs, ris = Store("PACS"), Messages(1)
    ris.random.random = lambda: 0.5
    pacs.up()
    node, page = hospital.free_port(), hospital.free_port()
    program = start(BUILD / "pleura-serve", folder, f"""
data: {folder}/archive
listen: 127.0.0.1:{page}
clinic:
  dicom: {{title: PLEURA, listen: "127.0.0.1:{node}", any_peer: true, reserved_mb: 16}}
  destinations:
    - {{name: pacs, dicom: "PACS@127.0.0.1:{pacs.port}"}}
    - {{name: ris, hl7: "127.0.0.1:{ris.port}"}}
""")
    times = []
    dataset = pydicom.dcmread(ROOT / ".engines/samples/RG1_UNCI.dcm")
    dataset.PatientID = "P1"
    for number in range(13):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.66.{number}.1"
        dataset.SeriesInstanceUID, dataset.StudyInstanceUID = f"1.2.826.0.1.66.{number}.2", f"1.2.826.0.1.66.{number}.3"
        dataset.save_as(folder / "one.dcm", enforce_file_format=True)
        before = (len(pacs.kept), len(ris.kept))
        subprocess.run(["dcmsend", "-aec", "PLEURA", "127.0.0.1", str(node), str(folder / "one.dcm")], check=True)
        begun = time.time()
        while (len(pacs.kept), len(ris.kept)) != (before[0] + 3, before[1] + 1) and time.time() < begun + 60:
            time.sleep(0.005)
        times.append(time.time() - begun)
        time.sleep(0.5)
    times = times[3:]
    print(f"  {dataset.Columns} x {dataset.Rows} pixels, 10 images one by one after three: median {statistics.median(times):.2f}, worst {max(times):.2f} (wanted 1.5)")
    program.send_signal(signal.SIGTERM)
    program.wait()


def burst(folder):
    """A thousand studies at once: in which order they are read and told, and what memory it takes."""
    print("A burst of 1,000 studies")
    folder = folder / "burst"
    folder.mkdir()
    pacs = Store("PACS")
    pacs.up()
    node, page = hospital.free_port(), hospital.free_port()
    program = start(BUILD / "pleura-serve", folder, f"""
data: {folder}/archive
listen: 127.0.0.1:{page}
clinic:
  dicom:
    title: PLEURA
    listen: "127.0.0.1:{node}"
    reserved_mb: 16
    peers:
      - {{title: WARD}}
      - {{title: EMERGENCY, stat: true}}
  destinations:
    - {{name: pacs, dicom: "PACS@127.0.0.1:{pacs.port}", sends: [sr]}}
""")
    numbers = np.random.default_rng(3)
    for group, count in (("WARD", 950), ("EMERGENCY", 50)):
        (folder / group).mkdir()
        for number in range(count):
            pixels = numbers.normal(120, 30, (256, 256)).clip(0, 255).astype(np.uint8)
            data = image(number if group == "WARD" else 10_000 + number, pixels)
            data.save_as(folder / group / f"{number}.dcm", enforce_file_format=True)
    memories = [memory(program)]
    begun = time.time()
    for group in ("WARD", "EMERGENCY"):
        subprocess.run(["dcmsend", "-aet", group, "-aec", "PLEURA", "127.0.0.1", str(node), "+sd", str(folder / group)], check=True)
    received = time.time() - begun
    while len(pacs.kept) < 1_000 and time.time() < begun + 600:
        memories.append(memory(program))
        time.sleep(0.5)
    took = time.time() - begun
    emergency = [place for place, (_, study, _) in enumerate(pacs.order) if int(study.split(".")[-1]) >= 10_000]
    after = [t for t, study, _ in pacs.order if int(study.split(".")[-1]) >= 10_000]
    print(f"  received in {received:.0f} s, all told after {took:.0f} s ({1_000 / took:.1f} a second); {len(pacs.kept)} reports")
    print(f"  the 50 urgent ones, sent last: told {max(after) - begun - received:.1f} s after the last was received, the rest {took - received:.1f} s")
    print(f"  memory in MB: {memories[0]:.0f} before, median {statistics.median(memories):.0f}, most {max(memories):.0f}, at the end {memory(program):.0f}")
    program.send_signal(signal.SIGTERM)
    program.wait()


def main():
    wanted = sys.argv[1:] or ["store", "latency", "burst"]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-clinic-"))
    try:
        (folder / "sr").mkdir()
        subprocess.run(
            [BUILD / "pleura", "detect", ROOT / ".engines/samples/RG1_UNCI.dcm", "--dicom", folder / "sr", "--quiet"], check=True,
            stdout=subprocess.DEVNULL)
        for name in wanted:
            {"store": store, "latency": latency, "burst": burst}[name](folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
