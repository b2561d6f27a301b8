"""A CT scan on the page, in a real browser: workstation_scan.py CHROMIUM [--shots FOLDER]

Two drawn scans of one patient are sent; what the panes show is compared with the files as this script reads them. One line a check, exit 1 if one failed.
"""

import argparse
import csv
import pathlib
import re
import struct
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


def check(name, value, more=""):
    print("ok  " if value else "FAIL", name, more if not value else "", flush=True)
    if not value:
        failed.append(name)
    return value


def element(data, tag):
    """The value of an element of a file with explicit value representations; text as it stands, pixels as bytes."""
    at = data.index(struct.pack("<HH", *tag))
    if data[at + 4 : at + 6] in (b"OW", b"OB", b"UN"):
        (size,) = struct.unpack_from("<I", data, at + 8)
        return data[at + 12 : at + 12 + size]
    (size,) = struct.unpack_from("<H", data, at + 6)
    return data[at + 8 : at + 8 + size]


def slices_of(folder):
    """Hounsfield units of each slice, the one at the head first."""
    found = []
    for path in folder.glob("*.dcm"):
        data = path.read_bytes()
        position = [float(one) for one in element(data, (0x0020, 0x0032)).decode().split("\\")]
        intercept = float(element(data, (0x0028, 0x1052)).decode())
        columns = struct.unpack("<H", element(data, (0x0028, 0x0011)))[0]
        pixels = struct.unpack(f"<{columns * columns}H", element(data, (0x7FE0, 0x0010))[: 2 * columns * columns])
        found.append((position[2], columns, intercept, pixels))
    return [(columns, intercept, pixels) for _, columns, intercept, pixels in sorted(found, reverse=True)]


def api(page, path):
    return page.evaluate("async path => (await fetch('/api/v1/' + path)).json()", path)


def pane(page, plane, expression, last=False):
    panes = page.locator(f".plane-pane[data-plane={plane}]")
    return (panes.last if last else panes.first).evaluate(f"node => node.pane.{expression}")


def settled(page, plane="axial", last=False):
    """Waits until the pane shows the slice that it should."""
    for _ in range(200):
        if pane(page, plane, "shownIndex", last) == pane(page, plane, "index", last) and not pane(page, plane, "isLoading", last):
            return True
        page.wait_for_timeout(50)
    return False


def shot(page, name):
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.shots / f"{name}.png")


