"""The reading room's page in a real browser, against a running server.

    workstation.py --url 'http://127.0.0.1:8080/?token=…' --images FOLDER [--shots FOLDER] [--only NAME,NAME]

FOLDER holds at least six radiographs (PNG, JPEG or DICOM) that the server does not have yet. Debian's chromium and the two wheels of workstation.txt;
`playwright install` is not run. Against the mock of the page's developer it does a little more; what is left out is said. One line a check, exit 1 if one failed.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import sys
import tempfile
import time
import zipfile

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, expect, sync_playwright

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--url", required=True, help="the one-time link that the server printed")
options.add_argument("--images", required=True, type=pathlib.Path)
options.add_argument("--shots", type=pathlib.Path, help="pictures of the views go here")
options.add_argument(
    "--only",
    help="names of parts, with commas: "
    + "units, upload, worklist, viewer, card, review, conflict, keyboard, report, settings, problems, many, phone, axe, attacks, tabs, session",
)
options.add_argument(
    "--assets",
    type=pathlib.Path,
    help="the page's files from this folder in place of the server's: to try a page without building the server",
)
options.add_argument(
    "--user",
    help="log in by the form with this name, in place of a one-time link; for servers with accounts (a self-made certificate is taken)",
)
options.add_argument("--password")
options.add_argument("--chromium", default="/usr/bin/chromium")
options = options.parse_args()
base = options.url.split("/?")[0].rstrip("/")
failed = []
wrong = []  # What the console and uncaught errors told.


def check(name, value, more=""):
    print("ok  " if value else "FAIL", name, more, flush=True)
    if not value:
        failed.append(name)
    return value


def told(name, act):
    """A check by `expect`: under the content policy wait_for_function cannot work."""
    try:
        act()
    except (AssertionError, Error) as error:
        return check(name, False, str(error).split("Call log")[0].replace("\n", " ")[:220])
    return check(name, True)


def skip(name, why):
    print("skip", name, "(" + why + ")", flush=True)


def shot(page, name):
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.shots / f"{name}.png")


def api(page, path, method="GET", body=None):
    """Asked by the page itself: with its cookie and its origin."""
    return page.evaluate(
        """async ([path, method, body]) => { const answer = await fetch('/api/v1/' + path, {method, headers: body ? {'Content-Type': 'application/json'} : {}, body: body ? JSON.stringify(body) : undefined});
        return {status: answer.status, body: answer.status === 204 ? null : await answer.json().catch(() => null)}; }""",
        [path, method, body],
    )


def ready(page):
    page.wait_for_selector("body[data-ready]", timeout=30_000)


def go(page, hash, selector):
    page.evaluate("hash => { location.hash = hash; }", hash)
    page.wait_for_selector(selector, timeout=30_000)


def open_study(page, ident):
    go(page, f"#/study/{ident}", ".study .pane[data-shown]")
    page.wait_for_timeout(150)


def boxes(page):
    """What lies over the image: {key: [label's place is in the list, box]}."""
    return {
        key: box
        for key, box in page.locator(".study .pane")
        .first.locator(".lines .box")
        .evaluate_all("all => all.map(one => [one.dataset.key, JSON.parse(one.dataset.box)])")
    }


def pane(page, expression):
    return page.locator(".study .pane").first.evaluate(f"node => node.pane.{expression}")


def middle(page, selector=".study .pane"):
    place = page.locator(selector).first.bounding_box()
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def drag(page, start, end, steps=6):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()
    page.wait_for_timeout(60)


def drop(context, page, paths, at=(400, 400)):
    debugger = context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        debugger.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": at[0],
                "y": at[1],
                "data": {"items": [], "files": [str(path.resolve()) for path in paths], "dragOperationsMask": 1},
            },
        )
    debugger.detach()


def axe(page, name):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    for violation in found.response["violations"]:
        print(
            "     axe:",
            violation["id"],
            violation["impact"],
            [(node["target"], node["any"][0]["message"] if node["any"] else "") for node in violation["nodes"]][:3],
        )
    check(f"axe finds nothing: {name}", found.violations_count == 0)


# ---- parts

