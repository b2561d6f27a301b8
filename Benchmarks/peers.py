"""Pleura beside other detectors on the same images and cores, from the files to boxes in JSON, in turns: `make bench-peers`.

    peers.py PLEURA BENCH_DETECTION [--model Models/nih8-fast] [--dataset DIR] [--images 1000] [--dicom 200] [--rounds 3] [--output FILE]

Images are the first of DATASET/images that are JPEGs of 1024 x 1024; without a dataset, phantoms made into such. The DICOM files are made of
them: 12 bits in 16, explicit little endian, each side 2,000 to 3,000 pixels. Everybody gets the same folders, and all files are in memory
before the first round. Nobody's threads are pinned to cores by this script, and everybody may use all of them.

A run is one process, timed from its start to its end; `warm` rates leave the start out: for Pleura everything before the pipeline, for
the others everything until the first batch is done, with the images of that batch. In each round every one runs once, in an order that turns
round. Before the rounds each peer tries its batch sizes (and torchvision its loader processes) and keeps what was fastest, and everyone runs
once. Ratios are Pleura's images a second over the peer's in the same round: above 1, Pleura is faster.

Also measured, in the same rounds: the network alone beside OpenVINO's own benchmark_app, each step of Pleura's pipeline by itself, and one
image as a whole process. Ends with 1 where a peer of the same input size and precision is faster than Pleura.
"""

import argparse
import datetime
import hashlib
import importlib.metadata
import json
import os
import pathlib
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

import speed_table

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEER = pathlib.Path(__file__).resolve().parent / "detection_peer.py"
CORES = os.cpu_count()
PACKAGES = ("ultralytics", "torch", "torchvision", "openvino", "opencv-python", "pydicom")
# Pleura's own line of --profile.
PROFILE = re.compile(r"(\d+) images in ([\d.]+) s .*before it ([\d.]+) s, after it ([\d.]+) s")


# ---- Images ----------------------------------------------------------------------------------------------------------------------


def source_images(asked, scratch):
    """JPEG files of 1024 x 1024."""
    if asked.dataset:
        found = []
        for path in sorted((asked.dataset / "images").iterdir()):
            # Opening reads the header only.
            if path.suffix in (".jpg", ".jpeg") and Image.open(path).size == (1024, 1024):
                found.append(path)
            if len(found) == asked.images:
                break
        return found
    drawn = scratch / "phantoms"
    subprocess.run([asked.pleura, "phantom", "--count", str(asked.images), "--size", "1024", "--out", drawn], check=True, capture_output=True)
    made = []
    for path in sorted((drawn / "images").iterdir()):
        grey = cv2.normalize(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)
        made.append(scratch / f"{path.stem}.jpg")
        cv2.imwrite(str(made[-1]), grey)
    return made


def write_dicom(source, target, sizes):
    grey = cv2.imread(str(source), cv2.IMREAD_GRAYSCALE)
    columns, rows = (sizes.randrange(2000, 3001) for _ in range(2))
    pixels = (cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_CUBIC).astype(np.uint32) * 4095 + 127) // 255
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.Modality, dataset.BodyPartExamined, dataset.PresentationIntentType = "DX", "CHEST", "FOR PRESENTATION"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = rows, columns, 1
    dataset.PhotometricInterpretation, dataset.PixelRepresentation = "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelData = pixels.astype("<u2").tobytes()
    dataset.save_as(target, enforce_file_format=True)