with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
    folder = pathlib.Path(name)
    subprocess.run(
        [ROOT / ".build/release/pleura", "phantom", "--ct", "--count", "2", "--matrix", "192", "--slice-spacing", "2.5", "--seed", "7"]
        + ["--nodules", "3", "--out", folder / "scans"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    first, second = folder / "scans/scan-0001", folder / "scans/scan-0002"
    own = slices_of(first)
    patients = [element(next(one.glob("*.dcm")).read_bytes(), (0x0010, 0x0020)) for one in (first, second)]
    for path in second.glob("*.dcm"):
        data = path.read_bytes()
        path.write_bytes(data.replace(patients[1], patients[0]))
    browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
    with reading_room(arguments=["--add", str(folder / "scans")]) as room:
        context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="en-GB")
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(room.link)
        count = len(list(first.glob("*.dcm"))) + len(list(second.glob("*.dcm")))
        for _ in range(240):
            rows = api(page, "studies?limit=50")["studies"]
            if sum(row["instance_count"] for row in rows) == count and all(row["status"] != "waiting" for row in rows):
                break
            time.sleep(0.5)
        studies = [api(page, "studies/" + row["id"]) for row in rows]
        check("two studies of one patient", len(studies) == 2 and all(len(study["priors"]) == 1 for study in studies), f"{len(studies)}")
        study = next(one for one in studies if len(one["instances"]) == len(own) and re.match("0*1|.*0001|slice", one["instances"][0]["name"]))
        # Which of the two it is, its pixels tell.
        for one in studies:
            scan = api(page, f"instances/{one['instances'][0]['id']}/scan")
            plane = page.evaluate(
                """async ([id, index]) => { const answer = await fetch(`/api/v1/instances/${id}/scan/axial/${index}`);
                return [...new Int16Array(await answer.arrayBuffer())]; }""", [one["instances"][0]["id"], len(own) // 2])
            columns, intercept, pixels = own[len(own) // 2]
            if plane == [round(value + intercept) for value in pixels]:
                study, size = one, scan["size"]
        check("a plane is the file's, value for value", size == [own[0][0], own[0][0], len(own)], str(size))

        page.evaluate("hash => { location.hash = hash; }", f"#/study/{study['id']}")
        page.wait_for_selector(".study .pane[data-shown]", timeout=30_000)
        page.locator("a[href^='#/scan/']").click()
        page.wait_for_selector(".scan[data-shown]", timeout=60_000)
        for plane in ("axial", "coronal", "sagittal"):
            check(f"the {plane} plane is shown", settled(page, plane))
        middle = pane(page, "axial", "index")
        check("it begins in the middle", middle == (len(own) - 1) // 2, str(middle))
        shot(page, "scan")

        columns, intercept, pixels = own[middle]
        grey = page.locator(".plane-pane[data-plane=axial]").evaluate(
            """node => { const {pane} = node, context = pane.source.getContext('2d');
            return [...context.getImageData(0, 0, pane.image.columns, pane.image.rows).data].filter((_, at) => at % 4 === 0); }""")
        window = [max(0, min(255, int((value + intercept + 600 + 750) * 255 / 1500))) for value in pixels]
        check("greys are those of the lung window", all(abs(a - b) <= 1 for a, b in zip(grey, window)))
        page.keyboard.press("2")
        page.wait_for_timeout(150)
        check("2 is the mediastinum", pane(page, "axial", "window.center") == 40 and page.locator(".scan .preset").input_value() == "mediastinum")
        page.keyboard.press("1")

        axial = page.locator(".plane-pane[data-plane=axial]")
        box = axial.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.wheel(0, 120)
        settled(page)
        check("the wheel goes to the next slice", pane(page, "axial", "index") == middle + 1)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("PageUp")
        settled(page)
        check("keys go back", pane(page, "axial", "index") == middle - 10, str(pane(page, "axial", "index")))
        page.keyboard.press("Home")
        settled(page)
        check("Home is at the head", pane(page, "axial", "index") == 0)
        page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.45)
        voxel = pane(page, "axial", "cursor")
        settled(page, "coronal")
        check(
            "a click moves the cross, and the other planes follow",
            pane(page, "coronal", "index") == round(voxel[1]) and pane(page, "sagittal", "index") == round(voxel[0]) and voxel[0] < size[0] / 2)
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2 + 50, box["y"] + box["height"] / 2 + 20, steps=4)
        page.mouse.up()
        check("a drag changes the window", pane(page, "axial", "window.width") == 1700 and pane(page, "coronal", "window.center") == -560)

        for _ in range(middle):
            page.keyboard.press("ArrowDown")
        page.locator(".toolbar select").nth(1).select_option("20")
        settled(page)
        slab = page.locator(".plane-pane[data-plane=axial]").evaluate("node => [...node.pane.image.values]")
        # 20 mm of slices 2.5 mm apart: four on either side.
        reach = 4
        layers = [own[at] for at in range(middle - reach, middle + reach + 1)]
        highest = [max(values) for values in zip(*[[round(value + intercept) for value in pixels] for _, intercept, pixels in layers])]
        check("a slab shows the highest values", slab == highest)
        shot(page, "slab")
        page.locator(".toolbar select").nth(1).select_option("0")

        prior = page.locator(".toolbar select[aria-label='Prior scan']")
        prior.select_option(index=1)
        page.wait_for_selector(".with-prior .plane-pane:last-child canvas")
        settled(page, "axial", last=True)
        before = [pane(page, "axial", "index"), pane(page, "axial", "index", True)]
        axial.first.focus()
        for _ in range(5):
            page.keyboard.press("ArrowDown")
        settled(page, "axial", last=True)
        after = [pane(page, "axial", "index"), pane(page, "axial", "index", True)]
        check("the prior scrolls along", [after[0] - before[0], after[1] - before[1]] == [5, 5], f"{before} {after}")
        page.get_by_role("button", name="Scroll together").click()
        axial.first.focus()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(200)
        check("or stays", pane(page, "axial", "index", True) == after[1])
        shot(page, "prior")
        prior.select_option("")
        check("and goes", page.locator(".plane-pane").count() == 3)
        if (ROOT / "Models/luna-nodules/card.json").exists():
            page.get_by_role("button", name="Look for nodules").click()
            page.wait_for_selector(".nodule-list li[data-nodule]", timeout=180_000)
            found = page.locator(".plane-pane").first.evaluate("node => node.pane.nodules")
            which = next(one for one in (1, 2) if slices_of(folder / f"scans/scan-{one:04}")[len(own) // 2][2] == own[len(own) // 2][2])
            with open(folder / "scans/nodules.csv", newline="") as table:
                true = [row for row in csv.DictReader(table) if row["scan"].endswith(f"{which:04}")]
            best = found[0]["center_mm"]
            away = [sum((best[axis] - float(row[name])) ** 2 for axis, name in enumerate(("x_mm", "y_mm", "z_mm"))) ** 0.5 for row in true]
            check("the first nodule is one that was drawn", min(away) < 6, f"{away}")
            page.locator(".nodule-list button").first.click()
            settled(page)
            check(
                "a press goes there, and it is circled", page.locator(".plane-marks circle.nodule.chosen").count() == 3
                and pane(page, "axial", "index") == round(found[0]["voxel"][2]))
            shot(page, "nodules")
        else:
            print("skip nodules on the page (there is no model luna-nodules)", flush=True)
        page.get_by_text("What was done to the slices").click()
        check("what was done to the slices is told", page.locator(".decisions li").count() >= 1)
        german = browser.new_context(viewport={"width": 1360, "height": 900}, locale="de-DE", storage_state=context.storage_state())
        other = german.new_page()
        other.goto(room.base + f"/#/scan/{study['id']}")
        other.wait_for_selector(".scan[data-shown]", timeout=60_000)
        settled(other)
        check("in German too", "Koronar" in other.locator(".plane-pane[data-plane=coronal]").inner_text())
        german.close()
        phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, storage_state=context.storage_state())
        small = phone.new_page()
        small.goto(room.base + f"/#/scan/{study['id']}")
        small.wait_for_selector(".scan[data-shown]", timeout=60_000)
        settled(small)
        check("phone: nothing wider than the screen", small.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        shot(small, "scan-phone")
        phone.close()
        page.evaluate("location.hash = '#/worklist'")
        check("no error on the page", not wrong, str(wrong))
    browser.close()
sys.exit(1 if failed else 0)
