#!/usr/bin/env python3
"""make cluster: several machines on one archive, each a network namespace of this one, while some are killed, paused and cut off.

cluster_run.py FOLDER_OF_PROGRAMS [STUDIES [SECONDS]]    so many drawn studies (300) sent within so many seconds (150)

PostgreSQL on a bridge, two programs with the role web and four with the role worker, each with an address of its own. Studies are sent to the web programs
alternately. Every few seconds a worker is killed (and started again), stopped for a while, or its network is taken away. At the end every study that was
acknowledged has been read once. Ends what it started. Needs root, iproute2 and PostgreSQL.
"""

import glob
import http.client
import json
import os
import pathlib
import pwd
import random
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time

NETWORK = "10.77.31"
BRIDGE = "plbr31"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class Database:
    def __init__(self, folder):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.folder = folder / "database"
        self.folder.mkdir()
        owner = pwd.getpwnam("postgres")
        os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.user("initdb", f"--pgdata={self.folder}/data", "--username=pleura", "--auth=trust", "--no-locale", "--encoding=UTF8", "--data-checksums")
        with open(self.folder / "data/postgresql.conf", "a") as settings:
            settings.write(f"listen_addresses = '{NETWORK}.1'\nunix_socket_directories = '{self.folder}'\nmax_connections = 200\n")
            # A machine that is cut off is to be missed within seconds, not hours.
            settings.write("tcp_keepalives_idle = 5\ntcp_keepalives_interval = 2\ntcp_keepalives_count = 3\ntcp_user_timeout = 10000\n")
            settings.write("idle_in_transaction_session_timeout = 15000\n")
        with open(self.folder / "data/pg_hba.conf", "a") as rules:
            rules.write(f"host all pleura {NETWORK}.0/24 trust\n")

    def user(self, program, *arguments):
        # The server keeps what its starter had open: no pipes.
        with open(self.folder / "said", "w") as said:
            subprocess.run(["runuser", "-u", "postgres", "--", f"{self.bin}/{program}", *arguments], check=True, cwd=self.folder, stdout=said, stderr=said)

    def start(self):
        self.user("pg_ctl", "start", f"--pgdata={self.folder}/data", f"--log={self.folder}/log", "--wait")
        self.ask("CREATE DATABASE pleura", "postgres")

    def ask(self, statement, database="pleura"):
        return run("psql", f"--host={self.folder}", "--username=pleura", f"--dbname={database}", "--tuples-only", "--no-align", "--command", statement).strip()

    def end(self):
        self.user("pg_ctl", "stop", f"--pgdata={self.folder}/data", "--mode=immediate", "--wait")


class Machine:
    """A namespace with an address, and a program in it."""

    def __init__(self, name, number, role, programs, folder):
        self.name, self.role, self.programs, self.folder = name, role, programs, folder
        self.space, self.link, self.address = f"pl31-{name}", f"pl31{number}", f"{NETWORK}.{number + 10}"
        self.process = None
        run("ip", "netns", "add", self.space)
        run("ip", "link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.space)
        run("ip", "link", "set", self.link, "master", BRIDGE, "up")
        for command in (["addr", "add", f"{self.address}/24", "dev", "eth0"], ["link", "set", "eth0", "up"], ["link", "set", "lo", "up"]):
            run("ip", "-n", self.space, *command)

    def start(self):
        more = ["--listen", f"{self.address}:8443", "--tls-self-signed", "--host", self.address] if self.role == "web" else []
        environment = dict(os.environ, XDG_CACHE_HOME=str(self.folder / f"cache-{self.name}"))
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.space, f"{self.programs}/pleura-serve", "serve", "--config", f"{self.folder}/pleura.yaml", "--role", self.role,
             "--threads", "1", "--log", "json", *more], env=environment, stdout=subprocess.DEVNULL, stderr=open(self.folder / f"{self.name}.log", "a"))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def pause(self, isPaused):
        self.process.send_signal(signal.SIGSTOP if isPaused else signal.SIGCONT)

    def cut(self, isCut):
        run("ip", "link", "set", self.link, "down" if isCut else "up")

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
        subprocess.run(["ip", "netns", "del", self.space], capture_output=True)


