"""Places, ratio, quality and maps on the page, in a real browser: workstation_anatomy.py CHROMIUM [--anatomy DIR] [--shots FOLDER]

A drawn chest, the same inverted and upside down, and two films on one image, read by nih8-fast beside the model `anatomy`. One line a check, exit 1 if one failed.
The model is a copy whose card says that every occlusion map passed its test: what is looked at is where a map lies, not whether it is worth showing.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import expect, sync_playwright
from reading_room import ROOT, reading_room

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("chromium")
options.add_argument("--anatomy", type=pathlib.Path, default=ROOT / "Models/anatomy")
options.add_argument("--shots", type=pathlib.Path, help="pictures of the views go here")
options = options.parse_args()
if not (options.anatomy / "card.json").exists():
    print(f"skip places and ratio on the page (there is no model {options.anatomy.name})", flush=True)
    sys.exit(0)
failed = []

CHANGE = """async ([bytes, kind]) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + bytes)).blob());
  const {width, height} = image, canvas = new OffscreenCanvas(kind === 'two' ? 2 * width : width, height);
  const context = canvas.getContext('2d');
  if (kind === 'wrong') { context.translate(width, height); context.rotate(Math.PI); }
  context.drawImage(image, 0, 0);
  if (kind === 'two') context.drawImage(image, width, 0);
  if (kind === 'wrong') { context.globalCompositeOperation = 'difference'; context.fillStyle = 'white'; context.fillRect(0, 0, width, height); }
  const made = new Uint8Array(await (await canvas.convertToBlob({type: 'image/png'})).arrayBuffer());
  let text = ''; for (const one of made) text += String.fromCharCode(one);
  return btoa(text); }"""


def check(name, value, more=""):
    print("ok  " if value else "FAIL", name, more if not value else "", flush=True)
    if not value:
        failed.append(name)
    return value


def api(page, path):
    return page.evaluate("async path => (await fetch('/api/v1/' + path)).json()", path)


def pane(page, expression):
    return page.locator(".study .pane").first.evaluate(f"node => node.pane.{expression}")


def near(one, other, slack):
    return all(abs(a - b) <= slack for a, b in zip(one, other))


def model_with_maps(folder):
    """nih8-fast, its occlusion maps said to have passed."""
    shutil.copytree(ROOT / "Models/nih8-fast", folder)
    card = json.loads((folder / "card.json").read_text())
    names = [line.split("'")[1] for line in (folder / "label_map.pbtxt").read_text().splitlines() if "name:" in line and "'" in line]
    names = names or [line.split('"')[1] for line in (folder / "label_map.pbtxt").read_text().splitlines() if "name:" in line]
    card["explanations"] = [
        {"finding": name, "map": map_, "shown": map_ == "occlusion", "reason": None if map_ == "occlusion" else "left out of this test",
         "detections": 20, "split": "none: a test of the page"}
        for name in names for map_ in ("occlusion", "score_map")
    ]
    for verdict in card["explanations"]:
        if verdict["reason"] is None:
            del verdict["reason"]
    (folder / "card.json").write_text(json.dumps(card, indent=2, sort_keys=True))
    lines = [
        f"{hashlib.sha256((folder / line.split()[1]).read_bytes()).hexdigest()}  {line.split()[1]}"
        for line in (folder / "checksums.sha256").read_text().splitlines()
    ]
    (folder / "checksums.sha256").write_text("\n".join(lines) + "\n")
    return folder


def open_study(page, ident):
    page.evaluate("hash => { location.hash = hash; }", f"#/study/{ident}")
    page.wait_for_selector(".study .pane[data-shown]", timeout=30_000)
    page.wait_for_timeout(400)


def shot(page, name):
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.shots / f"{name}.png")


def explain(page):
    """Asks why of the first finding and lays its map over the image; returns where the map's middle of heat lies, in pixels of the image."""
    page.locator(".findings-list .main").first.click()
    page.locator("[data-act=explain]").first.click()
    page.wait_for_selector("[data-map=occlusion], [data-hidden=occlusion]", timeout=120_000)
    if page.locator("[data-map=occlusion]").count() == 0:
        return None
    page.locator("[data-map=occlusion]").first.click()
    page.wait_for_timeout(300)
    return page.locator(".study .pane").first.evaluate("""node => { const map = node.pane.heatMap, canvas = node.querySelector('.heat canvas');
      let best = [0, 0, -1]; map.values.forEach((row, y) => row.forEach((value, x) => { if (value > best[2]) best = [x, y, value]; }));
      const seen = new DOMMatrix(getComputedStyle(canvas).transform).transformPoint(new DOMPoint(best[0] + .5, best[1] + .5));
      return node.pane.viewport.toImage(seen.x, seen.y); }""")


