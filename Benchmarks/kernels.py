"""Instructions and allocations of Pleura's kernels, held against what the repository allows: `make bench-code`.

    kernels.py KERNEL_RUN [--update] [--only NAME...] [--thresholds Benchmarks/Kernels/thresholds.json]

Valgrind counts: `callgrind` instructions, `dhat` allocations and their bytes. Both run a kernel once and then a few times more; the difference
is the kernel's own, without the start of the program and what the kernel works on. Unlike times, these counts do not depend on what else the
machine does: they are the same again to a few thousandths.

Ends with 1 where a count is above its threshold by more than the tolerance, or has none; `--update` writes what was counted as the new
thresholds. They are of a processor as valgrind shows it (AVX2 at most), a compiler, and the system's libjpeg-turbo and cairo: the file says which.
"""

import argparse
import json
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

FILE = pathlib.Path(__file__).resolve().parent / "Kernels" / "thresholds.json"
TOLERANCE = 0.03
MORE = 4


def valgrind(program, kernel, times, tool, out):
    command = ["valgrind", f"--tool={tool}", f"--{tool}-out-file={out}", str(program), kernel, str(times)]
    # Sets and dictionaries are otherwise laid out anew in every process.
    done = subprocess.run(command, capture_output=True, text=True, env={"SWIFT_DETERMINISTIC_HASHING": "1", "PATH": "/usr/bin:/bin"})
    if done.returncode:
        sys.exit(f"kernels.py: {' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stderr


def counted(program, kernel, folder):
    def instructions(times):
        return int(re.search(r"Collected : (\d+)", valgrind(program, kernel, times, "callgrind", folder / "callgrind")).group(1))

    def allocations(times):
        said = valgrind(program, kernel, times, "dhat", folder / "dhat")
        return [int(text.replace(",", "")) for text in re.search(r"Total:\s+([\d,]+) bytes in ([\d,]+) blocks", said).groups()]

    # What is made once is made in the first run of either.
    once, more = instructions(1), instructions(1 + MORE)
    (bytes_once, blocks_once), (bytes_more, blocks_more) = allocations(1), allocations(1 + MORE)
    return {
        "instructions": (more - once) // MORE, "allocations": round((blocks_more - blocks_once) / MORE, 2),
        "bytes": (bytes_more - bytes_once) // MORE}


def environment():
    release = pathlib.Path("/etc/os-release").read_text() if pathlib.Path("/etc/os-release").exists() else ""
    name = re.search(r'PRETTY_NAME="?([^"\n]*)', release)
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"Swift version ([\d.]+)", swift)
    return {
        "system": name.group(1) if name else platform.platform(), "swift": version.group(1) if version else "",
        "valgrind": subprocess.run(["valgrind", "--version"], capture_output=True, text=True).stdout.strip(),
        "avx2": "avx2" in pathlib.Path("/proc/cpuinfo").read_text()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--only", nargs="+", metavar="KERNEL")
    parser.add_argument("--thresholds", type=pathlib.Path, default=FILE)
    asked = parser.parse_args()
    if not shutil.which("valgrind"):
        print("kernels.py: valgrind is missing, which only this benchmark needs: apt-get install valgrind", file=sys.stderr)
        return 3
    program = asked.program.resolve()
    known = json.loads(asked.thresholds.read_text()) if asked.thresholds.exists() else {"kernels": {}}
    tolerance = known.get("tolerance", TOLERANCE)
    names = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()
    over, kernels = [], dict(known["kernels"]) if asked.only else {}
    print(f"{'kernel':14}{'instructions':>16}{'allocations':>14}{'bytes':>14}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in names if not asked.only or name in asked.only]:
            kernels[name] = now = counted(program, name, pathlib.Path(folder))
            before = known["kernels"].get(name, {})
            shares = []
            for key, value in now.items():
                allowed = before.get(key)
                if allowed is None:
                    over.append(f"{name} has no threshold of {key}")
                elif value > allowed * (1 + tolerance):
                    over.append(f"{name}: {value:,} {key}, {value / allowed - 1 if allowed else 1:+.1%} over the {allowed:,} allowed")
                if allowed:
                    shares.append(f"{key} {value / allowed - 1:+.1%}")
            print(f"{name:14}{now['instructions']:16,}{now['allocations']:14,}{now['bytes']:14,}   {', '.join(shares)}", flush=True)
    if asked.update:
        asked.thresholds.write_text(json.dumps(
            {"environment": environment(), "tolerance": tolerance, "kernels": kernels}, indent=1, sort_keys=True) + "\n")
        print(f"written: {asked.thresholds}")
        return 0
    for line in over:
        print(line, file=sys.stderr)
    here = environment()
    other = [f"{key} {known['environment'][key]} there, {here[key]} here" for key in here if known.get("environment", here)[key] != here[key]]
    if over and other:
        print(f"The thresholds are of another environment: {'; '.join(other)}", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
