"""Runs every oracle of this folder whose answer may have changed: run.py OUT_DIR

An oracle is a script whose first line (or second, after `#!`) is `# oracle`. It is called `NAME.py DIR` and writes into DIR/NAME;
what it wrote becomes OUT_DIR/NAME only when it ended well, so a cut-off run leaves no half of one. Its stamp covers the script, the
tools beside it that it may import, the pinned packages and the pinned engines.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


def is_oracle(script):
    with script.open(encoding="utf-8") as lines:
        return "# oracle" in (next(lines, "").strip(), next(lines, "").strip())


def digest(script, shared):
    total = hashlib.sha256(sys.version.encode())
    for file in [script, *shared]:
        total.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def make(script, stamp, out):
    """Runs one oracle and puts its folder in place; returns what went wrong, or None."""
    with tempfile.TemporaryDirectory(prefix=".making-", dir=out) as making:
        ended = subprocess.run(
            [sys.executable, "-B", str(script), making], cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if ended.returncode != 0:
            return f"ended with {ended.returncode}"
        made = pathlib.Path(making) / script.stem
        if not made.is_dir() or not any(made.iterdir()):
            return f"wrote nothing into {script.stem}/"
        (made / ".stamp").write_text(stamp)
        shutil.rmtree(out / script.stem, ignore_errors=True)
        made.rename(out / script.stem)
    return None


def main():
    if len(sys.argv) != 2:
        print("usage: run.py OUT_DIR", file=sys.stderr)
        return 2
    out = pathlib.Path(sys.argv[1]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for left in out.glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)

    scripts = sorted(HERE.glob("*.py"))
    oracles = [script for script in scripts if is_oracle(script)]
    shared = [script for script in scripts if script not in oracles and script.name != "run.py"]
    shared += sorted(HERE.glob("requirements*.txt")) + [REPOSITORY / "engines.lock"]
    for gone in out.iterdir():
        if (gone / ".stamp").is_file() and gone.name not in {script.stem for script in oracles}:
            shutil.rmtree(gone)

    failed = []
    for script in oracles:
        stamp, kept = digest(script, shared), out / script.stem / ".stamp"
        if kept.is_file() and kept.read_text() == stamp:
            continue
        print(f"oracle: {script.stem}", file=sys.stderr, flush=True)
        problem = make(script, stamp, out)
        if problem:
            failed.append(script.stem)
            print(f"oracle: {script.stem} {problem}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