UNITS = """async () => {
  const [view, win, thr, rev, zip] = await Promise.all(['viewport', 'windowing', 'thresholds', 'review', 'archive-reader'].map(name => import(`/assets/${name}.js`)));
  const out = {}, near = (a, b, e = 1e-6) => a.length === b.length && a.every((v, i) => Math.abs(v - b[i]) < e);
  const v = new view.Viewport({columns: 100, rows: 50, aspect: 2, width: 400, height: 400});
  out['fit: square pixels on the screen'] = Math.abs(v.scale - 4) < 1e-9 && near(v.boxToView([0, 0, 100, 50]), [0, 0, 400, 400]);
  let isBack = true;
  for (const how of ['', 'r', 'rr', 'rrr', 'f', 'fr', 'frr', 'rf', 'rrf', 'frrr']) {
    const one = new view.Viewport({columns: 120, rows: 70, aspect: 1.3, width: 333, height: 222});
    for (const step of how) step === 'r' ? one.rotate() : one.flip();
    one.zoom(2.3, 30, 40); one.pan(7, -9);
    isBack &&= near(one.toImage(...one.toView(11, 22)), [11, 22]);
  }
  out['view and image: there and back in all turns'] = isBack;
  const turned = new view.Viewport({columns: 100, rows: 100, width: 100, height: 100}); turned.rotate();
  out['a quarter clockwise: the left is above'] = near(turned.toView(0, 0), [100, 0]) && turned.edgeAt('top') === 'left';
  turned.flip();
  out['flip after a turn is of the screen'] = near(turned.toView(0, 0), [0, 0]) && turned.isMirrored;
  const plain = new view.Viewport({columns: 10, rows: 10, width: 10, height: 10}); plain.flip();
  out['flip brings the left to the right'] = plain.edgeAt('right') === 'left';
  const at = [123, 45]; const before = v.toImage(...at); v.zoom(1.7, ...at);
  out['zoom holds the place under the pointer'] = near(v.toImage(...at), before);
  const oblong = view.lengthBetween([0, 0], [30, 40], {row: 0.5, column: 1, plane: 'detector'});
  out['length with spacing of two kinds'] = Math.abs(oblong.length - Math.hypot(30, 20)) < 1e-9 && oblong.isDetector && view.lengthBetween([0, 0], [3, 4], null).unit === 'px';
  out['a box stays in the image'] = near(view.boxWithin([-5, 98, 10, 10], 100, 100), [0, 90, 10, 10]) && near(view.boxFromCorners(90, 50, 120, 40, 100, 100), [90, 40, 10, 10]);
  const about = {slope: 1, intercept: -1024, minimum: 0, maximum: 4095, padding: [0, 5]};
  const table = new Uint8Array(65536);
  win.fillTable(table, {center: 40, width: 400, function: 'LINEAR'}, about, false);
  // PS3.3 C.11.2.1.2: x <= c-0.5-(w-1)/2 is black, x > c-0.5+(w-1)/2 white.
  out['LINEAR window at its ends'] = table[1024 - 160] === 0 && table[1024 + 239] === 255 && Math.abs(table[1024 + 40] - 128) <= 1 && table[1024 - 159] >= 0 && table[1024 + 238] < 256;
  win.fillTable(table, {center: 40, width: 400, function: 'LINEAR'}, about, true);
  out['MONOCHROME1 is turned after the window, padding stays black'] = table[1024 + 239] === 0 && table[1024 - 160] === 255 && table[3] === 0;
  win.fillTable(table, {center: 2048, width: 2000, function: 'SIGMOID'}, {slope: 1, intercept: 0, padding: null}, false);
  out['SIGMOID stays in its bounds'] = table[2048] >= 127 && table[2048] <= 128 && table[0] < 6 && table[65535] === 255 && Math.abs(table[2548] / 255 - 1 / (1 + Math.exp(-1))) < 0.01;
  const falling = {slope: -1, intercept: 4095, minimum: 0, maximum: 4095, padding: null};
  win.fillTable(table, win.fullRange(falling), falling, false);
  out['negative slope: small samples are bright'] = table[0] === 255 && table[4095] === 0;
  const d = win.dragged({center: 100, width: 50, function: 'LINEAR'}, about, 60, 0, {}), r = win.dragged({center: 100, width: 50}, about, 60, 0, {isWidthReversed: true}), s = win.dragged({center: 100, width: 50}, about, 60, 0, {isSwapped: true});
  out['drag: right is wider, or as the setting says'] = d.width > 50 && d.center === 100 && r.width < 50 && s.center > 100 && s.width === 50;
  const reader = {score_threshold: 0.3, labels: [{name: 'A'}, {name: 'B'}], operating_points: [{finding: 'A', false_boxes_per_100_images: 5, threshold: 0.4, sensitivity: 0.5}, {finding: 'A', false_boxes_per_100_images: 20, threshold: 0.2, sensitivity: 0.8}]};
  out['thresholds: the largest rate not above'] = thr.thresholdFor(reader, 'A', 10) === 0.4 && thr.thresholdFor(reader, 'A', 20) === 0.2 && thr.thresholdFor(reader, 'A', 1) === Infinity && thr.thresholdFor(reader, 'B', 50) === Infinity && thr.thresholdFor(reader, 'B', null) === 0.3;
  const study = {revision: 5, instances: [{id: 'i'}], readings: [{id: 5, instance: 'i', reader: {kind: 'model', name: 'm'}, findings: [{id: '1', label: 'A', score: 0.7, box: [1, 2, 3, 4]}], candidates: [{id: '1', label: 'A', score: 0.7, box: [1, 2, 3, 4]}, {id: '2', label: 'B', score: 0.1, box: [5, 5, 9, 9]}]}]};
  let base = rev.baseOf(study), history = new rev.History(), item = base.items[0];
  history.change(rev.setBox(history.edits, item, [2, 2, 3, 4], 1));
  out['moved is moved, moved back is accepted'] = rev.applyEdits(base, history.edits).items[0].decision === 'moved' && rev.applyEdits(base, rev.setBox(history.edits, rev.applyEdits(base, history.edits).items[0], [1, 2, 3, 4], 2)).items[0].decision === 'accepted';
  history.change(rev.add(history.edits, {key: 'i/o1', instance: 'i', label: 'B', box: [0, 0, 2, 2]}, 2));
  history.undo(3);
  out['undo takes back, redo brings again'] = rev.applyEdits(base, history.edits).items.length === 2 && history.redo(4) && rev.applyEdits(base, history.edits).items.length === 3;
  history.undo(5); history.undo(6);
  out['undone to the start is empty again'] = rev.applyEdits(base, history.edits).items.every(one => one.decision === null);
  out['a merged older draft does not undo the undo'] = rev.applyEdits(base, rev.mergeEdits(history.edits, rev.add(rev.emptyEdits(), {key: 'i/o1', instance: 'i', label: 'B', box: [0, 0, 2, 2]}, 2))).items.length === 2;
  const edits = rev.reject(rev.accept(rev.emptyEdits(), item, 1), base.items[1], 'rib', 1);
  const sent = rev.submission(rev.applyEdits(base, edits), {basedOn: 5, sign: true});
  out['what is sent: decisions, origins, reasons'] = sent.based_on === 5 && sent.findings.length === 2 && sent.findings[0].origin === '1' && sent.findings[1].reason === 'rib' && sent.findings[1].decision === 'rejected';
  const again = structuredClone(study);
  again.readings.push({id: 6, instance: 'i', reader: {kind: 'model', name: 'm2'}, findings: [], candidates: [{id: '1', label: 'B', score: 0.5, box: [50, 50, 9, 9]}, {id: '7', label: 'A', score: 0.6, box: [1, 2, 3, 4.2]}]});
  const fresh = rev.baseOf(again), moved = rev.rebaseEdits(rev.accept(rev.emptyEdits(), item, 1), fresh), after = rev.applyEdits(fresh, moved).items;
  out['a newer model: the word goes to the same box, not to the same number'] = after.find(one => one.origin === '7').decision === 'accepted' && after.find(one => one.origin === '1').decision === null && after.length === 2;
  const person = structuredClone(study);
  person.readings.push({id: 7, instance: null, reader: {kind: 'person', name: 'ann'}, findings: [{id: '1', instance: 'i', label: 'A', box: [1, 1, 3, 4], origin: '1', decision: 'moved'}, {id: '2', label: 'C', box: [9, 9, 1, 1], decision: 'added'}], rejected: [{instance: 'i', label: 'B', origin: '2', box: [5, 5, 9, 9], decision: 'rejected', reason: 'rib'}], complete: true, comment: 'c'});
  const second = rev.baseOf(person);
  out['the second reader starts from the first one'] = second.items.length === 3 && second.items[0].decision === 'moved' && second.items[0].box[1] === 1 && second.items[1].reason === 'rib' && second.items[2].decision === 'added' && second.complete;
  const styles = (await import('/assets/boxes.js')).stylesOf((await (await fetch('/api/v1/reader')).json()).labels);
  const looks = [...styles.values()];
  out['classes differ by pattern and short name, not by colour alone'] = new Set(looks.map(one => one.short)).size === looks.length && new Set(looks.slice(0, 8).map(one => one.pattern)).size === Math.min(8, looks.length);
  const english = await (await fetch('/assets/words.en.json')).json(), german = await (await fetch('/assets/words.de.json')).json();
  out['both tables of words have the same keys'] = Object.keys(english).join() === Object.keys(german).join();
  out['and the same places for values'] = Object.keys(english).every(key => (english[key].match(/\\{\\w+\\}/g) ?? []).sort().join() === (german[key].match(/\\{\\w+\\}/g) ?? []).sort().join());
  return out;
}"""


def units(page, **_):
    import base64
    import io

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(5000):
            file.writestr(f"серия/{number:05}.dcm", b"content %d " % number * 9)
        file.writestr("stored.png", b"as it is", zipfile.ZIP_STORED)
    found = page.evaluate(
        """async packed => { const {readArchive} = await import('/assets/archive-reader.js'); const blob = new Blob([Uint8Array.from(atob(packed), c => c.charCodeAt(0))]);
        const began = performance.now(), list = await readArchive(blob), ms = performance.now() - began;
        const short = new Blob([blob.slice(0, blob.size - 60000)]);
        return {count: list.length, ms, third: await (await list[3].open()).text(), stored: await (await list.at(-1).open()).text(), path: list[3].path, isShort: await readArchive(short).then(() => false, () => true)}; }""",
        base64.b64encode(packed.getvalue()).decode(),
    )
    check("unit: a zip archive of 5,001 files is listed at once", found["count"] == 5001 and found["ms"] < 1000, f"{found['ms']:.0f} ms")
    check(
        "unit: packed and stored files, names in Unicode",
        found["third"] == "content 3 " * 9 and found["stored"] == "as it is" and found["path"] == "серия/00003.dcm" and found["isShort"],
    )
    for name, value in page.evaluate(UNITS).items():
        check(f"unit: {name}", value)


def idle(page, text=None):
    expect(page.locator("#uploads")).to_have_attribute("data-state", "idle", timeout=120_000)
    if text:
        expect(page.locator("#uploads-title")).to_contain_text(text)


def close(page):
    page.locator("#uploads button", has_text="Close").click()
    expect(page.locator("#uploads")).to_be_hidden()


