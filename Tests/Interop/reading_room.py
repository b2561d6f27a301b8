"""The reading room, started for a test on a free port of loopback with an archive of its own, and ended with it."""
import contextlib
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class ReadingRoom:
    def __init__(self, program=None, model=None, arguments=()):
        self.folder = tempfile.TemporaryDirectory()
        self._log = tempfile.NamedTemporaryFile("w+", suffix=".log")
        self.process = subprocess.Popen(
            [program or ROOT / ".build/release/pleura-serve", "serve", "--data", self.folder.name + "/archive", "--listen", "127.0.0.1:0"]
            + ["--model", str(model or ROOT / "Models/nih8-fast"), *arguments],
            stderr=self._log,
            stdout=subprocess.DEVNULL,
        )
        match = None
        for _ in range(600):
            match = re.search(r"(http://127\.0\.0\.1:\d+)/\?token=(\S+)", self.log)
            if match or self.process.poll() is not None:
                break
            time.sleep(0.1)
        if not match:
            raise SystemExit("the reading room did not start: " + self.log)
        self.link, self.base, self._token = match[0], match[1], match[2]

    @property
    def log(self):
        return pathlib.Path(self._log.name).read_text()

    def cookie(self):
        """A session by the one-time link, which is then used."""
        try:
            urllib.request.build_opener(_NoRedirect).open(self.link)
        except urllib.error.HTTPError as answer:
            return answer.headers["Set-Cookie"].split(";")[0]
        raise SystemExit("the one-time link did not log in")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait()


@contextlib.contextmanager
def reading_room(**options):
    room = ReadingRoom(**options)
    try:
        yield room
    finally:
        room.stop()
        room.folder.cleanup()
