"""schemathesis against the reading room: every route of /openapi.json with all that it may be sent, for some seconds; no answer may be a 5xx.

    python schemathesis_run.py SCHEMATHESIS SECONDS
"""
import subprocess
import sys
import urllib.error
import urllib.request

from reading_room import ROOT, reading_room

tool, seconds = sys.argv[1], sys.argv[2]
with reading_room() as room:
    cookie = room.cookie()
    # Something to be found, so that not all is 404.
    for sample in sorted((ROOT / ".engines/samples").glob("*.dcm"))[:4]:
        request = urllib.request.Request(
            f"{room.base}/api/v1/instances?name={sample.name}", sample.read_bytes(), {"Cookie": cookie}, method="POST")
        try:
            urllib.request.urlopen(request).read()
        except urllib.error.HTTPError:
            pass
    status = subprocess.run(
        [
            tool, "run", room.base + "/openapi.json", "--header", "Cookie: " + cookie,
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            # Events are endless; the others would end the session that tries, or wait for a throttle.
            "--exclude-path-regex", "^/api/v1/(events|session|session/password)$",
            "--max-time", seconds, "--continue-on-failure", "--request-timeout", "20", "--no-color", "--warnings", "off",
        ]
    ).returncode
    alive = room.process.poll() is None
print("the server", "lives" if alive else "has ended")
sys.exit(0 if status == 0 and alive else 1)