def upload(page, context, pictures, state, **_):
    go(page, "#/worklist", ".worklist table")
    page.set_input_files("#file-input", str(pictures[0]))
    told("a file by the button is sent", lambda: idle(page, "1 of 1"))
    close(page)
    folder = state["folder"] / "dropped"
    (folder / "inner ünter 胸部").mkdir(parents=True)
    (folder / "notes.txt").write_text("no image")
    (folder / ".DS_Store").write_text("x")
    shutil.copy(pictures[1], folder / pictures[1].name)
    shutil.copy(pictures[2], folder / "inner ünter 胸部" / ("صدر " + pictures[2].name))
    second = state["folder"] / "second"
    second.mkdir()
    shutil.copy(pictures[3], second / ("<b>bold<i> " + pictures[3].name))
    drop(context, page, [folder])
    drop(context, page, [second])
    told("two dropped folders, the second while the first runs", lambda: idle(page, "3 of 5"))
    refused = page.locator(".upload-list .refused")
    told("what was refused is told by name, with the reason", lambda: expect(refused.filter(has_text="notes.txt")).to_be_visible())
    told("a file's name with HTML is text", lambda: expect(page.locator(".upload-list .name", has_text="<b>bold<i>")).to_have_count(1))
    axe(page, "uploads")
    shot(page, "uploads")
    close(page)
    archive = state["folder"] / "study.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(pictures[4], "серия/" + pictures[4].name)
        file.writestr("серия/readme.txt", "no image " * 50)
    page.set_input_files("#file-input", str(archive))
    told("a zip archive, by file", lambda: idle(page, "1 of 2"))
    close(page)
    page.set_input_files("#file-input", str(pictures[0]))
    told("the same file again is told as such", lambda: idle(page, "already"))
    close(page)
    context.set_offline(True)
    page.set_input_files("#file-input", str(pictures[5]))
    told(
        "without network it is told that it waits",
        lambda: expect(page.locator("#uploads-title")).to_contain_text("waits for the connection", timeout=10_000),
    )
    context.set_offline(False)
    told("and goes on when the network is back", lambda: idle(page, "1 of 1"))
    close(page)
    context.set_offline(True)
    page.set_input_files("#file-input", [str(path) for path in pictures[:3]])
    page.locator("#uploads button", has_text="Cancel").click()
    told("an upload can be cancelled", lambda: idle(page, "cancelled"))
    context.set_offline(False)
    if state["mock"]:
        proxy = state["folder"] / "proxy.png"
        shutil.copy(pictures[0], proxy)
        page.set_input_files("#file-input", str(proxy))
        told(
            "a proxy's limit, told in HTML, is explained",
            lambda: expect(page.locator(".upload-list .refused").first).to_contain_text("proxy", timeout=10_000),
        )
    else:
        skip("a proxy's limit", "needs the mock")
    close(page)
    until = time.time() + 180
    while time.time() < until:
        found = api(page, "studies?status=all&limit=200")["body"]
        if found["counts"]["waiting"] <= state["mock"]:
            break  # The mock has one that waits for ever.
        page.wait_for_timeout(500)
    check("all that was sent is read, or its failure is told", found["counts"]["waiting"] <= state["mock"], str(found["counts"]))


def readable(page, least=0):
    rows = [row for row in api(page, "studies?status=open&limit=200")["body"]["studies"] if row["status"] == "read"]
    for row in rows:
        study = api(page, f"studies/{row['id']}")["body"]
        if sum(len(reading.get("candidates", reading["findings"])) for reading in study["readings"]) >= least:
            yield study


def worklist(page, state, **_):
    go(page, "#/worklist", ".worklist tbody tr[data-id]")
    expect(page.locator(".live")).to_contain_text("live", timeout=15_000)
    rows = page.locator(".worklist tbody tr[data-id]")
    check("only the rows in view are in the document", rows.count() < 60, f"{rows.count()} rows")
    told(
        "rows tell their number of all",
        lambda: (
            expect(rows.first).to_have_attribute("aria-rowindex", "2"),
            expect(page.locator(".worklist table")).not_to_have_attribute("aria-rowcount", "0"),
        ),
    )
    page.keyboard.press("/")
    page.keyboard.type("zzzz nothing has this")
    told("a search without result says so", lambda: expect(page.locator(".worklist .empty")).to_be_visible())
    page.keyboard.press("Escape")
    told("Escape clears the search", lambda: expect(rows.first).to_be_visible())
    page.locator(".bar select").nth(1).select_option("none")
    page.wait_for_timeout(400)
    page.locator(".bar select").nth(1).select_option("")
    page.wait_for_timeout(400)
    page.locator(".worklist .scroll").focus()
    page.keyboard.press("Home")
    first = page.locator("tr.current").get_attribute("data-id")
    if rows.count() > 1:
        page.keyboard.press("j")
        told("j goes down", lambda: expect(page.locator("tr.current")).not_to_have_attribute("data-id", first))
        page.keyboard.press("ArrowUp")
        told(
            "the arrow goes up, with the focus",
            lambda: (
                expect(page.locator("tr.current")).to_have_attribute("data-id", first),
                expect(page.locator("tr.current a")).to_be_focused(),
            ),
        )
    shot(page, "worklist-dark")
    page.keyboard.press("Enter")
    told("Enter opens", lambda: page.wait_for_selector(".study .pane[data-shown]", timeout=20_000))
    page.keyboard.press("Escape")
    told("Escape goes back to the same row", lambda: expect(page.locator("tr.current")).to_have_attribute("data-id", first))


# The grey on the screen in the middle, a little above.
GREY = """async node => { const p = node.pane; p.paint(); const c = document.createElement('canvas'); c.width = c.height = 1; const x = c.getContext('2d');
    x.drawImage(p.canvas, p.canvas.width * 0.5, p.canvas.height * 0.4, 1, 1, 0, 0, 1, 1); return x.getImageData(0, 0, 1, 1).data[0]; }"""


def card(page, context, playwright, **_):
    """The two ways of drawing, compared at the same place: they must not tell different things."""
    study = next(readable(page))
    # WebGL played by the processor. All else runs without: with these switches Chromium also puts its pages together by it, three times slower.
    browser = launch(playwright, "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
    other = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=context.storage_state(), ignore_https_errors=True)
    own_assets(other)
    page = other.new_page()
    watch(page)
    page.goto(base + "/")
    ready(page)
    open_study(page, study["id"])
    node = page.locator(".study .pane").first
    check("a card that the processor plays is not taken", pane(page, "renderer.kind") == "table")
    node.evaluate("node => { node.pane.way = 'force'; node.pane.start(); }")
    shades = {"card": [], "table": []}
    for how in ("card", "table"):
        if how == "table":
            node.evaluate("node => node.pane.renderer.gl.getExtension('WEBGL_lose_context').loseContext()")
            page.wait_for_timeout(500)
        if not check(
            f"drawn by the {how}" + (", after the context was lost" if how == "table" else ""), pane(page, "renderer.kind") == how
        ):
            break
        node.focus()
        for key in ("z", "2", "3", "i", "t", "f"):
            page.keyboard.press(key)
            page.wait_for_timeout(250)
            shades[how].append(node.evaluate(GREY))
        page.keyboard.press("z")
        page.wait_for_timeout(250)
    check(
        "card and table draw alike",
        len(shades["card"]) == len(shades["table"]) and all(abs(a - b) <= 6 for a, b in zip(*shades.values())),
        str(shades),
    )
    browser.close()