with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
    folder = pathlib.Path(name)
    subprocess.run(
        [ROOT / ".build/release/pleura", "phantom", "--count", "15", "--seed", "5", "--out", folder / "phantoms"], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
    images = folder / "images"
    images.mkdir()
    film = (folder / "phantoms/images/phantom_00015.png").read_bytes()
    blank = browser.new_page()
    for kind in ("upright", "wrong", "two"):
        made = blank.evaluate(CHANGE, [base64.b64encode(film).decode(), kind])
        (images / f"{kind}.png").write_bytes(base64.b64decode(made))
    blank.close()
    model = model_with_maps(folder / "model")
    with reading_room(model=model, arguments=["--anatomy-model", str(options.anatomy), "--add", str(images)]) as room:
        context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="en-GB")
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(room.link)
        studies = {}
        for _ in range(240):
            rows = api(page, "studies?limit=50")["studies"]
            if len(rows) == 3 and all(row["status"] != "waiting" for row in rows):
                break
            time.sleep(0.5)
        for row in rows:
            study = api(page, "studies/" + row["id"])
            studies[study["instances"][0]["name"].split(".")[0]] = study
        check("three films are read", set(studies) == {"upright", "wrong", "two"}, str(list(studies)))

        upright, turned, two = (studies[kind] for kind in ("upright", "wrong", "two"))
        said, seen = upright["readings"][-1], turned["readings"][-1]
        check("the upright film has places and a ratio", said.get("ratio") and all(one["place"].get("zone") for one in said["findings"]))
        open_study(page, upright["id"])
        place = page.locator(".findings-list .place-text").first.inner_text()
        check("a finding is named by its place", "right lower zone" in place, place)
        ratio = page.locator(".measures .ratio").inner_text()
        check("the ratio has its error bar", ratio.startswith("Cardiothoracic ratio 0.") and "±" in ratio, ratio)
        told = " ".join(page.locator(".quality-bar li").all_inner_texts())
        check("nothing is put right on a good film", "put" not in told, told)
        check(
            "borders and both lines lie over the image",
            page.locator(".anatomy .outline").count() == 3 and page.locator(".anatomy [data-line]").count() == 2)
        line = page.locator(".anatomy [data-line=heart]").get_attribute("d").split("M")[1].replace("L", " ").split()
        ends = [pane(page, f"viewport.toImage({line[0]}, {line[1]})"), pane(page, f"viewport.toImage({line[2]}, {line[3]})")]
        heart = said["ratio"]["heart"]
        check("the heart's line lies where the reading says", near([ends[0][0], ends[1][0], ends[0][1]], [heart["left"], heart["right"], heart["y"]], 1))
        shot(page, "anatomy")
        page.keyboard.press("h")
        page.wait_for_timeout(200)
        check("the layer can be switched off", page.locator(".anatomy path").count() == 0)
        page.keyboard.press("h")
        page.wait_for_timeout(200)
        check("and on again", page.locator(".anatomy .outline").count() == 3)
        hottest = explain(page)
        box = said["findings"][0]["box"]
        check(
            "the map is hottest near the box",
            hottest and box[0] - box[2] <= hottest[0] <= box[0] + 2 * box[2] and box[1] - box[3] <= hottest[1] <= box[1] + 2 * box[3],
            f"{hottest} {box}")
        shot(page, "explained")

        open_study(page, turned["id"])
        told = page.locator(".quality-bar li").evaluate_all("all => all.map(one => [one.dataset.code, one.className])")
        check("what was put right stands above the image", ["inverted", "mended"] in told and ["turned", "mended"] in told, str(told))
        words = page.locator(".quality-bar").inner_text()
        check("in a sentence with its number", "Black and white were exchanged" in words and "180 degrees" in words, words)
        check(
            "its places and its ratio are the upright film's",
            [one.get("place") for one in seen["findings"]] == [one.get("place") for one in said["findings"]]
            and abs(seen["ratio"]["value"] - said["ratio"]["value"]) < 0.02, f"{seen.get('ratio')}")
        side = upright["instances"][0]["columns"]
        check(
            "its lines lie in its own pixels",
            near([side - seen["ratio"]["heart"]["right"], side - seen["ratio"]["heart"]["left"]], [heart["left"], heart["right"]], side / 64))
        page.locator("[data-act=as-seen]").click()
        page.wait_for_timeout(300)
        check("one press shows it as the model saw it", pane(page, "isInverted") and pane(page, "viewport.quarters") == 2)
        again = explain(page)
        check(
            "its map lies in its own pixels", again and hottest and near([side - again[0], side - again[1]], hottest, side / 12),
            f"{again} {hottest}")
        shot(page, "mended")

        open_study(page, two["id"])
        check("two films on one image are refused, and it says why", page.locator(".quality-bar .refused").count() == 1)
        check(
            "nothing is made up of them",
            page.locator(".anatomy path").count() == 0 and page.locator(".measures:visible").count() == 0
            and page.locator(".findings-list li").count() == 0)
        shot(page, "refused")
        german = browser.new_context(viewport={"width": 1360, "height": 900}, locale="de-DE", storage_state=context.storage_state())
        other = german.new_page()
        other.goto(room.base + f"/#/study/{upright['id']}")
        expect(other.locator(".measures .ratio")).to_contain_text("Herz-Thorax-Quotient 0,", timeout=30_000)
        check("in German too", "rechts im Unterfeld" in other.locator(".findings-list").inner_text())
        shot(other, "german")
        check("no error on the page", not wrong, str(wrong))
    browser.close()
sys.exit(1 if failed else 0)
