"""workstation.py against a reading room of its own, with phantoms and NEMA's samples: python workstation_run.py CHROMIUM [MORE OF workstation.py]

Then the parts that need drawn kinds of images, patients with HTML in their names and a thousand files, against the mock of the server.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

from reading_room import ROOT, reading_room

with tempfile.TemporaryDirectory() as folder, reading_room() as room:
    images = pathlib.Path(folder) / "images"
    images.mkdir()
    subprocess.run(
        [ROOT / ".build/release/pleura", "phantom", "--count", "8", "--seed", "23", "--out", folder + "/phantoms"], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for picture in pathlib.Path(folder, "phantoms").rglob("*.png"):
        shutil.copy(picture, images)
    for sample in ("RG1_UNCI.dcm", "RG3_UNCI.dcm"):
        shutil.copy(ROOT / ".engines/samples" / sample, images)
    script = pathlib.Path(__file__).parent / "workstation.py"
    status = subprocess.run(
        [sys.executable, "-B", script, "--url", room.link, "--images", images, "--chromium", sys.argv[1], *sys.argv[2:]]).returncode
    mock = subprocess.Popen([sys.executable, "-B", script.with_name("workstation_mock.py")], stdout=subprocess.PIPE, text=True)
    try:
        link = mock.stdout.readline().strip()
        other = subprocess.run(
            [sys.executable, "-B", script, "--url", link, "--images", images, "--chromium", sys.argv[1], "--only", "upload,viewer,many,attacks"]
        ).returncode
    finally:
        mock.terminate()
# Places, ratio, quality and maps: a reading room of its own, with the model of lungs and heart beside it.
anatomy = subprocess.run([sys.executable, "-B", script.with_name("workstation_anatomy.py"), sys.argv[1]]).returncode
# CT scans in three planes.
scan = subprocess.run([sys.executable, "-B", script.with_name("workstation_scan.py"), sys.argv[1]]).returncode
# The learning loop: a reading room of its own, from reviews to a promoted model and back.
loop = subprocess.run([sys.executable, "-B", script.with_name("workstation_improvement.py"), sys.argv[1]]).returncode
sys.exit(status or other or anatomy or scan or loop)
