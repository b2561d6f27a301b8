// A CT scan open for looking: three planes that follow one cross, windows, slabs, and a prior scan that scrolls along.
import {json} from "./api.js";
import {announce, el, outside, toast} from "./dom.js";
import {icon} from "./icons.js";
import {NoduleList} from "./nodule-list.js";
import {PlanePane} from "./plane-pane.js";
import {PLANES, Scan, seriesOf, WINDOWS} from "./scan.js";
import {isCoarse} from "./viewer.js";
import {day, number, text} from "./words.js";
import {patientLine, personName} from "./worklist.js";

const SLABS = [0, 5, 10, 20, 30];

export class ScanView {
  constructor({id}) {
    Object.assign(this, {id, tool: isCoarse.matches ? "scroll" : "window", slab: 0, window: {center: WINDOWS.lung[0], width: WINDOWS.lung[1]}, nodules: []});
    const actions = {move: (voxel, pane) => this.move(voxel, pane), window: window => this.setWindow(window, null), tool: () => this.tool,
      pick: nodule => this.pick(nodule)};
    this.panes = Object.fromEntries(Object.keys(PLANES).map(plane => [plane, new PlanePane(plane, actions)]));
    this.title = el("h1", {id: "scan-title", tabIndex: -1});
    this.about = el("p", {class: "about"});
    this.series = el("select", {words: {"aria-label": "scan.series"}, hidden: true, on: {change: () => this.showSeries(Number(this.series.value))}});
    this.preset = el("select", {class: "preset", words: {"aria-label": "viewer.presets"},
      on: {change: () => { const [center, width] = WINDOWS[this.preset.value]; this.setWindow({center, width}, this.preset.value); }}});
    this.slabChoice = el("select", {words: {"aria-label": "scan.slab"}, on: {change: () => { this.slab = Number(this.slabChoice.value); this.show(); }}});
    this.prior = el("select", {words: {"aria-label": "scan.prior"}, hidden: true, on: {change: () => this.showPrior(this.prior.value)}});
    this.link = el("button", {type: "button", class: "tool", hidden: true, "aria-pressed": true, w: "scan.link", on: {click: () => this.toggleLink()}});
    this.cross = el("button", {type: "button", class: "tool", "aria-pressed": true, w: "scan.cross", on: {click: () => this.toggleCross()}});
    const tool = name => el("button", {type: "button", class: "tool", data: {tool: name}, "aria-pressed": name === this.tool,
      w: `scan.tool.${name}`, on: {click: () => this.setTool(name)}});
    this.toolbar = el("div", {class: "toolbar", role: "group", words: {"aria-label": "viewer.tools"}}, ["scroll", "window", "pan"].map(tool),
      this.preset, this.slabChoice, this.cross, el("button", {type: "button", class: "tool", w: "scan.fit", on: {click: () => this.fit()}}),
      this.series, this.prior, this.link);
    this.decisions = el("ul", {class: "plain decisions"});
    this.record = el("details", {}, el("summary", {w: "scan.record"}), this.decisions);
    this.nodulePart = new NoduleList({pick: nodule => this.pick(nodule), found: nodules => this.setNodules(nodules)});
    this.side = el("aside", {class: "panel scan-side", words: {"aria-label": "scan.about"}}, el("div", {class: "panel-scroll", tabIndex: -1},
      el("section", {}, el("p", {class: "quiet-text", w: "scan.limit"})), this.nodulePart.node, this.record));
    this.grid = el("div", {class: "scan-panes"}, Object.values(this.panes).map(pane => pane.node));
    this.node = el("section", {class: "study scan", "aria-labelledby": "scan-title"},
      el("div", {class: "study-head"}, el("a", {class: "button quiet", href: `#/study/${id}`, words: {"aria-label": "scan.back", title: "scan.back"}}, icon("back")),
        el("div", {class: "grow who"}, this.title, this.about)),
      el("div", {class: "study-body"}, el("div", {class: "reading"}, this.toolbar, this.grid), this.side));
    this.fillWords();
    this.onLanguage = () => { this.fillWords(); if (this.study) this.head(); this.nodulePart.tell(); this.show(); };
    document.addEventListener("language", this.onLanguage);
  }
  close() {
    this.isClosed = true;
    this.loading?.abort();
    this.nodulePart.close();
    document.removeEventListener("language", this.onLanguage);
    for (const pane of [...Object.values(this.panes), this.other].filter(Boolean)) pane.close();
  }