def viewer(page, state, **_):
    study = next(readable(page))
    open_study(page, study["id"])
    print(
        "     first picture",
        page.locator(".study .pane").first.get_attribute("data-ms"),
        "ms after it was asked for;",
        pane(page, "about.columns"),
        "x",
        pane(page, "about.rows"),
        pane(page, "renderer.kind"),
        flush=True,
    )
    centre = middle(page)
    before = pane(page, "window")
    drag(page, centre, (centre[0] + 90, centre[1]))
    after = pane(page, "window")
    check("dragging right widens the window", after["width"] > before["width"] and after["center"] == before["center"])
    drag(page, centre, (centre[0], centre[1] + 60))
    check("dragging down changes the level", pane(page, "window.center") != after["center"])
    node = page.locator(".study .pane").first
    page.keyboard.press("1")
    page.wait_for_timeout(100)
    shade = node.evaluate(GREY)
    drag(page, centre, (centre[0], centre[1] + 60))
    check("dragging down is darker on the screen", node.evaluate(GREY) <= shade, f"{shade} to {node.evaluate(GREY)}")
    page.keyboard.press("2")
    page.wait_for_timeout(100)
    shade = node.evaluate(GREY)
    page.keyboard.press("i")
    page.wait_for_timeout(100)
    check("i inverts", abs(node.evaluate(GREY) + shade - 255) <= 3)
    page.keyboard.press("i")
    scale = pane(page, "viewport.scale")
    page.mouse.move(*centre)
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(100)
    check("the wheel zooms", pane(page, "viewport.scale") > scale)
    page.keyboard.press("o")
    page.wait_for_timeout(60)
    check("o is one to one", abs(pane(page, "viewport.scale") * page.evaluate("devicePixelRatio") - 1) < 1e-6)
    page.keyboard.press("0")
    page.keyboard.press("f")
    told("a mirrored image says so", lambda: expect(page.locator(".mirror").first).to_be_visible())
    page.keyboard.press("f")
    page.keyboard.press("t")
    page.wait_for_timeout(60)
    check("t turns by a quarter", pane(page, "viewport.quarters") == 1)
    page.keyboard.press("Shift+t")
    page.wait_for_timeout(60)
    check("and Shift+t back", pane(page, "viewport.quarters") == 0)
    page.keyboard.press("m")
    drag(page, (centre[0] - 100, centre[1]), (centre[0] + 100, centre[1]))
    ruler = node.get_attribute("data-ruler") or ""
    spacing = pane(page, "about.spacing")
    wanted = 200 / pane(page, "viewport.scale") * (spacing["column"] if spacing else 1)
    number = float(ruler.split()[0].replace(",", "")) if ruler else 0
    check("the ruler's length", abs(number - wanted) < wanted * 0.02, f"{ruler}; expected {wanted:.1f}")
    page.keyboard.press("Escape")
    page.mouse.move(*centre)
    told("the grey value under the pointer", lambda: expect(page.locator(".bottom-end").first).to_contain_text(":"))
    node.evaluate("node => { window.frames_ = []; node.pane.addEventListener('painted', () => window.frames_.push(performance.now())); }")
    page.mouse.move(*centre)
    page.mouse.down()
    began = time.time()
    step = 0
    while time.time() - began < 2.5:
        step += 1
        page.mouse.move(centre[0] + (step * 7) % 200 - 100, centre[1] + (step * 3) % 60 - 30)
    page.mouse.up()
    times = page.evaluate("window.frames_")
    gaps = [b - a for a, b in zip(times, times[1:])]
    if gaps:
        print(
            f"     window drag: {len(gaps) / ((times[-1] - times[0]) / 1000):.1f} pictures a second, median gap {statistics.median(gaps):.1f} ms, canvas {pane(page, 'canvas.width')} x {pane(page, 'canvas.height')}, {pane(page, 'renderer.kind')}",
            flush=True,
        )
    node.evaluate(
        "node => { const p = node.pane, t = performance.now(); for (let i = 0; i < 30; i++) { p.window = {...p.window, center: p.window.center + 1}; p.paint(); } window.each_ = (performance.now() - t) / 30; }"
    )
    print(f"     one change of the window: {page.evaluate('window.each_'):.1f} ms of drawing", flush=True)
    node.evaluate("node => { window.left_ = node.pane; }")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_selector(".worklist table")
    check("an image that was left is let go", page.evaluate("window.left_.levels === null && window.left_.renderer === null"))
    if state["mock"]:
        waiting = api(page, "studies?status=waiting")["body"]["studies"][0]["id"]
        open_study(page, waiting)
        told(
            "while the model has not read, it is told",
            lambda: expect(page.locator(".pane-message").first).to_contain_text("Waits for the model"),
        )
        for kind, question in (
            (
                "oblong",
                "p => Math.abs(p.viewport.boxToView([0, 0, 848, 512])[2] / p.viewport.boxToView([0, 0, 848, 512])[3] - (848 * .3) / (512 * .6)) < 1e-6",
            ),
            ("mono1", "p => p.about.inverted"),
            ("signed", "p => p.about.units === 'HU'"),
            ("negative", "p => p.about.slope === -1"),
            ("sigmoid", "p => p.window.function === 'SIGMOID'"),
            ("padded", "p => p.about.padding[1] === 10"),
            ("large", "p => p.about.columns === 3000"),
        ):
            ident = api(page, f"studies?q={kind}")["body"]["studies"][0]["id"]
            open_study(page, ident)
            node = page.locator(".study .pane").first
            light = node.evaluate("""node => { const p = node.pane; p.paint(); const c = document.createElement('canvas'); c.width = p.canvas.width; c.height = p.canvas.height; const x = c.getContext('2d'); x.drawImage(p.canvas, 0, 0);
                const at = (u, v) => { const [a, b] = p.viewport.toView(p.about.columns * u, p.about.rows * v); return x.getImageData(a * p.ratio, b * p.ratio, 1, 1).data[0]; }; return [at(.3, .4), at(.5, .2), at(.02, .5)]; }""")
            check(
                f"{kind}: the lungs are darker than the spine",
                node.evaluate(f"node => ({question})(node.pane)") and light[0] < light[1],
                f"lung {light[0]}, spine {light[1]}, edge {light[2]}",
            )
            if kind == "padded":
                check("padding is black", light[2] == 0)
            if kind == "large":
                print("     3000 x 3000: shown", node.get_attribute("data-ms"), "ms after it was asked for", flush=True)
            shot(page, f"viewer-{kind}")
    else:
        skip(
            "drawn kinds of images (MONOCHROME1, SIGMOID, oblong pixels, padding)", "need the mock; the window's arithmetic is in the units"
        )


def chip(page, key):
    return page.locator(f'.study .pane .chip[data-key="{key}"]')


def explaining(page, state, **_):
    """Why the model said a finding: the server's own answer, then one with a map, laid over the image."""
    study = next(readable(page, 1), None)
    if not study or state["mock"]:
        skip("explanations", "no image with a candidate, or no model behind the server")
        return
    open_study(page, study["id"])
    page.locator("#sensitivity").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    key = list(boxes(page))[0]
    chip(page, key).focus()
    page.locator('.findings-list li.selected [data-act="explain"]').click()
    answer = page.locator(".findings-list li.selected .explanation-text")
    told("a click tells what hiding the box costs", lambda: expect(answer).to_contain_text("Hiding the box takes the score from"))
    maps = {"kind": "occlusion", "shown": True, "sentence": "hiding the hottest 10 % lowers the score from .62 to .21", "unit": "share of the score"}
    columns, rows = pane(page, "about.columns"), pane(page, "about.rows")
    cell = max(columns, rows) / 8
    # The hottest cell is the second of the third row.
    values = [[0.9 if (x, y) == (1, 2) else 0 for x in range(8)] for y in range(8)]
    maps |= {"columns": 8, "rows": 8, "cell_size": cell, "values": values}
    hidden = {"kind": "score_map", "shown": False, "reason": "it does not beat a Gaussian drawn on the box"}
    body = {"finding": "1", "label": "Mass", "box": [0, 0, 9, 9], "score": 0.5, "explained_score": 0.62, "score_without_box": 0.1}
    body |= {"members": [{"name": "one", "score": 0.6}], "box_sentence": "", "maps": [hidden, maps]}
    page.route("**/explanations/*", lambda route: route.fulfill(json={"explanation": body, "runs": 1, "seconds": 0.1}))
    page.locator('.findings-list li.selected [data-act="explain"]').click()
    told("a map that failed its test is hidden with the reason", lambda: expect(answer).to_contain_text("does not beat a Gaussian"))
    page.locator('.findings-list li.selected [data-map="occlusion"]').click()
    told("a map that passed lies over the image", lambda: expect(page.locator(".study .pane .heat canvas")).to_have_count(1))
    page.wait_for_timeout(100)
    at = page.locator(".study .pane").first.evaluate(
        "(node, at) => node.pane.viewport.toView(...at)", [1.5 * cell, 2.5 * cell])
    box = page.locator(".study .pane .heat canvas").evaluate(
        "node => { const a = node.getBoundingClientRect(), b = node.closest('.pane').getBoundingClientRect(); return [a.x - b.x, a.y - b.y, a.width, a.height]; }")
    check("at its place", abs(box[0] + box[2] * 1.5 / 8 - at[0]) < 2 and abs(box[1] + box[3] * 2.5 / 8 - at[1]) < 2, f"{box} {at}")
    axe(page, "an explanation")
    page.locator('.findings-list li.selected [data-map="occlusion"]').click()
    told("and goes on a second click", lambda: expect(page.locator(".study .pane .heat canvas")).to_have_count(0))
    page.unroute("**/explanations/*")


