// The nodules of a scan: looked for when asked, listed with place, size and kind; a press goes there.
import {json} from "./api.js";
import {announce, el, outside} from "./dom.js";
import {has, number, text} from "./words.js";

const known = (kind, word) => has(`scan.nodule_${kind}.${word}`) ? text(`scan.nodule_${kind}.${word}`) : word ?? "";

export class NoduleList {
  /** `actions`: pick(nodule), found(nodules). */
  constructor(actions) {
    this.actions = actions;
    this.message = el("p", {class: "quiet-text", role: "status"});
    this.button = el("button", {type: "button", class: "primary", w: "scan.find_nodules", on: {click: () => this.ask()}});
    this.list = el("ol", {class: "plain nodule-list"});
    this.node = el("section", {hidden: true}, el("h2", {w: "scan.nodules"}), this.button, this.message, this.list,
      el("p", {class: "quiet-text", w: "scan.nodule_unsure"}));
  }
  close() { this.isClosed = true; clearTimeout(this.timer); }
  setScan(scan) {
    clearTimeout(this.timer);
    Object.assign(this, {scan, nodules: null, state: null, error: null});
    this.node.hidden = !scan;
    this.tell();
  }
  async ask() {
    const {scan} = this;
    this.state = "running";
    this.tell();
    try {
      const answer = await json(`instances/${scan.instance}/scan/nodules`);
      if (this.isClosed || scan !== this.scan) return;
      this.state = answer.state;
      this.error = answer.error ?? null;
      if (answer.state === "running") this.timer = setTimeout(() => this.ask(), 1500);
      if (answer.state === "found") {
        this.nodules = answer.scan.nodules.map(one => ({...one, voxel: scan.voxel(one.center_mm)}));
        this.remarks = answer.scan.remarks ?? [];
        this.actions.found(this.nodules);
        announce(this.nodules.length ? `${text("scan.nodules")}: ${this.nodules.length}` : text("scan.nodules_none"));
      }
    } catch (error) {
      if (this.isClosed || scan !== this.scan) return;
      Object.assign(this, {state: "failed", error: error.body?.detail ?? text(error.isOffline ? "error.offline" : "error.server")});
    }
    this.tell();
  }
  tell() {
    const {state, nodules} = this;
    this.button.hidden = state === "running" || state === "found" || state === "unavailable";
    this.message.textContent = state === "running" ? text("scan.nodules_running") : state === "unavailable" ? text("scan.nodules_missing")
      : state === "failed" ? this.error : nodules && !nodules.length ? text("scan.nodules_none") : "";
    this.list.replaceChildren(...(nodules ?? []).map(one => this.row(one)), ...nodules ? this.remarks.map(one => el("li", {class: "quiet-text"}, outside(one))) : []);
  }
  row(one) {
    const mm = value => number(value, 1), place = one.slice;
    const line = text("scan.nodule", {diameter: mm(one.diameter_mm), kind: known("kind", one.kind ?? "unsure"), side: known("side", one.side), third: known("third", one.third)});
    const more = [text("scan.nodule_more", {long: mm(one.long_axis_mm), short: mm(one.short_axis_mm), volume: number(one.volume_mm3, 0), score: number(one.score ?? 0, 2)})];
    for (const size of one.size_classes ?? []) more.push(text("scan.nodule_class", {guideline: size.guideline, basis: size.basis, size: size.category ?? size.size}) + ` (${size.applies})`);
    if (one.size_class_reason) more.push(one.size_class_reason);
    more.push(...one.remarks ?? []);
    if (place) more.push(text("scan.nodule_place", {slice: place.file ?? "", column: number(place.column, 0), row: number(place.row, 0)}));
    return el("li", {data: {nodule: one.id}}, el("button", {type: "button", class: "quiet nodule-button", on: {click: () => this.actions.pick(one)}},
      el("b", {textContent: one.id}), " ", line), el("div", {class: "quiet-text", textContent: more[0]}),
      el("details", {}, el("summary", {w: "scan.nodule_details"}), el("ul", {class: "plain quiet-text"}, more.slice(1).map(sentence => el("li", {}, outside(sentence))))));
  }
}
