"""Audit messages to rsyslog over TLS, with client certificates (RFC 5424, RFC 5425, DICOM PS3.15 A.5).

    python clinic_audit.py swift test --skip-build --filter AuditCollectorTests

Starts an rsyslogd of its own (Debian: rsyslog, rsyslog-gnutls), runs the command, which sends every event, and compares what rsyslog
wrote with what was sent, byte for byte. With lxml each message is also checked against audit_message.rng.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """
global(workDirectory="{folder}" maxMessageSize="64k" defaultNetstreamDriver="gtls"
       defaultNetstreamDriverCAFile="{folder}/authority.pem"
       defaultNetstreamDriverCertFile="{folder}/server.pem"
       defaultNetstreamDriverKeyFile="{folder}/server.key")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
template(name="fields" type="string" string="%pri%\\t%timestamp:::date-rfc3339%\\t%hostname%\\t%app-name%\\t%procid%\\t%msgid%\\t%msg%\\n")
ruleset(name="audit") {{ action(type="omfile" file="{folder}/got.txt" template="fields") }}
input(type="imtcp" port="{port}" address="127.0.0.1" ruleset="audit")
"""


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_certificates(folder):
    for authority in ("authority", "stranger-authority"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={authority}",
                "-keyout", f"{folder}/{authority}.key", "-out", f"{folder}/{authority}.pem")
    for name, authority in (("server", "authority"), ("client", "authority"), ("stranger", "stranger-authority")):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{folder}/{name}.key",
                "-out", f"{folder}/{name}.request")
        (folder / f"{name}.names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", f"{folder}/{name}.request", "-CA", f"{folder}/{authority}.pem",
                "-CAkey", f"{folder}/{authority}.key", "-CAcreateserial", "-days", "2", "-extfile", f"{folder}/{name}.names",
                "-out", f"{folder}/{name}.pem")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def schema():
    try:
        from lxml import etree
    except ImportError:
        print("lxml is not installed: the schema was not checked")
        return None
    return etree.RelaxNG(etree.parse(str(pathlib.Path(__file__).with_name("audit_message.rng")))), etree


def compare(folder):
    sent = (folder / "sent.txt").read_text(encoding="utf-8").split("\n")
    got_file = folder / "got.txt"
    wait_for(lambda: got_file.exists() and got_file.read_bytes().count(b"\n") >= len(sent), 10)
    got = [line.split("\t") for line in got_file.read_text(encoding="utf-8").splitlines()]
    faults = []
    refused = [fields for fields in got if fields[3] == "refused" or fields[2] == "refused"]
    if refused:
        faults.append(f"{len(refused)} messages of unknown senders were taken")
    if len(got) != len(sent):
        faults.append(f"{len(sent)} messages sent, {len(got)} written")
    checker = schema()
    for number, (fields, xml) in enumerate(zip(got, sent)):
        if fields[0] != "85" or fields[2:6] != ["ai.example", "pleura-serve", "4711", "DICOM+RFC3881"]:
            faults.append(f"message {number}: {fields[:6]}")
        if fields[1] != "2026-03-01T07:08:09.010Z" and not fields[1].startswith("2026-03-01T07:08:09.010"):
            faults.append(f"message {number}: time {fields[1]}")
        if fields[6].removeprefix("\ufeff") != xml:
            faults.append(f"message {number} differs")
        if checker:
            relax, etree = checker
            if not relax.validate(etree.fromstring(xml.encode("utf-8"))):
                faults.append(f"message {number}: {relax.error_log.last_error}")
    longest = max(len(xml.encode("utf-8")) for xml in sent)
    print(f"{len(sent)} messages, the longest of {longest} bytes, {len(faults)} faults")
    return faults


def main(command):
    rsyslogd = shutil.which("rsyslogd") or shutil.which("rsyslogd", path="/usr/sbin:/sbin")
    if not command or not rsyslogd:
        print(__doc__ if not command else "rsyslogd is not installed")
        return 2
    with tempfile.TemporaryDirectory(prefix="pleura-audit-") as name:
        folder = pathlib.Path(name)
        make_certificates(folder)
        port = free_port()
        (folder / "rsyslog.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
        daemon = subprocess.Popen([rsyslogd, "-n", "-f", f"{folder}/rsyslog.conf", "-i", f"{folder}/pid"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            if not wait_for(lambda: daemon.poll() is not None or listens(port), 10) or daemon.poll() is not None:
                print("rsyslogd did not start:", daemon.stderr.read().decode(errors="replace"))
                return 3
            environment = dict(os.environ, PLEURA_AUDIT_PORT=str(port), PLEURA_AUDIT_FOLDER=name)
            status = subprocess.run(command, env=environment).returncode
            if status or not (folder / "sent.txt").exists():
                print(f"the command sent nothing, or failed with {status}")
                return 1
            faults = compare(folder)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(timeout=10)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