def lay_images(asked, scratch):
    """Folders by kind, and of each kind a small one for trials."""
    sources = source_images(asked, scratch)
    if len(sources) < asked.images:
        print(f"only {len(sources)} JPEG files of 1024 x 1024 are there", flush=True)
    folders = {}
    for kind, paths in (("jpeg", sources), ("dicom", sources[: asked.dicom])):
        folders[kind], trial = scratch / kind, scratch / f"{kind}-trial"
        folders[kind].mkdir()
        trial.mkdir()
        sizes = random.Random(7)
        for number, path in enumerate(paths):
            target = folders[kind] / (path.stem + (".jpg" if kind == "jpeg" else ".dcm"))
            if kind == "jpeg":
                target.symlink_to(path.resolve())
            else:
                write_dicom(path, target, sizes)
            if number < (asked.trial_images if kind == "jpeg" else 8):
                (trial / target.name).symlink_to(target.resolve())
            # In memory from here on.
            target.read_bytes()
    return folders


# ---- Runs ------------------------------------------------------------------------------------------------------------------------


def timed(command, environment, scratch):
    """Seconds by the clock of a whole process, its output, and what the system counted of it."""
    # What makes an older OpenBLAS right on this machine would make a current one slow.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")} | environment
    with open(scratch / "stdout", "w+") as out, open(scratch / "stderr", "w+") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{errors.read()[-2000:]}")
        return seconds, out.read(), errors.read(), usage


class Contender:
    """One detector in one precision and input size."""

    def __init__(self, bench, tool, precision, size=320):
        self.bench, self.tool, self.precision, self.size = bench, tool, precision, size
        self.threshold, self.settings = None, {}

    @property
    def key(self):
        return f"{self.tool} {self.size} {self.precision}"

    def run(self, folder, pictures=False, one=False, threshold=None, settings=None):
        """One process over a folder, or its first image: rates, boxes, memory."""
        scratch = self.bench.scratch
        target, out = scratch / "boxes.json", scratch / "out"
        shutil.rmtree(out, ignore_errors=True)
        threshold = self.threshold if threshold is None else threshold
        if self.tool == "pleura":
            paths = [sorted(folder.iterdir())[0]] if one else [folder]
            command = [self.bench.asked.pleura, "detect", *paths, "--model", self.bench.asked.model, "--precision", self.precision, "--json",
                       target, "--quiet", "--profile", *(["--out", out] if pictures else [])]
        else:
            options = {"precision": self.precision, **(self.settings if settings is None else settings)}
            options |= {"size": self.size} if self.tool == "ultralytics" else {}
            options |= {"threshold": threshold} if threshold is not None else {}
            options |= {"out": out} if pictures else {}
            options |= {"count": 1} if one else {}
            command = [sys.executable, "-B", PEER, self.tool, scratch, folder, target]
            command += [part for key, value in options.items() for part in (f"--{key}", value)]
        seconds, said, errors, usage = timed(command, {"XDG_CACHE_HOME": str(scratch / "cache")}, scratch)
        document = json.loads(target.read_text())
        images = document["images"] if self.tool == "pleura" else document
        expected = 1 if one else len(list(folder.iterdir()))
        assert len(images) == expected, (self.key, len(images), expected)
        if pictures:
            # Pleura's page lies beside its pictures.
            written = sum(path.suffix == ".jpg" for path in out.rglob("*"))
            assert written >= expected, (self.key, written, expected)
        if self.tool == "pleura":
            count, wall, _, after = PROFILE.search(errors).groups()
            warm = int(count) / (float(wall) + float(after))
        else:
            said = json.loads(said.strip().splitlines()[-1])
            # Of one batch alone nothing is left after it.
            warm = (said["images"] - said["first"]) / said["seconds"] if said["images"] > said["first"] else None
        return {
            "seconds": seconds, "rate": expected / seconds, "warm": warm, "boxes": sum(len(image["findings"]) for image in images) / expected,
            "memory": usage.ru_maxrss * 1024, "processor": usage.ru_utime + usage.ru_stime,
            "scores": [finding["score"] for image in images for finding in image["findings"]]}

    def settle(self, trial):
        """The threshold that gives random weights a box an image, and then the settings that are fastest."""
        ways = {
            "ultralytics": [{"batch": batch} for batch in self.bench.asked.batches],
            "torchvision": [{"batch": batch, "workers": workers} for batch, workers in ((8, 0), (8, 1), (32, CORES), (8, CORES))],
        }.get(self.tool, [{}])
        if self.tool == "opencv":
            # Pleura's own network: what the card says.
            self.threshold = self.bench.card["score_threshold"]
        if self.tool in ("ultralytics", "torchvision"):
            scores = sorted(self.run(trial, threshold=1e-4, settings=ways[0])["scores"], reverse=True)
            self.threshold = scores[len(list(trial.iterdir()))]
        trials = range(self.bench.asked.trials)
        best = {tuple(way.items()): max(self.run(trial, settings=way)["warm"] or 0 for _ in trials) for way in ways if trials and ways[1:]}
        self.settings = dict(max(best, key=best.get)) if best else ways[-1]
        if best:
            said = [", ".join(f"{key} {value}" for key, value in way) + f": {rate:.1f}" for way, rate in best.items()]
            print(f"  {self.key}, trials, images/s: {'; '.join(said)}", flush=True)


