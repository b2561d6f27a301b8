"""The learning loop on the page, in a real browser, from reviews to a promoted model and back: workstation_improvement.py CHROMIUM [--shots FOLDER]

Drawn chests are read by nih8-fast; some are reviewed with the keys, others by the interface for programs; their events, dataset, candidate (two steps
of training: what is looked at is the way, not the gain), gate and shadow are made by the command line; the page promotes and takes back.
Without pleura-train a bundle with another version takes the candidate's place, and that is said. One line a check, exit 1 if one failed.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright
from reading_room import ROOT, reading_room

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("chromium")
options.add_argument("--shots", type=pathlib.Path, help="pictures of the views go here")
options = options.parse_args()
failed = []
PLEURA = ROOT / ".build/release/pleura"


def check(name, value, more=""):
    print("ok  " if value else "FAIL", name, more if not value else "", flush=True)
    if not value:
        failed.append(name)
    return value


def run(*words, allowed=(0,)):
    ended = subprocess.run([str(word) for word in (PLEURA, *words)], capture_output=True, text=True)
    if ended.returncode not in allowed:
        print(ended.stdout, ended.stderr, sep="\n")
        raise SystemExit(f"pleura {words[0]} {words[1]} ended with {ended.returncode}")
    return ended


def api(page, path, body=None):
    return page.evaluate(
        """async ([path, body]) => { const answer = await fetch('/api/v1/' + path, body === null ? {} : {method: 'POST',
          headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)}); return [answer.status, await answer.json().catch(() => null)]; }""",
        [path, body])


def renamed(source, target):
    """The same network as another version: what a candidate is where nothing can be trained."""
    shutil.copytree(source, target)
    card = json.loads((target / "card.json").read_text())
    card["version"] += "+site"
    (target / "card.json").write_text(json.dumps(card, indent=2, sort_keys=True))
    lines = [f"{hashlib.sha256((target / line.split()[1]).read_bytes()).hexdigest()}  {line.split()[1]}"
             for line in (target / "checksums.sha256").read_text().splitlines()]
    (target / "checksums.sha256").write_text("\n".join(lines) + "\n")
    return target


def shot(page, name):
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.shots / f"{name}.png", full_page=True)


def reading(page):
    return api(page, "improvement")[1]["reading"]


def wait(seconds, ask):
    end = time.time() + seconds
    while time.time() < end:
        if ask():
            return True
        time.sleep(0.25)
    return False


with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
    folder = pathlib.Path(name)
    run("phantom", "--count", 260, "--seed", 11, "--out", folder / "locked", "--quiet")
    run("phantom", "--count", 12, "--seed", 12, "--out", folder / "own", "--quiet")
    run("improve", "reference", folder / "locked", "--quiet")
    browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
    with reading_room(arguments=["--add", str(folder / "own/images"), "--anatomy-model", "none"]) as room:
        archive = pathlib.Path(room.folder.name) / "archive"
        site = ["--site", archive / "improvement"]
        run("improve", "adopt", "nih8-fast", "--by", "Ann Example", "--reason", "released", *site)
        context = browser.new_context(viewport={"width": 1360, "height": 1000}, locale="en-GB")
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(room.link)
        rows = []
        for _ in range(480):
            rows = api(page, "studies?limit=50")[1]["studies"]
            if len(rows) == 12 and all(row["status"] != "waiting" for row in rows):
                break
            time.sleep(0.5)
        check("twelve studies were read", len(rows) == 12)
        # One study by the page: complete, signed.
        page.evaluate("hash => { location.hash = hash; }", f"#/study/{rows[0]['id']}")
        page.wait_for_selector(".study .pane[data-shown]", timeout=30_000)
        page.wait_for_timeout(500)
        page.keyboard.press("e")
        page.keyboard.press("s")
        page.wait_for_selector("dialog", timeout=10_000)
        rest = page.locator("dialog input[name=rest]").first
        if rest.count():
            rest.check()
        page.locator("dialog button.primary").first.click()
        check("a study is signed on the page", wait(20, lambda: api(page, f"studies/{rows[0]['id']}")[1]["status"] == "signed"))
        for row in rows[1:]:
            study = api(page, f"studies/{row['id']}")[1]
            said = [finding for reading_ in study["readings"] for finding in reading_["findings"]] if "readings" in study else []
            found = [dict(label=one["label"], box=one["box"], origin=one["id"], instance=study["instances"][0]["id"]) for one in said]
            if found:
                found[0].update(decision="rejected", reason="rib")
            status, answer = api(page, f"studies/{row['id']}/review", dict(
                based_on=study.get("revision"), findings=found, complete=True, comment="", text="", sign=True))
            if status not in (200, 201):
                check("a study is signed by the interface", False, f"{status} {answer}")
        events = json.loads(run("improve", "events", "--data", archive, "--json", "-").stdout)
        check("reviews are events", events["kinds"].get("complete", 0) >= 10 and events["events"] >= 12, str(events))
        run("improve", "dataset", "--data", archive, "--out", folder / "reviews", "--locked", folder / "locked")
        grown = json.loads((folder / "reviews/annotations.json").read_text())
        check("a dataset grew", len(grown["images"]) >= 11, str(len(grown["images"])))
        trainer = ROOT / ".build/release/pleura-train"
        if trainer.exists() and (ROOT / ".build/release/pleura-trainer").exists():
            run("phantom", "--count", 20, "--seed", 13, "--out", folder / "old", "--quiet")
            run("improve", "train", "--dataset", folder / "reviews", "--old", folder / "old", "--run", folder / "night", "--steps", 2, "--room",
                room.base, *site)
            candidate = folder / "night/training/bundle"
            check("a candidate was trained", (candidate / "card.json").exists())
        else:
            print("skip the training (pleura-train is not built); another version of the same network is the candidate", flush=True)
            candidate = renamed(ROOT / "Models/nih8-fast", folder / "candidate")
        gate = run("improve", "gate", candidate, "--reference", folder / "locked", "--draws", 500, "--timed", 0, "--json", folder / "gate.json",
                   "--by", "Ann Example", *site, allowed=(0, 1))
        report = json.loads((folder / "gate.json").read_text())
        print("     the gate says:", report["verdict"], flush=True)
        digest = report["candidate"]["digest"]
        if report["verdict"] not in ("better", "no worse"):
            status, answer = api(page, "improvement/promote", dict(model=digest, reason="all the same"))
            check("what the gate did not let through cannot be promoted", status == 409, f"{status} {answer}")
            # Another version of the same network is as good, and this set has enough cases to show it.
            run("improve", "gate", renamed(ROOT / "Models/nih8-fast", folder / "same"), "--reference", folder / "locked", "--draws", 500, "--timed", 0,
                "--json", folder / "gate.json", "--by", "Ann Example", *site, allowed=(0, 1))
            report = json.loads((folder / "gate.json").read_text())
            digest = report["candidate"]["digest"]
            print("     of another version of the same network it says:", report["verdict"], flush=True)
        run("improve", "shadow", archive / "improvement/models" / digest[:16], "--data", archive)
        run("improve", "watch", "--data", archive, "--usual", 50)

        page.evaluate("location.hash = '#/improvement'")
        page.wait_for_selector("tr[data-kind=gate]", timeout=20_000)
        shot(page, "learning")
        check("the page says that the chains are whole", "whole" in page.locator("[role=status]").first.inner_text())
        check("the gate's words are on the page", page.locator("tr[data-kind=gate] pre").count() >= 1)
        check("the shadow is on the page", "has read 12 images" in page.locator(".inner").inner_text())
        before = reading(page)
        if report["verdict"] in ("better", "no worse"):
            page.locator("button[data-model]").first.click()
            page.locator("dialog input").fill("it was tried")
            page.locator("dialog button.primary").click()
            check("a promotion takes effect", wait(15, lambda: reading(page) == digest))
            page.wait_for_timeout(3000)
            shot(page, "promoted")
            page.get_by_role("button", name="Take back the model before").click()
            page.locator("dialog input").fill("complaints")
            start = time.time()
            page.locator("dialog button.primary").click()
            check("a rollback takes effect", wait(15, lambda: reading(page) == before))
            print(f"     after {time.time() - start:.1f} s the model before reads", flush=True)
        else:
            check("the gate lets a model through that is as good", False, report["verdict"])
        page.evaluate("location.hash = '#/settings'")
        page.evaluate("location.hash = '#/improvement'")
        page.wait_for_selector("tr[data-kind=gate]", timeout=20_000)
        kinds = page.locator("tbody tr[data-kind]").evaluate_all("rows => rows.map(row => row.dataset.kind)")
        check("all that was done is listed", kinds[-1] == "adopt" and "gate" in kinds, str(kinds))
        # A forged change is told and stops all further ones.
        log = archive / "improvement/changes.jsonl"
        text = log.read_text()
        log.write_text(text.replace('"Ann Example"', '"Ben Example"', 1))
        page.evaluate("location.hash = '#/settings'")
        page.evaluate("location.hash = '#/improvement'")
        check("a forged change is named on the page", wait(10, lambda: "change 1" in page.locator("[role=status]").first.inner_text()))
        status, _ = api(page, "improvement/rollback", dict(reason="x"))
        check("and stops further changes", status == 409, str(status))
        log.write_text(text)
        check("no error in the page's scripts", not wrong, "; ".join(wrong))
    browser.close()
sys.exit(1 if failed else 0)