def send(machine, token, path):
    """A study to a web program; the answer, or None where it gave none."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    try:
        connection = http.client.HTTPSConnection(machine.address, 8443, timeout=20, context=trust)
        connection.request("POST", f"/api/v1/instances?name={path.name}", path.read_bytes(), {"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    except OSError:
        return None


def main(programs, studies=300, seconds=150):
    missing = [name for name in ("ip", "psql") if not shutil.which(name)]
    if missing or not glob.glob("/usr/lib/postgresql/*/bin/initdb") or os.geteuid() != 0:
        print("cluster: SKIPPED: it needs root, iproute2 and PostgreSQL (apt-get install iproute2 postgresql)", file=sys.stderr)
        return 0
    programs = pathlib.Path(programs).resolve()
    # PostgreSQL's own user has to get through to its folder.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pleura-cluster-"))
    folder.chmod(0o755)
    machines, database = [], None
    random.seed(31)
    try:
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        database = Database(folder)
        database.start()
        run(f"{programs}/pleura", "phantom", "--count", str(studies), "--size", "512", "--format", "dicom", "--out", str(folder / "drawn"), "--quiet")
        films = sorted((folder / "drawn/images").glob("*.dcm"))
        (folder / "pleura.yaml").write_text(
            f"data: {folder}/archive\ndatabase: host={NETWORK}.1 user=pleura dbname=pleura connect_timeout=5 tcp_user_timeout=10000 keepalives_idle=5\n"
            "images_at_once: 2\nprecision: f32\n")
        serve = [f"{programs}/pleura-serve", "serve"]
        run(*serve, "user", "add", "ann", "--role", "administrator", "--config", f"{folder}/pleura.yaml", input="correct horse battery\n")
        token = run(*serve, "token", "add", "loader", "--role", "reader", "--days", "1", "--config", f"{folder}/pleura.yaml").split()[-1]
        for number, (name, role) in enumerate([("web1", "web"), ("web2", "web")] + [(f"worker{n}", "worker") for n in range(1, 5)]):
            machines.append(Machine(name, number, role, programs, folder))
            machines[-1].start()
        webs, workers = machines[:2], machines[2:]
        begin = time.monotonic()
        while any(send(web, "x", films[0]) is None for web in webs):
            if time.monotonic() - begin > 120:
                sys.exit("cluster: the web programs do not answer:\n" + (folder / "web1.log").read_text()[-1500:])
            time.sleep(0.5)
        begin, acknowledged, events, harmed, next_harm = time.monotonic(), 0, [], {}, 8.0
        waiting = list(films)
        while waiting or harmed:
            now = time.monotonic() - begin
            for machine, (kind, until) in list(harmed.items()):
                if now >= until:
                    machine.pause(False) if kind == "paused" else machine.cut(False)
                    del harmed[machine]
            if now >= next_harm and waiting:
                well = [worker for worker in workers if worker not in harmed]
                machine, kind = random.choice(well), random.choice(["killed", "killed", "paused", "cut off"])
                # Longer than a lease for some, so that others take their jobs over.
                if kind == "killed":
                    machine.kill()
                elif len(harmed) < 2:
                    (machine.pause if kind == "paused" else machine.cut)(True)
                    harmed[machine] = (kind, now + random.choice([5, 20, 70]))
                else:
                    kind = "left in peace"
                events.append(kind)
                next_harm = now + 6
            if waiting and now >= (len(films) - len(waiting)) * seconds / len(films):
                answer = send(webs[len(waiting) % 2], token, waiting[0])
                if answer and answer[0] in (200, 201):
                    acknowledged += 1
                    waiting.pop(0)
                elif answer:
                    sys.exit(f"cluster: a study was answered {answer}")
            else:
                time.sleep(0.02)
        sent = time.monotonic() - begin
        while int(database.ask("SELECT count(*) FROM job WHERE state IN ('waiting', 'running')")):
            if time.monotonic() - begin > seconds + 300:
                sys.exit("cluster: not all was done: " + database.ask("SELECT state, count(*), max(last_error) FROM job GROUP BY state"))
            time.sleep(0.5)
        done = time.monotonic() - begin
        told = {
            "instances": "SELECT count(*) FROM instance", "read once": "SELECT count(*) FROM (SELECT instance FROM reading GROUP BY instance HAVING count(*) = 1) AS x",
            "read more than once": "SELECT count(*) FROM (SELECT instance FROM reading GROUP BY instance HAVING count(*) > 1) AS x",
            "jobs done": "SELECT count(*) FROM job WHERE state = 'done'", "jobs begun again": "SELECT count(*) FROM job WHERE attempts > 1",
        }
        counts = {name: int(database.ask(statement)) for name, statement in told.items()}
        waits = database.ask(
            "SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY wait)::numeric / 1000, 2) || ' ' || round(percentile_cont(0.95) WITHIN GROUP "
            "(ORDER BY wait)::numeric / 1000, 2) || ' ' || round(max(wait)::numeric / 1000, 1) FROM (SELECT reading.made - instance.received AS wait FROM reading "
            "JOIN instance ON instance.number = reading.instance) AS waits").split()
        check = subprocess.run([f"{programs}/pleura-serve", "archive", "check", "--config", f"{folder}/pleura.yaml", "--quiet"], capture_output=True, text=True)
        print(f"{acknowledged} studies acknowledged in {sent:.0f} s, all read after {done:.0f} s; {', '.join(f'{events.count(k)} {k}' for k in sorted(set(events)))}")
        print(", ".join(f"{name}: {count}" for name, count in counts.items()))
        print(f"from acknowledged to read: median {waits[0]} s, 95 of 100 within {waits[1]} s, longest {waits[2]} s")
        print(check.stdout.strip(), check.stderr.strip())
        isRight = (
            counts["instances"] == counts["read once"] == counts["jobs done"] == acknowledged == studies and counts["read more than once"] == 0
            and check.returncode == 0)
        if not isRight:
            sys.exit("cluster: that is not each study once")
        return 0
    finally:
        for machine in machines:
            machine.end()
        if database:
            try:
                database.end()
            except subprocess.CalledProcessError:
                pass
        subprocess.run(["ip", "link", "del", BRIDGE], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