# ---- The measurement -------------------------------------------------------------------------------------------------------------


class Bench:
    def __init__(self, asked, scratch):
        self.asked, self.scratch = asked, scratch
        self.folders = lay_images(asked, scratch)
        self.card = json.loads((asked.model / "card.json").read_text())
        flags = pathlib.Path("/proc/cpuinfo").read_text()
        self.precisions = ["f32", "bf16"] if "avx512_bf16" in flags or "amx_bf16" in flags else ["f32"]
        tools = [(tool, precision) for precision in self.precisions for tool in ("pleura", "ultralytics", "torchvision")]
        # Of OpenCV's CPU networks only f32 is of use.
        self.contenders = [Contender(self, *one) for one in [*tools, ("opencv", "f32")] if one[0] in [*asked.only, "pleura"]]
        # The model's second network, where it has one; no peer has the like without data to quantise by.
        if (asked.model / "model.int8.onnx").exists():
            self.contenders.append(Contender(self, "pleura", "int8"))
        self.larger = Contender(self, "ultralytics", self.precisions[-1], size=640) if "ultralytics" in asked.only else None
        self.runs = {}

    def prepare(self):
        peers = [sys.executable, "-B", PEER, "prepare", self.scratch, self.scratch / "jpeg"]
        for size, batches in ((320, self.asked.batches), (640, self.asked.batches[-1:])):
            for batch in batches if "ultralytics" in self.asked.only else []:
                timed([*peers, "--ultralytics", size, batch], {}, self.scratch)
        timed([*peers, *(["--torchvision"] if "torchvision" in self.asked.only else []),
               *(["--opencv", self.asked.model / "model.onnx"] if "opencv" in self.asked.only else [])], {}, self.scratch)
        for contender in self.contenders:
            contender.settle(self.scratch / "jpeg-trial")
            for kind in self.folders:
                contender.run(self.scratch / f"{kind}-trial")
        if self.larger:
            self.larger.settings = {"batch": self.asked.batches[-1]}
            scores = sorted(self.larger.run(self.scratch / "jpeg-trial", threshold=1e-4)["scores"], reverse=True)
            self.larger.threshold = scores[self.asked.trial_images]

    def one_round(self, number):
        order = self.contenders if number % 2 == 0 else self.contenders[::-1]
        for kind, folder in self.folders.items():
            for pictures in (False, True):
                larger = [self.larger] if self.larger and kind == "jpeg" and not pictures else []
                for contender in [*order, *larger]:
                    said = contender.run(folder, pictures)
                    self.note((contender.key, kind, pictures), said)
                    print(f"  {kind}{', pictures' if pictures else ''}, {contender.key}: {said['rate']:.1f} images/s"
                          f" ({said['warm'] or 0:.1f} warm), {said['memory'] / 2**20:.0f} MiB", flush=True)
        for contender in order:
            self.note((contender.key, "one", False), contender.run(self.folders["jpeg"], one=True))
        self.round_of_parts(number)

    def round_of_parts(self, number):
        for precision in self.precisions:
            turns = [lambda: self.note(("parts", precision), self.parts(precision)),
                     lambda: self.note(("openvino", precision), self.openvino(precision))]
            for turn in turns if number % 2 == 0 else turns[::-1]:
                turn()

    def network(self):
        return hashlib.sha256((self.asked.model / "model.onnx").read_bytes()).hexdigest()

    def note(self, key, said):
        said.pop("scores", None)
        self.runs.setdefault(key, []).append(said)

    def parts(self, precision):
        paths = sorted(self.folders["jpeg"].iterdir())[: self.asked.parts_images]
        return json.loads(timed([self.asked.bench, "parts", self.asked.model, precision, 1, *paths], {}, self.scratch)[1])

    def openvino(self, precision):
        """OpenVINO's own program on the same network: one request at a time, all cores on it, inputs already in place."""
        timed([pathlib.Path(sys.executable).parent / "benchmark_app", "-m", self.asked.model / "model.onnx", "-d", "CPU", "-hint", "latency",
               "-api", "sync", "-infer_precision", precision, "-shape", "image[1,1,320,320]", "-t", self.asked.seconds, "-report_type",
               "no_counters", "-json_stats", "-report_folder", self.scratch], {}, self.scratch)
        report = json.loads((self.scratch / "benchmark_report.json").read_text())
        return {"milliseconds": float(report["execution_results"]["latency (ms)"])}

    def automatic(self):
        """What `--precision auto` takes on this machine once `pleura doctor --bench` has measured it."""
        cache = {"XDG_CACHE_HOME": str(self.scratch / "cache")}
        timed([self.asked.pleura, "doctor", "--bench"], cache, self.scratch)
        first = sorted(self.folders["jpeg"].iterdir())[0]
        said = timed([self.asked.pleura, "detect", first, "--model", self.asked.model, "--json", "-", "--quiet"], cache, self.scratch)[1]
        return json.loads(said)["model"]["precision"]

    # -- What is written

    def spread(self, values):
        values = [value for value in values if value is not None]
        return {"value": statistics.median(values), "low": min(values), "high": max(values)} if values else None

    def summary(self):
        rows = []
        for contender in [*self.contenders, *([self.larger] if self.larger else [])]:
            ours = f"pleura 320 {contender.precision}"
            row = {"tool": contender.tool, "precision": contender.precision, "size": contender.size, "settings": contender.settings, "runs": {}}
            for (key, kind, pictures), runs in ((key, runs) for key, runs in self.runs.items() if len(key) == 3):
                if key != contender.key:
                    continue
                beside = self.runs[ours, kind, pictures]
                row["runs"][kind + ("-pictures" if pictures else "")] = {
                    "rate": self.spread([run["rate"] for run in runs]), "warm": self.spread([run["warm"] for run in runs]),
                    "seconds": self.spread([run["seconds"] for run in runs]), "memory": max(run["memory"] for run in runs),
                    "processor": self.spread([run["processor"] for run in runs]), "boxes": runs[-1]["boxes"],
                    "ratio": self.spread([mine["rate"] / run["rate"] for mine, run in zip(beside, runs)]),
                    "warm_ratio": self.spread([mine["warm"] / run["warm"] for mine, run in zip(beside, runs) if run["warm"]])}
            rows.append(row)
        return rows

    def summary_of_parts(self):
        parts = {}
        for precision in self.precisions:
            ours, theirs = self.runs["parts", precision], self.runs["openvino", precision]
            known = {name for name in ours[0] if name.endswith("_milliseconds")}
            values = {name: self.spread([run[name] for run in ours]) for name in sorted(known)}
            for name in ("decode", "preprocess", "network", "pipeline"):
                values[f"{name}_throughput_milliseconds"] = self.spread([1000 * run[f"{name}_seconds"][0] / run["images"] for run in ours])
            values["openvino_milliseconds"] = self.spread([run["milliseconds"] for run in theirs])
            values["network_ratio"] = self.spread(
                [run["latency_network_milliseconds"] / other["milliseconds"] for run, other in zip(ours, theirs)])
            values["pipeline_ratio"] = self.spread(
                [run["pipeline_seconds"][0] / (run["decode_seconds"][0] + run["network_seconds"][0]) for run in ours])
            parts[precision] = values | {"threads": ours[0]["threads"], "images": ours[0]["images"]}
        return parts

    def document(self):
        processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
        return {
            "date": datetime.date.today().isoformat(),
            "commit": subprocess.run(
                ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip(),
            "machine": {
                "processor": processor.group(1) if processor else platform.processor(), "cores": CORES,
                "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")},
            "versions": {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in PACKAGES},
            "model": {
                "name": self.card["name"], "version": self.card["version"], "architecture": self.card["architecture"],
                "input_side": self.card["input_side"],
                "networks": [self.network()]},
            "images": {kind: len(list(folder.iterdir())) for kind, folder in self.folders.items()},
            "source": "phantoms" if not self.asked.dataset else "radiographs",
            "rounds": self.asked.rounds, "rounds_of_parts": self.asked.rounds, "automatic": self.automatic(),
            "rows": self.summary(), "parts": self.summary_of_parts()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pleura", type=pathlib.Path)
    parser.add_argument("bench", type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "Models" / "nih8-fast")
    parser.add_argument("--dataset", type=pathlib.Path, help="its images/ are looked through; else phantoms are drawn")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--dicom", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8], help="what Ultralytics tries")
    parser.add_argument("--trials", type=int, default=2, help="of each of a peer's settings, the best counts; 0 takes the last")
    parser.add_argument("--trial-images", type=int, default=96)
    parser.add_argument("--parts-images", type=int, default=200)
    parser.add_argument("--parts", action="store_true", help="only Pleura's steps, anew; the peers stay as they were measured")
    parser.add_argument("--seconds", type=int, default=10, help="of OpenVINO's benchmark")
    parser.add_argument("--only", nargs="*", default=["ultralytics", "torchvision", "opencv"], help="these peers")
    parser.add_argument("--scratch", type=pathlib.Path, help="for what is made on the way; the DICOM files take 12 MB each")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Documentation" / "Measurements" / speed_table.NAME)
    asked = parser.parse_args()
    asked.pleura, asked.bench, asked.model = (path.resolve() for path in (asked.pleura, asked.bench, asked.model))
    asked.trial_images = min(asked.trial_images, asked.images)
    asked.dicom = 0 if asked.parts else min(asked.dicom, asked.images)

    if asked.scratch:
        asked.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.scratch) as scratch:
        bench = Bench(asked, pathlib.Path(scratch).resolve())
        if asked.parts:
            document = json.loads(asked.output.read_text())
            if document["model"]["networks"] != [bench.network()]:
                sys.exit(f"peers.py: {asked.output} is of another network: measure all of it")
            for number in range(asked.rounds):
                bench.round_of_parts(number)
            document |= {"parts": bench.summary_of_parts(), "rounds_of_parts": asked.rounds}
        else:
            bench.prepare()
            for number in range(asked.rounds):
                print(f"round {number + 1}:", flush=True)
                bench.one_round(number)
            document = bench.document()
    asked.output.write_text(json.dumps(speed_table.rounded(document), indent=1, sort_keys=True) + "\n")
    print(speed_table.text(json.loads(asked.output.read_text())))
    slower = [
        f"{row['tool']} {row['precision']} {name}" for row in document["rows"] if row["tool"] != "pleura" and row["size"] == 320
        for name, run in row["runs"].items() if run["ratio"]["value"] < 1]
    for name in slower:
        print(f"faster than Pleura: {name}", file=sys.stderr)
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
