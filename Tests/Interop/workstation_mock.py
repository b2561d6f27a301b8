"""A stand-in for Pleura's workstation server: its API in memory, with drawn images of every kind and made-up studies (up to 100,000).

    workstation_mock.py --port 8190 --studies 400        prints the link for workstation.py --url

For work on the page without building the server, and for what a real server does not easily show: MONOCHROME1, SIGMOID, oblong pixels, names with HTML.
Standard library alone. It answers as the page expects; the real server is the judge.
"""

import argparse, array, gzip, hashlib, io, json, math, pathlib, queue, random, re, struct, threading, time, zipfile, zlib
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

options = argparse.ArgumentParser()
options.add_argument("--port", type=int, default=0)
options.add_argument("--studies", type=int, default=400)
options.add_argument("--assets", default=str(pathlib.Path(__file__).parents[2] / "Sources/CWorkstationPage/Assets"))
options.add_argument("--card", default=str(pathlib.Path(__file__).parents[2] / "Models/nih8-fast/card.json"))
options = options.parse_args()
card = json.load(open(options.card))
rng = random.Random(5)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
lock = threading.RLock()
LABELS = ["Atelectasis", "Cardiomegaly", "Effusion", "Infiltrate", "Mass", "Nodule", "Pneumonia", "Pneumothorax"]
COLOURS = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999"]
NOTICE = "research use only, not a diagnosis; a supporting reader, never a replacement for one"