def review(page, context, state, **_):
    study = next(readable(page, 2), None)
    if not study:
        skip("review", "no image with two candidates")
        return
    open_study(page, study["id"])
    # All candidates: at the most sensitive position.
    page.locator("#sensitivity").focus()
    page.keyboard.press("End")
    told(
        "the slider tells false boxes and the expected sensitivity",
        lambda: (
            expect(page.locator(".sensitivity .value")).to_contain_text("false box"),
            expect(page.locator(".expected")).to_contain_text("%"),
        ),
    )
    page.wait_for_timeout(100)
    keys = list(boxes(page))
    check("boxes lie over the image", len(keys) >= 2, f"{len(keys)}")
    page.locator(".study .pane").first.focus()
    page.keyboard.press("b")
    told("b hides the boxes", lambda: expect(page.locator(".study .pane .lines .box")).to_have_count(0))
    page.keyboard.press("b")
    told("and shows them", lambda: expect(page.locator(".study .pane .lines .box")).to_have_count(len(keys)))
    # A flip turns boxes and letters with the image, and stays.
    place = lambda: (
        page.locator(".study .pane")
        .first.locator(".lines .box .line")
        .first.evaluate("r => Number(r.getAttribute('x')) + Number(r.getAttribute('width')) / 2")
    )
    width = pane(page, "viewport.width")
    sides = lambda: [page.locator(f".study .pane .side.{side}").first.inner_text() for side in ("left", "right")]
    before, letters = place(), sides()
    page.keyboard.press("f")
    page.wait_for_timeout(80)
    check(
        "a flip takes the boxes and R and L along",
        abs(before + place() - width) < 1.5 and sides() == letters[::-1],
        f"{letters} to {sides()}",
    )
    page.keyboard.press("f")
    first, second = keys[0], keys[1]
    chip(page, first).focus()
    page.keyboard.press("a")
    told("a accepts", lambda: expect(page.locator(f'.findings-list li[data-key="{first}"]')).to_contain_text("accepted"))
    chip(page, second).focus()
    page.keyboard.press("r")
    told("r asks for the reason", lambda: expect(page.locator("dialog.choose")).to_be_visible())
    axe(page, "asking for a reason")
    page.keyboard.press("2")
    told("and rejects with it", lambda: expect(page.locator(f'.findings-list li[data-key="{second}"]')).to_contain_text("rejected"))
    if len(keys) > 2:
        third = keys[2]
        start = boxes(page)[third]
        chip(page, third).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Alt+ArrowRight")
        page.wait_for_timeout(80)
        now = boxes(page)[third]
        inside = start[0] + start[2] + 3 < pane(page, "about.columns") and start[1] + start[3] + 12 < pane(page, "about.rows")
        check(
            "arrows move by a pixel, with Shift by ten, with Alt they resize",
            not inside or [round(b - a, 3) for a, b in zip(start, now)] == [1, 10, 1, 0],
            f"{start} to {now}",
        )
        # By the mouse, at the corner and at the label.
        x, y, w, h = page.locator(f'.lines .box[data-key="{third}"] .line').evaluate(
            "r => { const b = r.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; }"
        )
        drag(page, (x + w, y + h), (x + w + 25, y + h + 15))
        resized = boxes(page)[third]
        check("a corner is pulled with the mouse", resized[2] > now[2] and abs(resized[0] - now[0]) < 0.01, f"{now} to {resized}")
        label = chip(page, third).bounding_box()
        drag(page, (label["x"] + 8, label["y"] + 8), (label["x"] + 38, label["y"] + 28))
        moved = boxes(page)[third]
        check("the label carries the box", abs(moved[2] - resized[2]) < 0.01 and moved[:2] != resized[:2])
        page.keyboard.press("Control+z")
        page.wait_for_timeout(80)
        check("Ctrl+z takes it back", boxes(page)[third] == resized)
        page.keyboard.press("Control+Shift+z")
        page.wait_for_timeout(80)
        check("Ctrl+Shift+z brings it again", boxes(page)[third] == moved)
        chip(page, third).focus()
        page.locator(f'.findings-list li[data-key="{third}"] select').select_option(index=1)
        told("another label", lambda: expect(page.locator(f'.findings-list li[data-key="{third}"]')).to_contain_text("relabelled"))
    page.locator(".study .pane").first.focus()
    page.keyboard.press("n")
    centre = middle(page)
    drag(page, (centre[0] - 60, centre[1] + 40), (centre[0] + 50, centre[1] + 140))
    page.keyboard.press("3")
    told(
        "a drawn box asks for its label and is added", lambda: expect(page.locator(".findings-list li", has_text="added")).to_have_count(1)
    )
    # The same without dragging: two clicks, and numbers.
    page.locator(".study .pane").first.focus()
    page.keyboard.press("n")
    page.mouse.click(centre[0] - 150, centre[1] - 200)
    page.mouse.click(centre[0] - 90, centre[1] - 120)
    page.keyboard.press("1")
    told("two clicks make a box, too", lambda: expect(page.locator(".findings-list li", has_text="added")).to_have_count(2))
    page.locator('.findings-list li.selected [data-act="box-w"]').fill("91")
    page.keyboard.press("Tab")
    page.wait_for_timeout(80)
    check("and a number sets its width", any(box[2] == 91 for box in boxes(page).values()))
    page.locator("#comment").fill("<b>Compared</b> with \u202ebefore")
    page.locator("#complete").check()
    told(
        "the draft is at the server",
        lambda: expect(page.locator(".draft-note")).to_have_attribute("data-state", "draft.saved", timeout=10_000),
    )
    shot(page, "viewer-dark")
    wanted = boxes(page)
    page.reload()
    ready(page)
    page.wait_for_selector(".study .pane[data-shown]", timeout=30_000)
    page.wait_for_timeout(300)
    check("a reload in the middle: the draft is here", boxes(page) == wanted, f"{len(wanted)} boxes")
    told(
        "also the comment and complete",
        lambda: (
            expect(page.locator("#comment")).to_have_value("<b>Compared</b> with \u202ebefore"),
            expect(page.locator("#complete")).to_be_checked(),
        ),
    )
    page.evaluate("for (const key of Object.keys(localStorage)) if (key.startsWith('pleura draft')) localStorage.removeItem(key)")
    page.reload()
    ready(page)
    page.wait_for_selector(".study .pane[data-shown]", timeout=30_000)
    page.wait_for_timeout(300)
    check("on another device: the draft comes from the server", boxes(page) == wanted)
    context.set_offline(True)
    chip(page, first).focus()
    page.keyboard.press("ArrowLeft")
    told(
        "without network: kept on this device, and told",
        lambda: expect(page.locator(".draft-note")).to_contain_text("this device", timeout=10_000),
    )
    page.wait_for_timeout(150)  # The note is written at once, the box with the next picture.
    wanted = boxes(page)
    page.keyboard.press("s")
    if page.locator("dialog.sign input[value=leave]").count():
        page.locator("dialog.sign input[value=leave]").check()
    page.locator("dialog.sign button.primary").click()
    told(
        "a signature without network is not lost",
        lambda: expect(page.locator(".notice-bar")).to_contain_text("kept on this device", timeout=10_000),
    )
    context.set_offline(False)
    told(
        "the network is back: at the server",
        lambda: expect(page.locator(".draft-note")).to_have_attribute("data-state", "draft.saved", timeout=40_000),
    )
    page.wait_for_timeout(200)
    page.locator(".study .pane").first.focus()
    check("and the boxes are still as they were", boxes(page) == wanted)
    page.keyboard.press("s")
    told("signing says what is signed", lambda: expect(page.locator("dialog.sign")).to_contain_text("finding"))
    if page.locator("dialog.sign input[value=leave]").count():
        check("open boxes must be decided first", page.locator("dialog.sign button.primary").is_disabled())
        page.locator("dialog.sign input[value=leave]").check()
    shot(page, "sign-dark")
    decided = page.locator(".findings-list li:not(.open)").evaluate_all("all => all.map(one => one.dataset.key)")
    page.locator("dialog.sign button.primary").click()
    told("signed, and on to the next study", lambda: expect(page.locator(".toast").first).to_contain_text("Signed"))
    page.wait_for_timeout(500)
    final = api(page, f"studies/{study['id']}")["body"]
    last = final["readings"][-1]
    all_boxes = [one["box"] for one in last["findings"] + last.get("rejected", [])]
    off = [min((max(abs(a - b) for a, b in zip(wanted[key], box)) for box in all_boxes), default=1e9) for key in decided if key in wanted]
    check(
        "the signed boxes come back by the API, equal to 0.5 px",
        last["status"] == "final" and len(all_boxes) == len(off) and off and max(off) <= 0.5,
        f"{len(off)} boxes, largest difference {max(off, default=0):.3f} px",
    )
    check("with the comment, as it was written", last.get("comment") == "<b>Compared</b> with \u202ebefore" and last.get("complete"))
    check("the draft is gone", final.get("draft") is None)


