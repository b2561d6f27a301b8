// The report: structured text from the server, changed by the person, copied with one key, printed with the patient's line.
import {json, query, renderedOf} from "./api.js";
import {el, outside, toast} from "./dom.js";
import {currentLanguage, day, moment, text} from "./words.js";
import {patientLine, personName} from "./worklist.js";
import {session} from "./session.js";

export class Report {
  /** `onEdit(text)` when a person typed, or asked for the text anew (null). */
  constructor({onEdit}) {
    this.onEdit = onEdit;
    this.area = el("textarea", {rows: 9, spellcheck: true, dir: "auto", words: {"aria-label": "report.title"},
      on: {input: () => { this.onEdit(this.area.value); this.tell(); }}});
    this.note = el("p", {class: "quiet-text"});
    this.pictures = el("input", {type: "checkbox"});
    this.node = el("div", {class: "report"}, this.area, this.note, el("div", {class: "row wrap"},
      el("button", {type: "button", w: "report.copy", on: {click: () => this.copy()}}),
        el("button", {type: "button", w: "report.print", on: {click: () => this.print()}}),
      el("button", {type: "button", class: "quiet", w: "report.anew", on: {click: () => { this.onEdit(null); this.load(true); }}}),
      el("label", {class: "check"}, this.pictures, el("span", {w: "report.pictures"}))));
  }
  setStudy(study, own) {
    this.study = study;
    this.own = own;
    if (own) { if (document.activeElement !== this.area) this.area.value = own; this.tell(); } else this.load();
  }
  /** `isStale`: the person has changed findings since the reading that the text was made from. */
  setStale(isStale) { this.isStale = isStale; this.tell(); }
  tell() { this.note.textContent = this.isStale ? text("report.stale") : this.made ? text("report.made_from", {reader: this.made}) : ""; }
  async load(isAnew = false) {
    const {study} = this;
    if (!study.readings.length) { this.area.value = ""; this.area.placeholder = text("report.none"); return; }
    try {
      const {text: written} = await json(`studies/${study.id}/report${query({language: currentLanguage()})}`);
      if (this.study !== study || this.own && !isAnew) return;
      this.made = study.readings.at(-1).reader.name;
      if (isAnew || document.activeElement !== this.area) this.area.value = written;
      this.tell();
    } catch (error) { this.note.textContent = text(error.isOffline ? "error.offline" : "error.server"); }
  }
  async copy() {
    const {value} = this.area;
    try { await navigator.clipboard.writeText(value); } catch {
      // Without a secure context there is no clipboard but the old command.
      this.area.select();
      if (!document.execCommand("copy")) return toast("report.not_copied", true);
    }
    toast("report.copied");
  }
  print() {
    const {study} = this, page = document.getElementById("print");
    page.replaceChildren(
      el("h1", {w: "report.title"}), el("p", {class: "notice"}, session.notice || text("notice.short")),
      el("p", {}, el("b", {}, outside(personName(study.patient.name) ?? "–")), " · ", outside(patientLine(study)),
        study.patient.birth_date ? ` · ${text("patient.born", {date: day(study.patient.birth_date)})}` : ""),
      el("p", {}, [day(study.study_date), study.accession, study.description].filter(Boolean).flatMap((part, index) =>
        [index ? " · " : "", outside(part)])),
      el("pre", {dir: "auto", textContent: this.area.value}),
      el("p", {textContent: study.signed_by ? text("report.signed", {name: study.signed_by, time: moment(study.signed)})
        : text("report.not_signed")}));
    const shown = this.pictures.checked ? study.instances.map(one => el("img", {src: renderedOf(one.id), alt: ""})) : [];
    page.append(...shown);
    page.hidden = false;
    const ready = shown.map(image => image.decode().catch(() => {}));
    Promise.all(ready).then(() => { window.print(); page.hidden = true; });
  }
}
