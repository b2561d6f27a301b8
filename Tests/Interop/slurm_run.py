#!/usr/bin/env python3
"""make test-slurm: examples/slurm/detect.sbatch under Debian's slurm-wlm on this machine.

slurm_run.py PLEURA [FILMS [PARTS]]    FILMS small drawn films (2,000) in PARTS parts (10)

Starts a munge, a controller and a node of its own in a folder for temporary files, on free ports, submits the array, has Slurm end and queue again some of
its jobs in the middle, merges, and compares with what one program finds. Ends what it started. Needs root, slurm-wlm and munge.
"""

import json
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def png(side, seed):
    """A grey picture of soft blobs, as small as a film can be and still be read."""
    random.seed(seed)
    x0, y0, r = random.randrange(side), random.randrange(side), random.randrange(side // 8, side // 3)
    rows = b""
    for y in range(side):
        row = bytearray(side)
        for x in range(side):
            d = (x - x0) ** 2 + (y - y0) ** 2
            row[x] = 60 + (x * 3 + y * 2) % 40 + (120 if d < r * r else 0)
        rows += b"\0" + bytes(row)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 1))
            + chunk(b"IEND", b""))


class Cluster:
    """One node and its controller."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        host = socket.gethostname()
        cores = os.cpu_count()
        (folder / "munge").mkdir(mode=0o700)
        key = folder / "munge/key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self.munge = folder / "munge/socket"
        (folder / "state").mkdir()
        (folder / "spool").mkdir()
        self.settings = folder / "slurm.conf"
        self.settings.write_text(
            f"""ClusterName=pleura
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={self.munge}
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
MinJobAge=3600
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
""")
        self.environment = dict(os.environ, SLURM_CONF=str(self.settings))

    def start(self):
        munge = self.folder / "munge"
        self.run_beside(
            ["munged", "--foreground", "--force", f"--key-file={munge}/key", f"--socket={self.munge}", f"--pid-file={munge}/pid",
             f"--log-file={munge}/log", f"--seed-file={munge}/seed"])
        self.wait(lambda: self.munge.exists(), "munge")
        self.run_beside(["slurmctld", "-D", "-f", str(self.settings)])
        self.run_beside(["slurmd", "-D", "-f", str(self.settings)])
        self.wait(lambda: "idle" in self.ask("sinfo", "--noheader", "--format=%T"), "the node")

    def run_beside(self, command):
        self.processes.append(
            subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=open(self.folder / f"{command[0]}.err", "w")))

    def wait(self, condition, what, seconds=60):
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            if condition():
                return
            time.sleep(0.2)
        for log in list(self.folder.glob("*.err")) + list(self.folder.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}", file=sys.stderr)
        sys.exit(f"test-slurm: {what} did not come")

    def ask(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout

    def end(self):
        self.ask("scancel", "--user=root")
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def main(pleura, films=2_000, parts=10):
    missing = [name for name in ("munged", "slurmctld", "slurmd", "sbatch") if not shutil.which(name)]
    if missing:
        print(f"test-slurm: SKIPPED: {', '.join(missing)} missing: apt-get install slurm-wlm munge", file=sys.stderr)
        return 0
    if os.geteuid() != 0:
        print("test-slurm: SKIPPED: it needs root", file=sys.stderr)
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pleura-slurm-"))
    cluster = Cluster(folder)
    try:
        (folder / "films").mkdir()
        kinds = [png(224, seed) for seed in range(64)]
        for number in range(films):
            # Neighbours differ, and each is a file of its own.
            (folder / f"films/{number:06}.png").write_bytes(kinds[number % 64])
        cluster.start()
        begin = time.monotonic()
        environment = dict(cluster.environment, PLEURA=str(pathlib.Path(pleura).resolve()), XDG_CACHE_HOME=str(folder / "cache"))
        submitted = subprocess.run(
            ["sbatch", "--parsable", f"--array=1-{parts}", "--cpus-per-task=1", f"--output={folder}/job-%a.txt", str(ROOT / "examples/slurm/detect.sbatch"),
             str(folder / "films"), str(folder / "run")], env=environment, capture_output=True, text=True, cwd=folder)
        if submitted.returncode != 0:
            sys.exit(f"test-slurm: sbatch: {submitted.stderr}")
        job = submitted.stdout.strip()
        queued_again = 0
        while running := [line.split() for line in cluster.ask("squeue", "--noheader", "--array", "--format=%A %K %T").splitlines()]:
            # Now and then a node is needed for something else: its job is ended and queued again.
            if queued_again < max(2, parts // 5):
                for _, part, state in running:
                    done = folder / f"run/shard-{part}-of-{parts}.jsonl"
                    if state == "RUNNING" and done.exists() and done.read_bytes().count(b"\n") > films // parts // 4:
                        subprocess.run(["scontrol", "requeue", f"{job}_{part}"], env=environment, capture_output=True)
                        queued_again += 1
                        break
            time.sleep(0.5)
        seconds = time.monotonic() - begin
        merged = subprocess.run(
            [pleura, "detect", "--merge", str(folder / "run"), "--json", str(folder / "merged.json")], capture_output=True, text=True)
        print(merged.stdout, merged.stderr, sep="", end="")
        if merged.returncode != 0:
            for part in range(1, parts + 1):
                log = folder / f"job-{part}.txt"
                if log.exists() and log.stat().st_size:
                    print(f"--- part {part}: {log.read_text()[-400:]}")
            sys.exit("test-slurm: the merge did not end well")
        if queued_again == 0:
            sys.exit("test-slurm: no job was ended and queued again: too few films to try that")
        found = json.loads((folder / "merged.json").read_text())["images"]
        begin = time.monotonic()
        if films <= 5_000:
            subprocess.run([pleura, "detect", str(folder / "films"), "--json", str(folder / "whole.json"), "--quiet", "--precision", "f32"],
                           check=True, capture_output=True, env=environment)
            whole = json.loads((folder / "whole.json").read_text())["images"]
            if found != whole:
                sys.exit("test-slurm: the parts together are not what one program finds")
            print(f"the same as one program finds, in {time.monotonic() - begin:.0f} s there")
        print(f"{len(found)} films in {parts} parts on {os.cpu_count()} cores, {queued_again} jobs ended and queued again: {seconds:.0f} s")
        return 0
    finally:
        cluster.end()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
