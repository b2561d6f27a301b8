#!/usr/bin/env python3
"""make bench-serve: the reading room's figures, in one run (Documentation/Workstation.md).

Everything is measured on loopback. Where wrk or nginx is missing, the line that needs it says so. Times are ratios or differences of one run:
what decoding, the network and bare Hummingbird take is measured beside it.
"""
import argparse, http.client, json, os, pathlib, re, shutil, signal, statistics, subprocess, sys, tempfile, threading, time, urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build/release"


class Server:
    """pleura serve on a free port, with a session."""

    def __init__(self, data, arguments=()):
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log")
        self.process = subprocess.Popen(
            [BUILD / "pleura-serve", "serve", "--data", str(data), "--listen", "127.0.0.1:0", *arguments], stderr=self.log, stdout=subprocess.DEVNULL)
        for _ in range(1200):
            match = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", open(self.log.name).read())
            if match or self.process.poll() is not None:
                break
            time.sleep(0.05)
        if not match:
            sys.exit("bench-serve: the server did not start: " + open(self.log.name).read())
        self.port = int(match[1])
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", "/?token=" + match[2])
        answer = connection.getresponse()
        answer.read()
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        self.connection = connection

    def get(self, target, headers={}):
        self.connection.request("GET", target, headers={"Cookie": self.cookie, **headers})
        answer = self.connection.getresponse()
        return answer, answer.read()

    def post(self, target, body, headers={}):
        self.connection.request("POST", target, body=body, headers={"Cookie": self.cookie, **headers})
        answer = self.connection.getresponse()
        return answer, answer.read()

    def memory(self, field="VmRSS"):
        return int(re.search(field + r":\s+(\d+)", open(f"/proc/{self.process.pid}/status").read())[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Events(threading.Thread):
    """Notes when each instance was told to be read."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.read = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.connection.request("GET", "/api/v1/events", headers={"Cookie": server.cookie})
        self.stream = self.connection.getresponse()
        self.start()

    def run(self):
        kind = None
        for line in self.stream:
            text = line.decode().strip()
            if text.startswith("event: "):
                kind = text[7:]
            elif text.startswith("data: ") and kind in ("read", "failed"):
                self.read[json.loads(text[6:])["instance"]] = time.perf_counter()


def median(values):
    return statistics.median(values)


def upload_to_read(server, bodies, name):
    """Milliseconds from the last byte sent to the event, one after another."""
    events = Events(server)
    times = []
    for number, body in enumerate(bodies):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.putrequest("POST", f"/api/v1/instances?name={number}-{name}")
        connection.putheader("Cookie", server.cookie)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body)
        sent = time.perf_counter()
        answer = json.loads(connection.getresponse().read())
        identifier = answer["instances"][0]["id"]
        for _ in range(2000):
            if identifier in events.read:
                break
            time.sleep(0.005)
        times.append((events.read[identifier] - sent) * 1000)
    return times


def alone(paths, scratch):
    """Milliseconds of decoding and the network alone, an image at a time, by bench-detection on the same files."""
    result = subprocess.run(
        [BUILD / "bench-detection", str(ROOT / "Models/nih8-fast"), "f32", "0", "3", *map(str, paths)], capture_output=True, text=True)
    return json.loads(result.stdout)


def requests_per_second(port, target, cookie=None, seconds=6):
    if not shutil.which("wrk"):
        return None
    command = ["wrk", "-t2", "-c32", f"-d{seconds}s", f"http://127.0.0.1:{port}{target}"]
    if cookie:
        command[1:1] = ["-H", "Cookie: " + cookie]
    text = subprocess.run(command, capture_output=True, text=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    bytes_text = re.search(r"Transfer/sec:\s+([\d.]+)(\w+)", text)
    scale = {"B": 1e-6, "KB": 1e-3, "MB": 1, "GB": 1e3}[bytes_text[2]]
    return {"requests": rate, "megabytes": float(bytes_text[1]) * scale, "failed": int(bad[1]) if bad else 0}


def dicom(number, side=3000):
    """A 16-bit DX file of its own, by pydicom."""
    import numpy, pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.Modality, dataset.ViewPosition, dataset.PatientID = "DX", "PA", f"bench-{number}"
    dataset.Rows = dataset.Columns = side
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.PixelSpacing = [0.143, 0.143]
    y, x = numpy.mgrid[0:side, 0:side].astype(numpy.float32) / side
    picture = 1800 + 900 * numpy.sin(7 * x + number) * numpy.cos(5 * y) + numpy.random.default_rng(number).normal(0, 30, (side, side))
    dataset.PixelData = picture.clip(0, 4095).astype("<u2").tobytes()
    path = pathlib.Path(tempfile.mkdtemp()) / f"{number}.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


def jpeg(number, side=1024):
    import numpy
    from PIL import Image

    y, x = numpy.mgrid[0:side, 0:side].astype(numpy.float32) / side
    picture = 120 + 70 * numpy.sin(7 * x + number) * numpy.cos(5 * y) + numpy.random.default_rng(number).normal(0, 4, (side, side))
    path = pathlib.Path(tempfile.mkdtemp()) / f"{number}.jpg"
    Image.fromarray(picture.clip(0, 255).astype("uint8")).save(path, quality=90)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=100_000)
    parser.add_argument("--scratch", default=str(ROOT / ".build/bench-serve"))
    parser.add_argument("--json")
    options = parser.parse_args()
    scratch = pathlib.Path(options.scratch)
    figures = {}

    def say(name, value, wanted=""):
        figures[name] = value
        print(f"{name:62} {value if isinstance(value, str) else round(value, 2)!s:>12}  {wanted}", flush=True)

    # From the last byte to the event, beside what decoding and the network take.
    data = pathlib.Path(tempfile.mkdtemp())
    server = Server(data)
    for kind, make, limit in (("1024 JPEG", jpeg, 60), ("3000 x 3000 DICOM, 16 bit", dicom, 150)):
        paths = [make(number) for number in range(12)]
        times = upload_to_read(server, [path.read_bytes() for path in paths], kind.split()[1])[2:]
        own = alone(paths, scratch)
        base = own["file_milliseconds"]
        say(f"{kind}: last byte to read, median ms", median(times))
        say(f"{kind}: decode and network alone, ms", base)
        say(f"{kind}: above that, ms", median(times) - base, f"at most {limit}")

    # A program's view: requests a second beside bare Hummingbird, files beside nginx.
    bare = subprocess.Popen([BUILD / "bench-http", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    bare_port = int(bare.stdout.readline().split()[-1])
    ours, theirs = requests_per_second(server.port, "/api/v1/settings", server.cookie), requests_per_second(bare_port, "/json")
    bare.kill()
    if ours:
        say("JSON requests a second", ours["requests"])
        say("bare Hummingbird", theirs["requests"])
        say("ratio", ours["requests"] / theirs["requests"], "at least 0.5")
    else:
        say("JSON requests a second", "no wrk", "apt-get install wrk")
    big = dicom(99, 2236)
    answer, body = server.post("/api/v1/instances?name=big.dcm", big.read_bytes())
    identifier = json.loads(body)["instances"][0]["id"]
    ours = requests_per_second(server.port, f"/api/v1/instances/{identifier}/file", server.cookie)
    if ours and shutil.which("nginx"):
        folder = pathlib.Path(tempfile.mkdtemp())
        shutil.copy(big, folder / "big.dcm")
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error; events {{}} http {{ access_log off; sendfile on; server {{ listen 127.0.0.1:18099; root {folder}; }} }}")
        os.chmod(folder, 0o755)
        nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-g", "user root;" if os.getuid() == 0 else ""])
        time.sleep(1)
        theirs = requests_per_second(18099, "/big.dcm")
        nginx.terminate()
        say("a 10 MB file, MB/s", ours["megabytes"])
        say("nginx", theirs["megabytes"])
        say("ratio of files", ours["megabytes"] / theirs["megabytes"], "at least 0.8")
    else:
        say("a 10 MB file, MB/s", ours["megabytes"] if ours else "no wrk", "nginx is missing: apt-get install nginx-light wrk")
    server.stop()

    # A hundred thousand studies.
    filled = scratch / f"archive-{options.studies}"
    filled.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([BUILD / "bench-archive", str(options.studies), str(filled)], stdout=subprocess.DEVNULL, check=True)
    server = Server(filled)
    questions = {
        "list of 50, ms": ("/api/v1/studies?limit=50", 20),
        "open ones, ms": ("/api/v1/studies?status=open&limit=50", 20),
        "search by patient, ms": ("/api/v1/studies?limit=50&q=an", 60),
        "search by finding, ms": ("/api/v1/studies?limit=50&finding=Effusion", 60),
        "search by both, ms": ("/api/v1/studies?limit=50&q=ma&finding=Effusion", 60),
    }
    for name, (target, limit) in questions.items():
        times = []
        for _ in range(30):
            start = time.perf_counter()
            answer, body = server.get(target)
            times.append((time.perf_counter() - start) * 1000)
            if answer.status != 200:
                sys.exit(f"bench-serve: {target}: {answer.status}")
        say(f"{options.studies} studies: {name}", median(times), f"at most {limit}; 95 %: {sorted(times)[28]:.1f}")
    say(f"{options.studies} studies: memory of the server, MB", server.memory(), "under 300")
    server.stop()
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