def now(delta=0):
    return (datetime.now(timezone.utc) + timedelta(seconds=delta)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# ---- images
KINDS = {
    "plain": dict(columns=848, rows=1024, bits=12, window=None),
    "voi": dict(
        columns=848,
        rows=1024,
        bits=12,
        window=dict(center=2000, width=3000, function="LINEAR"),
        spacing=dict(row=0.39, column=0.39, plane="patient"),
    ),
    "large": dict(
        columns=3000,
        rows=3000,
        bits=14,
        window=dict(center=8000, width=14000, function="LINEAR"),
        spacing=dict(row=0.143, column=0.143, plane="detector"),
    ),
    "mono1": dict(
        columns=848,
        rows=1024,
        bits=12,
        window=dict(center=2047.5, width=4096, function="LINEAR_EXACT"),
        inverted=True,
        spacing=dict(row=0.39, column=0.39, plane="detector"),
    ),
    "signed": dict(
        columns=640, rows=800, bits=16, slope=1, intercept=-1024, units="HU", window=dict(center=7000, width=15000, function="LINEAR")
    ),
    "negative": dict(
        columns=640, rows=800, bits=12, slope=-1, intercept=4095, window=dict(center=2000, width=3600, function="LINEAR"), inverted=True
    ),
    "oblong": dict(columns=848, rows=512, bits=12, window=None, spacing=dict(row=0.6, column=0.3, plane="patient")),
    "sigmoid": dict(
        columns=848,
        rows=1024,
        bits=12,
        window=dict(center=2000, width=2500, function="SIGMOID"),
        spacing=dict(row=0.2, column=0.2, plane="patient"),
    ),
    "padded": dict(columns=848, rows=1024, bits=12, window=None, padding=[0, 10]),
}
cache = {}


def chest(columns, rows, bits, seed, inverted=False):
    """Drawn small, then each pixel repeated: the standard library has no fast pictures."""
    step = max(1, round(max(columns, rows) / 500))
    w, h = -(-columns // step), -(-rows // step)
    top, r = (1 << min(bits, 14)) - 1, random.Random(seed)
    small = []
    for y in range(h):
        line, v = [], y / h
        for x in range(w):
            u = x / w
            g = 0.62 - 0.25 * abs(u - 0.5) - (0.5 * v - 0.3) ** 2 * 0.3
            for cx, rx in ((0.3, 0.17), (0.7, 0.16)):
                d = ((u - cx) / rx) ** 2 + ((v - 0.46) / 0.33) ** 2
                if d < 1:
                    g -= 0.36 * (1 - d) ** 0.4
                if d < 1 and math.sin(v * 62 + abs(u - cx) * 9) > 0.75:
                    g += 0.05
            d = ((u - 0.55) / 0.15) ** 2 + ((v - 0.64) / 0.16) ** 2
            if d < 1:
                g += 0.22 * (1 - d) ** 0.5
            if abs(u - 0.5) < 0.035:
                g += 0.12
            g += r.gauss(0, 0.008)
            g = min(1, max(0.01, g))
            line.append(int((1 - g if inverted else g) * top))
        small.append(line)
    out = bytearray()
    for y in range(h):
        row = b"".join(struct.pack("<H", p) * step for p in small[y])[: columns * 2]
        for _ in range(step):
            if len(out) < columns * rows * 2:
                out += row
    return bytes(out[: columns * rows * 2]), small


def picture(instance):
    kind, seed = instance["_kind"], instance["_seed"]
    key = (kind, seed % 3)
    with lock:
        if key not in cache:
            k = KINDS[kind]
            data, small = chest(k["columns"], k["rows"], k["bits"], seed % 3, k.get("inverted", False) and k.get("slope", 1) > 0)
            if kind == "padded":
                a = array.array("H", data)
                for y in range(k["rows"]):
                    for x in range(60):
                        a[y * k["columns"] + x] = 5
                data = a.tobytes()
            a = array.array("H", data)
            about = dict(
                columns=k["columns"],
                rows=k["rows"],
                bits=k["bits"],
                slope=k.get("slope", 1),
                intercept=k.get("intercept", 0),
                units=k.get("units"),
                inverted=k.get("inverted", False),
                window=k["window"],
                minimum=min(a),
                maximum=max(a),
                padding=k.get("padding"),
                spacing=k.get("spacing"),
            )
            step = max(1, len(small) // 160)
            tiny = [line[::step] for line in small[::step]]
            top = (1 << min(k["bits"], 14)) - 1
            flip = k.get("inverted", False) and k.get("slope", 1) > 0
            raw = b"".join(b"\0" + bytes((255 - p * 255 // top) if flip else p * 255 // top for p in line) for line in tiny)
            chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
            png = (
                b"\x89PNG\r\n\x1a\n"
                + chunk(b"IHDR", struct.pack(">IIBBBBB", len(tiny[0]), len(tiny), 8, 0, 0, 0, 0))
                + chunk(b"IDAT", zlib.compress(raw))
                + chunk(b"IEND", b"")
            )
            cache[key] = (about, gzip.compress(data, 1), png)
        return cache[key]


# ---- studies
studies, order, readings_by, drafts, instances, jobs = {}, [], {}, {}, {}, []
counter = {"reading": 100, "job": 0, "event": 0, "audit": 0}
audit = []
listeners, history = [], []
users = {
    "ann": dict(password="correct horse", role="administrator", disabled=False, made=now(-9e6), last_login=None),
    "ben": dict(password="correct horse", role="reader", disabled=False, made=now(-5e6), last_login=None),
}
sessions, tokens, failures, preferences = {}, {"once"}, {}, {}
settings = dict(
    protocols=[
        dict(
            name=n,
            title=t,
            false_boxes_per_100_images=r,
            allowances=dict(Pneumothorax=10, Effusion=60, Pneumonia=60, nothing_seen=240, failed=30, waiting=30, other=120),
        )
        for n, t, r in (
            ("standard", "Standard", None),
            ("screening", "Screening", 50),
            ("emergency", "Emergency", 10),
            ("follow_up", "Follow-up", 20),
        )
    ],
    default_protocol="standard",
    reject_reasons=["vessel", "rib", "device", "artefact", "skin fold", "wrong place", "other"],
)
points = {}
for p in card["operating_points"]:
    points.setdefault(p["finding"], []).append(p)


def passes(label, score, rate):
    if rate is None:
        return score >= card["score_threshold"]
    best = [p for p in points.get(label, []) if p["false_boxes_per_100_images"] <= rate]
    return bool(best) and score >= best[-1]["threshold"]


def emit(kind, **data):
    with lock:
        counter["event"] += 1
        event = (counter["event"], kind, data)
        history.append(event)
        for l in listeners:
            l.put(event)


def note(user, action, study=None, detail=""):
    counter["audit"] += 1
    audit.append(
        dict(
            number=counter["audit"],
            time=now(),
            user=user,
            action=action,
            study=study,
            detail=detail,
            hash=hashlib.sha256(str(counter["audit"]).encode()).hexdigest(),
        )
    )


def model_reading(instance, seed, rate=None, forced=False):
    r = random.Random(seed)
    k = KINDS[instance["_kind"]]
    candidates = []
    for i in range(r.randrange(5, 9) if forced else r.randrange(0, 7)):
        label = r.choice(LABELS)
        score = round(max(0.09, r.betavariate(1.4, 3.2)) if not (forced and i < 3) else 0.35 + 0.12 * i, 4)
        w, h = k["columns"] * (0.08 + 0.17 * r.random()), k["rows"] * (0.08 + 0.17 * r.random())
        box = [round(r.random() * (k["columns"] - w), 2), round(r.random() * (k["rows"] - h), 2), round(w, 2), round(h, 2)]
        one = dict(id=str(i + 1), label=label, score=score, probability=round(score * 0.8, 3), box=box)
        if not passes(label, score, 100):
            continue
        if i == 4 and candidates:
            one.update(
                alternative_to=candidates[0]["id"],
                box=candidates[0]["box"][:2] + [candidates[0]["box"][2] * 0.95, candidates[0]["box"][3] * 1.02],
            )
        candidates.append(one)
    candidates.sort(key=lambda f: -f["score"])
    counter["reading"] += 1
    return dict(
        id=counter["reading"],
        instance=instance["id"],
        reader=dict(kind="model", name=card["name"], version=card["version"], digest="a" * 64, precision="float32"),
        status="preliminary",
        made=now(),
        based_on=None,
        findings=[f for f in candidates if passes(f["label"], f["score"], rate)],
        candidates=candidates,
        image_scores={l: round(r.random() ** 3, 3) for l in LABELS},
        warnings=["The view is not known."] if r.random() < 0.3 else [],
        warning_codes=[],
        error=None,
    )


def make_instance(study, name, kind, view="PA", number=0, size=1000, ident=None, format="DICOM"):
    ident = ident or hashlib.md5(f"{study}/{number}/{name}".encode()).hexdigest()
    k = KINDS[kind]
    one = dict(
        id=ident,
        name=name,
        series=hashlib.md5(study.encode()).hexdigest(),
        format=format,
        modality="DX",
        view=view,
        laterality="U",
        body_part="CHEST",
        columns=k["columns"],
        rows=k["rows"],
        frames=1,
        size=size,
        received=now(),
        _kind=kind,
        _seed=int(ident[:6], 16),
        _study=study,
    )
    instances[ident] = one
    return one


def make_study(
    number,
    status,
    patient,
    kind="plain",
    description=None,
    ident=None,
    when=0,
    due=3600,
    views=("PA",),
    forced=False,
    names=None,
    format="DICOM",
):
    ident = ident or hashlib.md5(f"study {number}".encode()).hexdigest()
    study = dict(
        id=ident,
        patient=patient,
        age=54 if patient["birth_date"] else None,
        study_date="2026-11-29",
        received=now(when),
        due=now(due),
        status=status,
        protocol="standard",
        _class=None,
        modality="DX",
        views=[v for v in views if v],
        description=description,
        accession=f"A{number}",
        failure=None,
        signed_by=None,
        signed=None,
        _readings=[],
        _instances=[],
        stat=False,
    )
    for n, view in enumerate(views):
        study["_instances"].append(
            make_instance(ident, (names or [f"image {number}.dcm"])[0 if not names else n], kind, view, n, format=format)
        )
    if status == "failed":
        study["failure"] = "The file's pixels could not be decoded."
        counter["job"] += 1
        jobs.append(
            dict(
                id=counter["job"],
                kind="read",
                study=ident,
                instance=study["_instances"][0]["id"],
                state="failed",
                attempts=3,
                error="The file's pixels could not be decoded: unexpected end.",
                next_try=None,
                made=now(when),
            )
        )
    if status in ("read", "reviewed", "signed"):
        for i in study["_instances"]:
            study["_readings"].append(model_reading(i, i["_seed"], forced=forced))
    if status in ("reviewed", "signed"):
        last = study["_readings"][-1]
        person(
            study,
            "ben",
            [
                dict(f, instance=study["_instances"][0]["id"], origin=f["id"], decision="accepted")
                for f in last["findings"]
                if last["instance"] == study["_instances"][0]["id"]
            ],
            [],
            status == "signed",
            True,
            "",
            "",
        )
    studies[ident] = study
    return study


def person(study, user, findings, rejected, sign, complete, comment, text):
    before = any(r["reader"]["kind"] == "person" and r["status"] != "preliminary" for r in study["_readings"])
    counter["reading"] += 1
    reading = dict(
        id=counter["reading"],
        instance=None,
        reader=dict(kind="person", name=user),
        status="preliminary" if not sign else "amended" if before else "final",
        made=now(),
        based_on=study["_readings"][-1]["id"] if study["_readings"] else None,
        findings=findings,
        rejected=rejected,
        complete=complete,
        comment=comment,
        text=text,
        warnings=[],
        warning_codes=[],
        error=None,
    )
    study["_readings"].append(reading)
    study["status"] = "signed" if sign else ("signed" if study["status"] == "signed" else "reviewed")
    if sign:
        study.update(signed_by=user, signed=now())
    return reading


def row(study):
    last = {}
    for r in study["_readings"]:
        last[r["instance"] or "study"] = r
    people = [r for r in study["_readings"] if r["reader"]["kind"] == "person"]
    shown = people[-1]["findings"] if people else [f for r in last.values() for f in r["findings"]]
    best = {}
    for f in shown:
        b = best.setdefault(f["label"], dict(label=f["label"], score=f.get("score") or 1, probability=f.get("probability"), count=0))
        b["count"] += 1
        b["score"] = max(b["score"], f.get("score") or 1)
    found = sorted(best.values(), key=lambda f: -f["score"])
    cls = (
        "stat"
        if study["stat"]
        else study["status"]
        if study["status"] in ("failed", "waiting")
        else found[0]["label"]
        if found and found[0]["label"] == "Pneumothorax"
        else "other"
        if found
        else "nothing_seen"
    )
    return {
        **{k: v for k, v in study.items() if not k.startswith("_") and k != "stat"},
        "class": cls,
        "instance_count": len(study["_instances"]),
        "first_instance": study["_instances"][0]["id"],
        "findings": found,
        "revision": study["_readings"][-1]["id"] if study["_readings"] else 0,
    }


def public(i):
    out = {k: v for k, v in i.items() if not k.startswith("_")}
    study = studies[i["_study"]]
    people = [r for r in study["_readings"] if r["reader"]["kind"] == "person"]
    own = [r for r in study["_readings"] if r["instance"] == i["id"]]
    return {**out, "reading": (people or own or [None])[-1]}


def full(study, user):
    pid = study["patient"]["id"]
    priors = [row(s) for s in studies.values() if pid and s["patient"]["id"] == pid and s["id"] != study["id"]][:20] if pid else []
    return {
        **row(study),
        "instances": [public(i) for i in study["_instances"]],
        "readings": study["_readings"],
        "draft": drafts.get((user, study["id"])),
        "priors": priors,
        "jobs": [{k: v for k, v in j.items() if k not in ("study", "made")} for j in jobs if j["study"] == study["id"]],
    }


def resort():
    global order
    order = sorted(
        studies.values(),
        key=lambda s: (
            (
                s["status"] == "signed",
                s["due"] if s["status"] != "signed" else "",
            )
            if s["status"] != "signed"
            else (True, "~" + "".join(chr(0x7E - min(0x5E, ord(c) - 0x20)) for c in (s["signed"] or "")))
        ),
    )


ATTACKS = ["<img src=x onerror=alert(1)>^<b>Bold</b>", "\u202eEVIL^RTL\u202d", "صدر^سعيد", "A" * 10000, "胸部^太郎"]


def fill():
    base = time.time()
    person_of = lambda n: dict(
        name=f"{rng.choice(['DOE', 'MÜLLER', 'SMITH', 'GARCÍA', 'NOVÁK', 'ROSSI', 'LEE'])}^{rng.choice(['JANE', 'JOHN', 'ANNA', 'PETER', 'MARIA'])}",
        id=f"P{n:06d}",
        birth_date="1970-05-01",
        sex=rng.choice("FM"),
    )
    first = dict(name="DOE^JANE", id="P1", birth_date="1972-03-14", sex="F")
    n = 0
    for kind in KINDS:
        make_study(
            f"k{n}",
            "read",
            first if kind in ("voi", "large", "mono1") else person_of(900000 + n),
            kind,
            f"Chest {kind}",
            due=-3000 + n * 60,
            when=-7000,
            views=("PA", "LL") if kind == "voi" else ("PA",),
            forced=True,
        )
        n += 1
    for a in ATTACKS:
        make_study(
            f"a{n}",
            "read",
            dict(name=a, id=f"X{n}<script>", birth_date=None, sex=None),
            "plain",
            a,
            due=-1200 + n,
            views=("AP",),
            forced=True,
        )
        n += 1
    make_study("f1", "failed", person_of(1), due=900)
    make_study("w1", "waiting", person_of(2), due=1700)
    for i in range(max(0, options.studies - n - 2)):
        status = ("read", "read", "read", "reviewed", "signed", "signed", "failed" if i < 2000 and i % 35 == 34 else "read")[i % 7]
        make_study(i, status, person_of(i), "plain", "Chest PA", due=2000 + i * 7, when=-i)
    resort()


def later(study, instance, protocol):
    def work():
        time.sleep(0.4)
        emit("begun", study=study["id"], instance=instance["id"])
        time.sleep(0.8)
        with lock:
            if "broken" in instance["name"]:
                study.update(status="failed", failure="The pixels could not be read.")
                counter["job"] += 1
                jobs.append(
                    dict(
                        id=counter["job"],
                        kind="read",
                        study=study["id"],
                        instance=instance["id"],
                        state="failed",
                        attempts=3,
                        error="The pixels could not be read.",
                        next_try=None,
                        made=now(),
                    )
                )
            else:
                rate = next((p["false_boxes_per_100_images"] for p in settings["protocols"] if p["name"] == protocol), None)
                reading = model_reading(instance, instance["_seed"], rate, True)
                study["_readings"].append(reading)
                study["status"] = "read"
            resort()
        if study["status"] == "failed":
            emit("failed", study=study["id"], instance=instance["id"], reason=study["failure"])
        else:
            emit("read", study=study["id"], instance=instance["id"], reading=reading["id"])

    threading.Thread(target=work, daemon=True).start()


def take(name, body, protocol):
    digest = hashlib.md5(body).hexdigest()
    format = "DICOM" if body[128:132] == b"DICM" else "PNG" if body[:4] == b"\x89PNG" else "JPEG" if body[:2] == b"\xff\xd8" else None
    if not format:
        return None, dict(name=name, reason="This is not an image that can be read.", code="not_an_image")
    with lock:
        if digest in instances:
            return dict(id=digest, study=instances[digest]["_study"], duplicate=True, name=name), None
        ident = hashlib.md5(b"s" + body).hexdigest()
        study = make_study(
            counter["job"],
            "waiting",
            dict(name=None, id=None, birth_date=None, sex=None),
            rng.choice(["plain", "voi", "large"]),
            None,
            ident,
            due=1800,
            names=[name],
            format=format,
        )
        old = study["_instances"][0]
        del instances[old["id"]]
        old.update(id=digest, size=len(body), _seed=int(digest[:6], 16))
        instances[digest] = old
        study["protocol"] = protocol
        resort()
    emit("received", study=ident, instance=digest)
    later(study, old, protocol)
    return dict(id=digest, study=ident, duplicate=False, name=name), None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def user(self):
        m = re.search(r"pleura=([0-9a-f]+)", self.headers.get("Cookie") or "")
        return sessions.get(m.group(1)) if m else None

    def answer(self, status, body=None, kind="application/json", **headers):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for k, v in {
            "Content-Type": kind,
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **headers,
        }.items():
            self.send_header(k.replace("_", "-"), v)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204:
            self.wfile.write(data)

    def problem(self, status, detail="", code="", **more):
        self.answer(
            status,
            dict(type="about:blank", title=str(status), status=status, detail=detail, code=code, **more),
            "application/problem+json",
            **({"Retry-After": str(more["wait"])} if "wait" in more else {}),
        )

    def login(self, name):
        token = hashlib.md5(str(random.random()).encode()).hexdigest()
        sessions[token] = name
        return {"Set-Cookie": f"pleura={token}; HttpOnly; SameSite=Strict; Path=/"}

    def handle_any(self):
        parts = urlsplit(self.path)
        path, query = parts.path, {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        method = self.command
        if path == "/":
            if "token" in query:
                if query["token"] in tokens:
                    tokens.discard(query["token"])
                    return self.answer(303, None, Location="/", **self.login("ann"))
                return self.answer(303, None, Location="/#/login?used")
            return self.answer(200, pathlib.Path(options.assets, "index.html").read_bytes(), "text/html; charset=utf-8")
        if path.startswith("/assets/"):
            f = pathlib.Path(options.assets, path[8:])
            if not f.is_file():
                return self.problem(404)
            kind = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}.get(
                f.suffix, "application/octet-stream"
            )
            return self.answer(200, f.read_bytes(), kind + "; charset=utf-8")
        if path.startswith("/mock"):
            return self.mock(path, json.loads(body or b"{}"))
        if path == "/api/v1/health":
            return self.answer(200, dict(status="ok", version="0.1.0", reader="ready", waiting=0, disk_free_bytes=10**12))
        if path == "/api/v1/session" and method == "POST":
            try:
                asked = json.loads(body)
            except ValueError:
                return self.problem(422)
            count, until = failures.get(asked["name"], (0, 0))
            if until > time.time():
                return self.problem(429, "", "too_many", wait=int(until - time.time()) + 1)
            u = users.get(asked["name"])
            if not u or u["disabled"] or u["password"] != asked["password"]:
                failures[asked["name"]] = (count + 1, time.time() + 5 if count + 1 >= 5 else 0)
                note(asked["name"], "login.failed")
                return self.problem(401)
            note(asked["name"], "login")
            return self.answer(204, None, **self.login(asked["name"]))
        user = self.user()
        if not user:
            return self.problem(401, "Log in.", "no_session")
        admin = users[user]["role"] == "administrator"
        p = path.removeprefix("/api/v1/").split("/")
        data = None
        if body and p[0] != "instances":
            try:
                data = json.loads(body)
            except ValueError:
                return self.problem(422)
        with lock:
            pass
        if p == ["session"]:
            if method == "DELETE":
                for t in [t for t, u in sessions.items() if u == user]:
                    sessions.pop(t)
                return self.answer(204)
            return self.answer(
                200,
                dict(
                    user=user,
                    role=users[user]["role"],
                    accounts=True,
                    expires=now(36000),
                    version="0.1.0",
                    notice=NOTICE,
                    preferences=preferences.get(user, {}),
                ),
            )
        if p == ["session", "preferences"]:
            preferences[user] = data
            return self.answer(204)
        if p == ["session", "password"]:
            if data["old"] != users[user]["password"]:
                return self.problem(403)
            if len(data["new"]) < 8:
                return self.problem(422, "At least 8 characters.")
            users[user]["password"] = data["new"]
            return self.answer(204)
        if p == ["reader"]:
            return self.answer(
                200,
                dict(
                    name=card["name"],
                    version=card["version"],
                    digest="a" * 64,
                    summary=card["summary"],
                    labels=[dict(id=i + 1, name=l, colour=c) for i, (l, c) in enumerate(zip(LABELS, COLOURS))],
                    score_threshold=card["score_threshold"],
                    rates=[1, 2, 5, 10, 20, 50, 100],
                    operating_points=[o for o in card["operating_points"]],
                    calibrated=True,
                    sureness=[{"from": 0, "word": "unlikely"}, {"from": 0.25, "word": "possible"}, {"from": 0.6, "word": "likely"}],
                ),
            )
        if p == ["settings"]:
            if method == "PUT":
                if not admin:
                    return self.problem(403)
                if not data.get("protocols"):
                    return self.problem(422, "At least one protocol.")
                settings.clear()
                settings.update(data)
                emit("settings")
            return self.answer(200, settings)
        if p == ["instances"] and method == "POST":
            name = query.get("name", "file")
            if "proxy" in name:
                return self.answer(413, b"<html><h1>413 Request Entity Too Large</h1></html>", "text/html")
            if length > 60_000_000:
                return self.problem(413, "", "too_large", maximum_bytes=60_000_000)
            took, refused = [], []
            if body[:2] == b"PK":
                with zipfile.ZipFile(io.BytesIO(body)) as z:
                    for n in z.namelist():
                        if n.endswith("/"):
                            continue
                        a, b = take(n, z.read(n), query.get("protocol", settings["default_protocol"]))
                        took.append(a) if a else refused.append(b)
            else:
                a, b = take(name, body, query.get("protocol", settings["default_protocol"]))
                took.append(a) if a else refused.append(b)
            if took:
                return self.answer(201, dict(instances=took, refused=refused))
            return self.problem(422, "Nothing was taken.", "refused", instances=took, refused=refused)
        if p == ["studies"]:
            status, q, finding, limit = (
                query.get("status", "all"),
                query.get("q", "").lower(),
                query.get("finding", ""),
                int(query.get("limit", 50)),
            )
            start = int(query.get("after") or 0)
            out, at = [], start
            with lock:
                while at < len(order) and len(out) < limit:
                    s = order[at]
                    at += 1
                    if status != "all" and (status == "open") != (s["status"] != "signed") and status == "open":
                        continue
                    if status not in ("all", "open") and s["status"] != status:
                        continue
                    if q and not all(
                        w
                        in f"{s['patient']['name']} {s['patient']['id']} {s['description']} {s['accession']} {s['_instances'][0]['name']}".lower()
                        for w in q.split()
                    ):
                        continue
                    r = row(s)
                    if (
                        finding == "none"
                        and r["findings"]
                        or finding not in ("", "none")
                        and not any(f["label"] == finding for f in r["findings"])
                    ):
                        continue
                    out.append(r)
                counts = dict.fromkeys(("waiting", "read", "failed", "reviewed", "signed"), 0)
                for s in order:
                    counts[s["status"]] += 1
            return self.answer(200, dict(studies=out, next=str(at) if at < len(order) else None, counts=counts))
        if p == ["destinations"]:
            return self.answer(200, dict(destinations=[]))
        if p == ["deliveries"] or (p[0] == "studies" and p[-1] == "deliveries"):
            return self.answer(200, dict(deliveries=[], next=None))
        if p[0] == "studies":
            study = studies.get(p[1])
            if not study:
                return self.problem(404)
            if len(p) == 2:
                note(user, "study.view", study["id"])
                return self.answer(200, full(study, user))
            if p[2] == "draft":
                if method == "DELETE":
                    drafts.pop((user, study["id"]), None)
                else:
                    drafts[(user, study["id"])] = dict(based_on=data["based_on"], saved=now(), content=data["content"])
                return self.answer(204)
            if p[2] == "urgency":
                study["stat"] = data["urgency"] == "stat"
                emit("changed", study=study["id"])
                return self.answer(200, row(study))
            if p[2] == "report":
                r = next(
                    (r for r in study["_readings"] if str(r["id"]) == query.get("reading")),
                    study["_readings"][-1] if study["_readings"] else None,
                )
                de = query.get("language") == "de"
                lines = [("Befund" if de else "Findings") + ":"] + [
                    f"- {f['label']}, {'rechts' if de else 'right'}, {'Mittelfeld' if de else 'mid zone'}: {'wahrscheinlich' if de else 'likely'}"
                    for f in (r or {}).get("findings", [])
                ]
                return self.answer(200, dict(language=query.get("language", "en"), text="\n".join(lines + ["", NOTICE])))
            if p[2] == "review":
                with lock:
                    revision = study["_readings"][-1]["id"] if study["_readings"] else 0
                    if data.get("based_on") is not None and data["based_on"] < revision:
                        return self.problem(
                            409,
                            "",
                            "newer_reading",
                            revision=revision,
                            readings=[r for r in study["_readings"] if r["id"] > data["based_on"]],
                        )
                    findings, rejected = [], []
                    for n, f in enumerate(data["findings"]):
                        if f["label"] not in LABELS:
                            return self.problem(422, "label")
                        one = dict(f, id=str(n + 1))
                        model = next(
                            (
                                m
                                for r in study["_readings"]
                                if r["instance"] == f.get("instance")
                                for m in r.get("candidates", [])
                                if m["id"] == f.get("origin")
                            ),
                            None,
                        )
                        if model:
                            one.update(score=model["score"], probability=model["probability"])
                        one.setdefault("decision", "accepted" if model else "added")
                        if one["decision"] == "rejected" and not one.get("reason"):
                            return self.problem(422, "reason")
                        (rejected if one["decision"] == "rejected" else findings).append(one)
                    reading = person(study, user, findings, rejected, data["sign"], data["complete"], data["comment"], data["text"])
                    drafts.pop((user, study["id"]), None)
                    resort()
                note(user, "review.sign" if data["sign"] else "review.save", study["id"])
                emit("review", study=study["id"], reading=reading["id"], user=user, status=reading["status"])
                return self.answer(201, reading)
        if p[0] == "instances":
            i = instances.get(p[1])
            if not i:
                return self.problem(404)
            about, packed, png = picture(i)
            if p[2] == "pixels":
                return self.answer(200, packed, "application/octet-stream", X_Pleura_Image=json.dumps(about), Content_Encoding="gzip")
            return self.answer(200, png, "image/png", Cache_Control="private, max-age=60")
        if p == ["jobs"]:
            return self.answer(200, dict(jobs=[j for j in jobs if j["state"] == query.get("state", j["state"])]))
        if p[0] == "jobs":
            job = next((j for j in jobs if str(j["id"]) == p[1]), None)
            if not job:
                return self.problem(404)
            jobs.remove(job)
            if p[2] == "retry":
                study = studies[job["study"]]
                study.update(status="waiting", failure=None)
                later(study, instances[job["instance"]], study["protocol"])
                emit("changed", study=study["id"])
                return self.answer(202, {})
            emit("changed", study=job["study"])
            return self.answer(204)
        if p[0] == "users":
            if not admin:
                return self.problem(403)
            if method == "POST":
                if data["name"] in users:
                    return self.problem(409, "", "exists")
                users[data["name"]] = dict(password=data["password"], role=data["role"], disabled=False, made=now(), last_login=None)
                return self.answer(201, dict(name=data["name"], role=data["role"]))
            if method == "PATCH":
                users[unquote(p[1])].update(data)
                return self.answer(200, {})
            return self.answer(200, dict(users=[dict({k: v for k, v in u.items() if k != "password"}, name=n) for n, u in users.items()]))
        if p == ["audit"]:
            if not admin:
                return self.problem(403)
            after, limit = int(query.get("after") or 10**9), int(query.get("limit", 50))
            found = [
                e
                for e in reversed(audit)
                if e["number"] < after
                and (not query.get("user") or e["user"] == query["user"])
                and (not query.get("study") or e["study"] == query["study"])
            ]
            return self.answer(
                200, dict(entries=found[:limit], next=found[limit - 1]["number"] if len(found) > limit else None, chain="intact")
            )
        if p == ["events"]:
            return self.events()
        return self.problem(404)

    def events(self):
        q = queue.Queue()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        with lock:
            listeners.append(q)
            last = self.headers.get("Last-Event-ID")
            if last:
                for e in history:
                    if e[0] > int(last):
                        q.put(e)
        try:
            self.wfile.write(b": hello\n\n")
            self.wfile.flush()
            while True:
                try:
                    n, kind, data = q.get(timeout=15)
                    self.wfile.write(f"id: {n}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        except OSError:
            pass
        finally:
            listeners.remove(q)
            self.close_connection = True

    def mock(self, path, data):
        what = path.removeprefix("/mock").strip("/")
        if what == "expire":
            sessions.clear()
        elif what == "token":
            tokens.add(data["token"])
        elif what == "listeners":
            return self.answer(200, dict(count=len(listeners)))
        elif what == "review":
            with lock:
                study = studies[data["study"]]
                reading = person(
                    study,
                    "ben",
                    [
                        dict(
                            id="1", label="Mass", box=[30, 40, 120, 90], instance=study["_instances"][0]["id"], decision="added", score=None
                        )
                    ],
                    [],
                    False,
                    False,
                    "I see a mass",
                    "",
                )
            emit("review", study=study["id"], reading=reading["id"], user="ben", status="preliminary")
        return self.answer(200, {})

    def do(self):
        try:
            self.handle_any()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception as error:
            import traceback

            traceback.print_exc()
            self.problem(500, str(error))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


fill()
for n in range(130):
    note("ann", rng.choice(["study.view", "login", "review.sign", "settings.change"]), order[n % len(order)]["id"], "")
server = Server(("127.0.0.1", options.port), Handler)
print(f"http://127.0.0.1:{server.server_port}/?token=once", flush=True)
server.serve_forever()