  fillWords() {
    const chosen = this.presetName === undefined ? "lung" : this.presetName;
    this.preset.replaceChildren(...Object.keys(WINDOWS).map((name, at) => el("option", {value: name, textContent: `${at + 1} ${text(`scan.window.${name}`)}`})),
      el("option", {value: "own", textContent: text("preset.own"), hidden: true}));
    this.preset.value = chosen ?? "own";
    this.slabChoice.replaceChildren(...SLABS.map(slab => el("option", {value: slab, textContent: slab ? text("scan.slab_of", {slab}) : text("scan.slab_none")})));
    this.slabChoice.value = this.slab;
  }
  head() {
    const {study} = this;
    this.title.replaceChildren(outside(personName(study.patient.name) ?? study.patient.id ?? text("worklist.no_name")));
    const parts = [patientLine(study), day(study.study_date), study.description].filter(Boolean);
    this.about.replaceChildren(...parts.flatMap((part, index) => [index ? " · " : "", outside(part)]));
    if (this.scan) this.tellRecord();
  }

  async open() {
    for (const pane of Object.values(this.panes)) pane.say("scan.loading");
    try { this.study = await json(`studies/${this.id}`); } catch (error) { return this.fail(error.status === 404 ? "study.gone" : error.isOffline ? "error.offline" : "error.server"); }
    if (this.isClosed) return;
    this.head();
    this.all = seriesOf(this.study);
    if (!this.all.length) return this.fail("scan.none");
    this.series.hidden = this.all.length < 2;
    this.series.replaceChildren(...this.all.map((one, index) => el("option", {value: index, textContent: text("scan.series_of", {count: one.count})})));
    const priors = this.study.priors.filter(one => one.modality === "CT");
    this.prior.hidden = !priors.length;
    this.prior.replaceChildren(el("option", {value: "", textContent: text("scan.no_prior")}),
      ...priors.map(one => el("option", {value: one.id, textContent: `${text("viewer.prior")} ${day(one.study_date)}`})));
    await this.showSeries(0);
  }
  fail(what) { for (const pane of Object.values(this.panes)) pane.say(what); announce(text(...[what].flat())); }

  async showSeries(index) {
    this.loading?.abort();
    const loading = this.loading = new AbortController();
    try {
      const scan = await Scan.load(this.all[index].first, loading.signal);
      if (this.isClosed || this.loading !== loading) return;
      this.scan = scan;
    } catch (error) {
      if (error.name === "AbortError" || this.isClosed) return;
      // The server's sentence says which slices are the matter.
      const told = error.body?.detail;
      for (const pane of Object.values(this.panes)) { pane.setScan(null); pane.message.hidden = false; pane.message.textContent = told ?? text(error.isOffline ? "error.offline" : "error.server"); }
      return;
    }
    for (const pane of Object.values(this.panes)) { pane.setScan(this.scan); pane.say(null); pane.setWindow(this.window); }
    this.cursor = this.scan.size.map(size => Math.floor((size - 1) / 2));
    this.setNodules([]);
    this.nodulePart.setScan(this.scan);
    this.tellRecord();
    this.show();
    this.panes.axial.node.focus({preventScroll: true});
    this.node.dataset.shown = this.scan.instance;
  }
  tellRecord() {
    const {about} = this.scan;
    const size = about.size.map(value => number(value)).join(" × "), spacing = about.spacing.map(value => number(value, 2)).join(" × ");
    this.decisions.replaceChildren(el("li", {textContent: text("scan.size", {size, spacing})}),
      ...about.decisions.map(one => el("li", {data: {code: one.code}}, outside(one.sentence))));
  }