def conflict(page, state, **_):
    study = next(readable(page, 1), None)
    if not study:
        skip("conflict", "no image with a candidate")
        return
    open_study(page, study["id"])
    page.locator("#sensitivity").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    key = list(boxes(page))[0]
    chip(page, key).focus()
    page.keyboard.press("a")
    page.wait_for_timeout(100)
    other = api(
        page,
        f"studies/{study['id']}/review",
        "POST",
        {
            "based_on": study["revision"],
            "findings": [
                {"instance": study["instances"][0]["id"], "label": study_label(page), "box": [11, 12, 33, 44], "decision": "added"}
            ],
            "complete": False,
            "comment": "from elsewhere",
            "text": "",
            "sign": False,
        },
    )
    check("another reading comes meanwhile", other["status"] == 201, str(other["body"])[:100] if other["status"] != 201 else "")
    told(
        "it is told, and nothing is overwritten",
        lambda: (
            expect(page.locator(".notice-bar")).to_contain_text("newer reading", timeout=15_000),
            expect(page.locator(f'.findings-list li[data-key="{key}"]')).to_contain_text("accepted"),
        ),
    )
    page.locator(".study .pane").first.focus()
    page.keyboard.press("Control+s")
    told(
        "sending on the older one is stopped in a dialog that shows the newer",
        lambda: expect(page.locator("dialog.conflict")).to_contain_text(study_label(page), timeout=10_000),
    )
    shot(page, "conflict-dark")
    page.keyboard.press("Enter")
    told(
        "both are shown then",
        lambda: (
            expect(page.locator(".notice-bar")).to_contain_text("your work over it", timeout=10_000),
            expect(page.locator(f'.findings-list li[data-key="{key}"]')).to_contain_text("accepted"),
            expect(page.locator(".findings-list li", has_text="added")).to_have_count(1),
        ),
    )
    page.locator(".study .pane").first.focus()
    page.keyboard.press("Control+s")
    told("and it is sent again", lambda: expect(page.locator(".toast").last).to_contain_text("Saved", timeout=10_000))
    page.wait_for_timeout(300)
    last = api(page, f"studies/{study['id']}")["body"]["readings"][-1]
    check("with both findings in it", len(last["findings"]) == 2, str([one["label"] for one in last["findings"]]))


def study_label(page):
    return page.evaluate("async () => (await (await fetch('/api/v1/reader')).json()).labels[0].name")


def keyboard(page, state, **_):
    """From the worklist to the signature without a pointer."""
    go(page, "#/worklist", ".worklist tbody tr[data-id]")
    page.reload()
    ready(page)
    page.wait_for_selector(".worklist tbody tr[data-id]")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("Boolean(document.activeElement.closest('tbody tr'))"):
            break
    check("Tab comes to the list", page.evaluate("Boolean(document.activeElement.closest('tbody tr'))"))
    ident = None
    for _ in range(60):
        current = page.locator("tr.current")
        if current.count() and "read" in (current.get_attribute("class") or "").split():
            ident = current.get_attribute("data-id")
            break
        page.keyboard.press("j")
        page.wait_for_timeout(30)
    if not check("j comes to a study that was read", ident):
        return
    page.keyboard.press("Enter")
    page.wait_for_selector(".study .pane[data-shown]", timeout=20_000)
    page.wait_for_timeout(200)
    told("the image has the focus", lambda: expect(page.locator(".study .pane").first).to_be_focused())
    before = pane(page, "window.width")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(60)
    check("arrows change the window", pane(page, "window.width") != before)
    page.keyboard.press("1")
    count = len(boxes(page))
    if count:
        page.keyboard.press("Tab")
        check("Tab goes to the first finding", page.evaluate("document.activeElement.classList.contains('chip')"))
        page.keyboard.press("a")
    page.keyboard.press("n")
    page.wait_for_timeout(50)
    for key in ("ArrowLeft", "Shift+ArrowUp", "Enter", *["Shift+ArrowRight"] * 8, *["Shift+ArrowDown"] * 6, "Enter"):
        page.keyboard.press(key)
    told("a box by the keyboard asks for its label", lambda: expect(page.locator("dialog.choose")).to_be_visible())
    page.keyboard.press("2")
    told("and is there", lambda: expect(page.locator(".findings-list li", has_text="added")).to_have_count(1))
    own = [box for key, box in boxes(page).items() if "/o" in key][0]
    check("as large as the arrows made it", own[2] == 80 and own[3] == 60, str(own))
    page.keyboard.press("d")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("?")
    told("? shows the keys", lambda: expect(page.locator("dialog.help")).to_be_visible())
    shot(page, "keys-dark")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_selector("dialog.sign")
    if page.locator("dialog.sign input[value=leave]").count():
        for _ in range(6):
            if page.evaluate("document.activeElement.name === 'rest'"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
    for _ in range(8):
        if page.evaluate("document.activeElement.classList.contains('primary')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told("signed by the keyboard alone", lambda: expect(page.locator(".toast").first).to_contain_text("Signed"))
    page.wait_for_timeout(400)
    last = api(page, f"studies/{ident}")["body"]["readings"][-1]
    check(
        "the own box is in the signed reading to 0.5 px",
        last["status"] in ("final", "amended")
        and any(max(abs(a - b) for a, b in zip(own, one["box"])) <= 0.5 for one in last["findings"])
        and last.get("comment") == "By keyboard"
        and last.get("complete"),
    )


def phone(browser, context, state, **_):
    small = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        storage_state=context.storage_state(),
        ignore_https_errors=True,
    )
    own_assets(small)
    page = small.new_page()
    watch(page)
    page.goto(base + "/")
    ready(page)
    page.wait_for_selector(".worklist tbody tr[data-id]", timeout=20_000)

    def narrow(name):
        check(
            f"phone: nothing wider than the screen: {name}",
            page.evaluate(
                "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth, document.getElementById('main').scrollWidth)"
            )
            <= 390,
        )

    narrow("worklist")
    page.wait_for_timeout(500)
    shot(page, "phone-worklist-dark")
    study = next(readable(page, 1), None)
    if study:
        open_study(page, study["id"])
        narrow("study")
        page.wait_for_timeout(300)
        shot(page, "phone-viewer-dark")
        debugger = small.new_cdp_session(page)
        touch = lambda kind, *points: debugger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]}
        )
        x, y = middle(page)
        before = pane(page, "window.width")
        touch("touchStart", (x, y))
        for step in range(1, 8):
            touch("touchMove", (x + step * 10, y))
        touch("touchEnd")
        page.wait_for_timeout(150)
        check("phone: a finger changes the window", pane(page, "window.width") > before)
        scale = pane(page, "viewport.scale")
        touch("touchStart", (x - 30, y), (x + 30, y))
        for step in range(1, 8):
            touch("touchMove", (x - 30 - step * 8, y), (x + 30 + step * 8, y))
        touch("touchEnd")
        page.wait_for_timeout(150)
        check("phone: two fingers zoom", pane(page, "viewport.scale") > scale * 1.5, f"{scale:.2f} to {pane(page, 'viewport.scale'):.2f}")
        page.locator('[data-act="fit"]').tap()
        page.locator("#sensitivity").evaluate("input => { input.value = input.max; input.dispatchEvent(new Event('input')); }")
        page.wait_for_timeout(150)
        page.locator("#main").evaluate("node => node.scrollTo(0, 0)")
        keys = list(boxes(page))
        if keys:
            key = keys[0]
            chip(page, key).tap()
            told("phone: a tap on the label chooses the box", lambda: expect(chip(page, key)).to_have_attribute("aria-pressed", "true"))
            bx, by, bw, bh = page.locator(f'.lines .box[data-key="{key}"] .line').evaluate(
                "r => { const b = r.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; }"
            )
            old = boxes(page)[key]
            # 14 px beside the corner: a handle is as large as a finger.
            hx, hy = bx + bw + 12, by + bh + 12
            touch("touchStart", (hx, hy))
            for step in range(1, 6):
                touch("touchMove", (hx - step * 4, hy - step * 4))
            touch("touchEnd")
            page.wait_for_timeout(150)
            check("phone: a handle within a finger's reach", boxes(page)[key] != old, f"{old} to {boxes(page)[key]}")
        small_ones = page.evaluate("""() => [...document.querySelectorAll('button, a.button, select, input:not([type=hidden])')].filter(node => node.offsetParent && !node.closest('[hidden]')).filter(node => { const b = node.getBoundingClientRect();
            const more = node.classList.contains('chip') ? 14 : 0; return (b.height + more < 43.5 || b.width + more < 43.5) && !['checkbox', 'radio', 'file'].includes(node.type); }).map(node => `${node.className} ${node.getAttribute('aria-label') ?? node.textContent}`)""")
        check("phone: targets of 44 px", not small_ones, str(small_ones[:6]))
        page.locator(".sign-bar .primary").scroll_into_view_if_needed()
        shot(page, "phone-review-dark")
        axe(page, "study on a phone")
        page.locator(".findings-list .accept").first.tap() if page.locator(".findings-list .accept").count() else None
        api(page, f"studies/{study['id']}/draft", "DELETE")
    for view, selector in (("problems", "#problems-title"), ("settings", "#settings-title"), ("audit", "#audit-title")):
        go(page, f"#/{view}", selector)
        page.wait_for_timeout(400)
        narrow(view)
    small.close()


def axes(page, browser, context, state, **_):
    studies = (
        list(readable(page, 1))
        if not state["mock"]
        else [api(page, f"studies/{api(page, 'studies?q=voi')['body']['studies'][0]['id']}")["body"], *readable(page, 1)]
    )
    study = next((one for one in studies if one["priors"]), next(iter(studies), None))
    for theme in ("dark", "light"):
        page.evaluate(
            "theme => { localStorage.setItem('pleura preferences', JSON.stringify({theme})); return fetch('/api/v1/session/preferences', {method: 'PUT', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({theme})}); }",
            theme,
        )
        page.goto(base + "/#/worklist")
        page.reload()
        ready(page)
        page.wait_for_selector(".worklist tbody tr[data-id]")
        page.wait_for_timeout(400)
        axe(page, f"worklist, {theme}")
        shot(page, f"worklist-{theme}")
        if study:
            open_study(page, study["id"])
            page.locator(".study details").evaluate_all("all => all.forEach(one => { one.open = true; })")
            page.locator("#sensitivity").focus()
            page.keyboard.press("End")
            page.wait_for_timeout(400)
            axe(page, f"study, {theme}")
            if list(boxes(page)):
                chip(page, list(boxes(page))[0]).focus()
            page.locator(".study .pane").first.focus()
            page.keyboard.press("s")
            page.wait_for_selector("dialog.sign")
            axe(page, f"signing, {theme}")
            page.keyboard.press("Escape")
            page.keyboard.press("?")
            page.wait_for_selector("dialog.help")
            axe(page, f"keys, {theme}")
            page.keyboard.press("Escape")
            page.keyboard.press("v")
            page.wait_for_timeout(700)
            if page.locator(".pane").count() > 1:
                axe(page, f"with a prior, {theme}")
                shot(page, f"prior-{theme}")
            page.locator(".study details").evaluate_all("all => all.forEach(one => { one.open = false; })")
        for view, selector in (("problems", "#problems-title"), ("settings", "#settings-title"), ("audit", "#audit-title")):
            go(page, f"#/{view}", ".page, .worklist")
            page.wait_for_timeout(500)
            axe(page, f"{view}, {theme}")
            shot(page, f"{view}-{theme}")
        other = browser.new_context(viewport={"width": 900, "height": 700}, ignore_https_errors=True)
        own_assets(other)
        outside = other.new_page()
        outside.goto(base + "/")
        outside.evaluate("theme => localStorage.setItem('pleura preferences', JSON.stringify({theme}))", theme)
        outside.goto(base + "/#/login?used")
        outside.reload()
        if outside.locator("form.login").count() or outside.wait_for_selector("form.login", timeout=8000):
            axe(outside, f"log-in, {theme}")
        shot(outside, f"login-{theme}")
        other.close()
    # The language changes at once, on the page as it stands.
    go(page, "#/settings", "#settings-title")
    page.locator(".settings-list select").first.select_option("de")
    told(
        "German at once",
        lambda: (
            expect(page.locator("#header nav a").first).to_have_text("Arbeitsliste"),
            expect(page.locator("html")).to_have_attribute("lang", "de"),
        ),
    )
    if study:
        open_study(page, study["id"])
        told("also in the study", lambda: expect(page.locator(".sign-bar .primary")).to_have_text("Signieren…"))
        shot(page, "viewer-german")
    go(page, "#/settings", "#settings-title")
    page.locator(".settings-list select").first.select_option("en")
    page.locator(".settings-list select").nth(1).select_option("dark")
    told("and English again", lambda: expect(page.locator("#header nav a").first).to_have_text("Worklist"))


def attacks(page, state, **_):
    evil = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>\u202e' + "W" * 10_000
    study = next(readable(page), None)
    open_study(page, study["id"])
    page.locator("#comment").fill(evil)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    told(
        "a comment of 10,000 characters with script is taken",
        lambda: expect(page.locator(".toast").first).to_contain_text("Saved", timeout=10_000),
    )
    page.locator("details summary", has_text="Readings").click()
    told("and shown as text", lambda: expect(page.locator(".readings li").last).to_contain_text("<img src=x"))
    check("nothing of it acted", not page.evaluate("window.hurt ?? null"))
    check("nothing wider than the screen", page.evaluate("document.documentElement.scrollWidth") <= 1440)
    page.locator("details summary", has_text="Readings").click()
    if state["mock"]:
        go(page, "#/worklist", ".worklist tbody tr[data-id]")
        page.keyboard.press("/")
        page.keyboard.type("script")
        page.wait_for_timeout(800)
        check(
            "names with HTML, of 10,000 characters, right to left: cut and as text",
            page.locator(".worklist tbody bdi b").count() == 0
            and page.locator("tr", has_text="<img src=x onerror").count() == 1
            and page.locator(".worklist .scroll").evaluate("node => node.scrollWidth <= node.clientWidth"),
        )
        shot(page, "attacks")
        page.keyboard.press("Escape")
    else:
        skip("names with HTML in the worklist", "the mock has such patients")
    check("no patient in the address", "DOE" not in page.url)


def tabs(page, context, state, **_):
    pages = [context.new_page() for _ in range(7)]
    began = time.time()
    for one in pages:
        one.goto(base + "/")
        one.wait_for_selector("body[data-ready]", timeout=20_000)
    check("eight tabs are open, none hangs", time.time() - began < 40, f"{time.time() - began:.1f} s")
    expect(pages[-1].locator(".live")).to_contain_text("● live", timeout=15_000)
    if state["mock"]:
        check(
            "they share one stream of events", pages[0].evaluate("async () => (await (await fetch('/mock/listeners')).json()).count") <= 2
        )
    for one in pages:
        one.close()


def session(page, browser, context, state, **_):
    if not state["accounts"]:
        study = next(readable(page))
        open_study(page, study["id"])
        cookies = context.cookies()
        context.clear_cookies()
        page.locator("#comment").fill("Not lost")
        told(
            "a session that ended is told over the page",
            lambda: expect(page.locator("dialog.login-dialog")).to_contain_text("another link", timeout=10_000),
        )
        page.locator("dialog.login-dialog button").click()
        told(
            "without a new link there is none",
            lambda: expect(page.locator("dialog.login-dialog .message")).to_contain_text("no session yet"),
        )
        context.add_cookies(cookies)  # As opening a new link in another tab does.
        page.locator("dialog.login-dialog button").click()
        told(
            "it goes on, nothing is lost",
            lambda: (
                expect(page.locator("dialog.login-dialog")).to_have_count(0),
                expect(page.locator("#comment")).to_have_value("Not lost"),
                expect(page.locator(".draft-note")).to_have_attribute("data-state", "draft.saved", timeout=15_000),
            ),
        )
        return
    name, password = (options.user, options.password) if options.user else ("ann", "correct horse")
    if not options.user and not state["mock"]:
        skip("session end", "--user and --password are needed")
        return
    study = next(readable(page, 1))
    open_study(page, study["id"])
    page.locator("#sensitivity").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    key = list(boxes(page))[0]
    context.clear_cookies()
    chip(page, key).focus()
    page.keyboard.press("a")
    told(
        "a session that ended is asked for over the page", lambda: expect(page.locator("dialog.login-dialog")).to_be_visible(timeout=10_000)
    )
    shot(page, "login-over")
    page.locator("dialog.login-dialog [name=name]").fill(name)
    page.locator("dialog.login-dialog [name=password]").fill("wrong")
    page.locator("dialog.login-dialog button").click()
    told("a wrong password is told", lambda: expect(page.locator("dialog.login-dialog .message")).to_contain_text("wrong"))
    page.locator("dialog.login-dialog [name=password]").fill(password)
    page.locator("dialog.login-dialog button").click()
    told(
        "it goes on, nothing is lost",
        lambda: (
            expect(page.locator("dialog.login-dialog")).to_have_count(0),
            expect(page.locator(f'.findings-list li[data-key="{key}"]')).to_contain_text("accepted"),
            expect(page.locator(".draft-note")).to_have_attribute("data-state", "draft.saved", timeout=15_000),
        ),
    )
    other = browser.new_context(ignore_https_errors=True)
    own_assets(other)
    outside = other.new_page()
    outside.goto(base + "/")
    for _ in range(6):
        outside.locator("[name=name]").fill("nobody")
        outside.locator("[name=password]").fill("x")
        outside.locator("form.login button").click(timeout=5000)
        outside.wait_for_timeout(200)
        if outside.locator("form.login button").is_disabled():
            break
    told("too many tries: the wait is told", lambda: expect(outside.locator(".message")).to_contain_text("Wait"))
    other.close()