  show() {
    if (!this.scan) return;
    for (const pane of Object.values(this.panes)) pane.show(this.cursor, this.slab);
    this.follow();
  }
  move(voxel, pane) {
    if (pane === this.other) { this.otherCursor = voxel; this.other.show(voxel, this.slab); if (this.isLinked) this.keepOffset(); return; }
    this.cursor = voxel;
    this.show();
  }
  setWindow(window, name) {
    Object.assign(this, {window, presetName: name});
    this.preset.value = name ?? "own";
    for (const pane of [...Object.values(this.panes), this.other].filter(Boolean)) pane.setWindow(window);
  }
  setTool(name) {
    this.tool = name;
    for (const one of this.toolbar.querySelectorAll("[data-tool]")) one.setAttribute("aria-pressed", one.dataset.tool === name);
  }
  toggleCross() {
    const isHidden = this.cross.getAttribute("aria-pressed") === "true";
    this.cross.setAttribute("aria-pressed", !isHidden);
    for (const pane of [...Object.values(this.panes), this.other].filter(Boolean)) { pane.isCrossHidden = isHidden; pane.draw(); }
  }
  fit() { for (const pane of [...Object.values(this.panes), this.other].filter(Boolean)) pane.fit(); }
  setNodules(nodules) {
    this.nodules = nodules;
    for (const pane of Object.values(this.panes)) { pane.nodules = nodules; pane.draw(); }
  }
  pick(nodule) {
    for (const one of this.nodules) one.isChosen = one === nodule;
    this.cursor = nodule.voxel.map((value, axis) => Math.max(0, Math.min(this.scan.size[axis] - 1, value)));
    this.show();
  }

  // ---- a prior beside it

  async showPrior(id) {
    this.other?.close();
    Object.assign(this, {other: null, otherScan: null});
    this.grid.classList.remove("with-prior");
    this.link.hidden = true;
    if (!id) return;
    try {
      const study = await json(`studies/${id}`), [first] = seriesOf(study);
      if (!first) return toast("scan.none", true);
      const scan = await Scan.load(first.first);
      if (this.isClosed || this.prior.value !== id) return;
      this.otherScan = scan;
      this.other = new PlanePane("axial", {move: (voxel, pane) => this.move(voxel, pane), window: window => this.setWindow(window, null),
        tool: () => this.tool, pick: () => {}});
      this.other.title = `${text("viewer.prior")} ${day(study.study_date)}`;
      this.grid.classList.add("with-prior");
      this.grid.append(this.other.node);
      this.other.setScan(scan);
      this.other.setWindow(this.window);
      this.isLinked = true;
      this.link.hidden = false;
      this.link.setAttribute("aria-pressed", true);
      // Two scans seldom have one frame of reference: at first the same share of the way from the head, then what the reader sets.
      const share = this.cursor[2] / Math.max(1, this.scan.size[2] - 1);
      this.otherCursor = scan.size.map((size, axis) => axis === 2 ? share * (size - 1) : (size - 1) / 2);
      this.keepOffset();
      this.other.show(this.otherCursor, this.slab);
    } catch (error) { toast(error.isOffline ? "error.offline" : error.body?.detail ? () => error.body.detail : "error.server", true); }
  }
  keepOffset() { this.offset = this.otherCursor[2] * this.otherScan.spacing[2] - this.cursor[2] * this.scan.spacing[2]; }
  /** Millimetres for millimetres, whatever the slices' distances. */
  follow() {
    if (!this.other) return;
    if (this.isLinked) {
      const z = (this.cursor[2] * this.scan.spacing[2] + this.offset) / this.otherScan.spacing[2];
      this.otherCursor = [this.otherCursor[0], this.otherCursor[1], Math.max(0, Math.min(this.otherScan.size[2] - 1, z))];
    }
    this.other.show(this.otherCursor, this.slab);
  }
  toggleLink() {
    this.isLinked = !this.isLinked;
    this.link.setAttribute("aria-pressed", this.isLinked);
    if (this.isLinked) this.keepOffset();
  }

  key(event, name, isTyping) {
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !this.scan) return false;
    const pane = [...Object.values(this.panes), this.other].find(one => one?.node.contains(event.target)) ??
      (event.target === document.body || event.target.id === "main" ? this.panes.axial : null);
    const names = Object.keys(WINDOWS), at = Number(name) - 1;
    if (names[at]) { const [center, width] = WINDOWS[names[at]]; this.setWindow({center, width}, names[at]); return true; }
    const act = {w: () => this.setTool("window"), p: () => this.setTool("pan"), s: () => this.setTool("scroll"), x: () => this.toggleCross(),
      Escape: () => { location.hash = `#/study/${this.id}`; }}[name];
    if (act) { act(); return true; }
    return pane?.key(event, name) ?? false;
  }
}