def many(page, context, state, pictures, **_):
    if not state["mock"]:
        skip("a thousand files at once", "a real model would read them for minutes; the mock does not")
        return
    folder = state["folder"] / "thousand"
    folder.mkdir()
    picture = pictures[0].read_bytes()
    for number in range(1000):
        (folder / f"{number:04}.png").write_bytes(picture + b"%d" % number)
    go(page, "#/worklist", ".worklist table")
    began = time.time()
    drop(context, page, [folder])
    told(
        "a thousand files at once",
        lambda: (expect(page.locator("#uploads-title")).to_contain_text("of 1,000", timeout=60_000), idle(page, "1,000 of 1,000")),
    )
    print(f"     {time.time() - began:.1f} s; lines in the list: {page.locator('.upload-list li').count()}", flush=True)
    close(page)


def report(page, context, state, **_):
    study = next(readable(page, 1), None) or next(readable(page))
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_study(page, study["id"])
    page.locator("details summary", has_text="Report").click()
    area = page.locator(".report textarea")
    told("the report is written", lambda: expect(area).not_to_have_value("", timeout=10_000))
    area.fill("My own text")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    told("c copies it", lambda: expect(page.locator(".toast").last).to_contain_text("copied"))
    check("as it was edited", page.evaluate("navigator.clipboard.readText()") == "My own text")
    page.evaluate("window.print = () => { window.printed = document.getElementById('print').innerText; }")
    page.locator(".report button", has_text="Print").click()
    page.wait_for_timeout(300)
    printed = page.evaluate("window.printed ?? ''")
    check(
        "the print has the text and what it is for",
        "My own text" in printed and "research use only" in printed.lower(),
        printed[:200].replace("\n", " / "),
    )
    page.emulate_media(media="print")
    page.evaluate("document.getElementById('print').hidden = false")
    shot(page, "print")
    page.emulate_media(media="screen")
    page.evaluate("document.getElementById('print').hidden = true")
    page.locator(".report button", has_text="Write anew").click()
    told("written anew on wish", lambda: expect(area).not_to_have_value("My own text", timeout=10_000))
    page.locator("details summary", has_text="Report").click()


def settings(page, state, **_):
    go(page, "#/settings", "#settings-title")
    before = api(page, "settings")["body"]
    page.locator(".protocol select").first.select_option("20")
    page.locator(".protocol .allowances input").first.fill("17")
    page.locator("button", has_text="Add a protocol").click()
    page.locator(".protocol").last.locator("input").nth(1).fill("<i>Night</i>")
    page.locator("button.primary", has_text="Save").click()
    told("an administrator changes the protocols", lambda: expect(page.locator(".toast").last).to_contain_text("saved"))
    if page.locator(".page .message", has_text=":").count():
        print("     ", page.locator(".page .message", has_text=":").first.inner_text())
    after = api(page, "settings")["body"]
    check(
        "they are at the server",
        after["protocols"][0].get("false_boxes_per_100_images") == 20
        and len(after["protocols"]) == len(before["protocols"]) + 1
        and after["protocols"][-1]["title"] == "<i>Night</i>"
        and 17 in after["protocols"][0]["allowances"].values(),
    )
    told(
        "and can be chosen for new images",
        lambda: expect(page.locator("#header select option", has_text="<i>Night</i>")).to_have_count(1, timeout=10_000),
    )
    check("put back", api(page, "settings", "PUT", before)["status"] == 200)
    page.reload()
    ready(page)
    if state["accounts"]:
        form = page.locator("section form", has_text="Add a user")
        form.locator("input").nth(0).fill("carla")
        form.locator("input").nth(1).fill("a long pass phrase")
        form.locator("button").click()
        told("a user is added", lambda: expect(page.locator("td", has_text="carla")).to_be_visible())
    else:
        skip("users", "the server runs without accounts")
    # The drag's direction is a setting.
    page.locator(".settings-list select").nth(2).select_option("reversed")
    open_study(page, next(readable(page))["id"])
    centre = middle(page)
    before = pane(page, "window.width")
    drag(page, centre, (centre[0] + 60, centre[1]))
    check("the drag goes the other way round, if one wishes", pane(page, "window.width") < before)
    go(page, "#/settings", "#settings-title")
    page.locator(".settings-list select").nth(2).select_option("")


def problems(page, state, **_):
    go(page, "#/problems", "#problems-title")
    page.wait_for_timeout(500)
    rows = page.locator(".page tbody tr")
    count = rows.count()
    if not count:
        told("no problems are told as such", lambda: expect(page.locator(".page")).to_contain_text("No problems"))
        return
    rows.first.locator("button", has_text="Dealt with").click()
    told("a problem that was dealt with leaves the list", lambda: expect(rows).to_have_count(count - 1))
    if count > 1:
        rows.first.locator("button", has_text="Try again").click()
        told("one is tried again", lambda: expect(page.locator(".toast").last).to_contain_text("again"))


def watch(page):
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}") if dialog.type == "alert" else None, dialog.accept()))
    page.on(
        "console",
        lambda message: (
            wrong.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text and "net::ERR" not in message.text
            else None
        ),
    )


def launch(playwright, *more):
    return playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox", *more])


KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".html": "text/html"}


def own_assets(context):
    if not options.assets:
        return

    def answer(route):
        name = route.request.url.split("/assets/")[1].split("?")[0]
        route.fulfill(path=options.assets / name, content_type=KINDS[pathlib.Path(name).suffix] + "; charset=utf-8")

    context.route("**/assets/*", answer)


def run():
    pictures = sorted(path for path in options.images.iterdir() if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".dcm"))
    if len(pictures) < 6:
        sys.exit("six images are needed")
    began = time.time()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", ignore_https_errors=True)
        own_assets(context)
        page = context.new_page()
        watch(page)
        page.goto(options.url)
        if options.user:
            page.locator("form.login [name=name]").fill(options.user)
            page.locator("form.login [name=password]").fill(options.password)
            page.locator("form.login button").click()
        ready(page)
        print("     Chromium", browser.version, f"page ready after {time.time() - began:.1f} s", flush=True)
        check("the token left the address", "token" not in page.url)
        if not options.user:
            check(
                "a used link leads to the log-in, which says so",
                "#/login?used" in context.request.get(options.url, max_redirects=0).headers.get("location", ""),
            )
        state = {
            "folder": pathlib.Path(folder),
            "mock": page.evaluate(
                "async () => { const answer = await fetch('/mock/listeners'); return answer.ok && (answer.headers.get('Content-Type') ?? '').includes('json'); }"
            ),
            "accounts": api(page, "session")["body"]["accounts"],
        }
        parts = {
            "units": units,
            "upload": upload,
            "worklist": worklist,
            "viewer": viewer,
            "card": card,
            "explaining": explaining,
            "review": review,
            "conflict": conflict,
            "keyboard": keyboard,
            "report": report,
            "settings": settings,
            "problems": problems,
            "many": many,
            "phone": phone,
            "axe": axes,
            "attacks": attacks,
            "tabs": tabs,
            "session": session,
        }
        for name, part in parts.items():
            if options.only and name not in options.only.split(","):
                continue
            print(f"---- {name}", flush=True)
            try:
                part(page=page, context=context, browser=browser, playwright=playwright, pictures=pictures, state=state)
            except Exception as error:  # One part that breaks off does not hide the others.
                import traceback

                traceback.print_exc(limit=3)
                check(f"{name} went to its end", False, str(error)[:300])
                shot(page, f"broken-{name}")
                context.set_offline(False)
                page.goto(base + "/#/worklist")
                page.reload()
                ready(page)
        check("no error on the console, no alert", not wrong, "; ".join(wrong[:5]))
        browser.close()
    print(f"{len(failed)} failed" if failed else "all passed", f"in {time.time() - began:.0f} s")
    sys.exit(1 if failed else 0)


run()
