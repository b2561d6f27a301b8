// How the model learns here: which one is in use, what was done and by whom, what the gate says, where a candidate differs, what is not as usual.
import {json, query, request} from "./api.js";
import {el, openDialog, outside, toast} from "./dom.js";
import {isAdministrator} from "./session.js";
import {currentLanguage, currentLocale, known, text} from "./words.js";

/** Why a model is changed, in a line; undefined where nobody says it. */
const askWhy = title => openDialog({title, kind: "why", build: close => {
  const input = el("input", {type: "text", required: true, maxLength: 500, autocomplete: "off", autofocus: true});
  return [el("form", {on: {submit: event => { event.preventDefault(); close(input.value.trim() || undefined); }}},
    el("label", {class: "field"}, el("span", {w: "improvement.why"}), input),
    el("div", {class: "actions"}, el("button", {class: "primary", w: title}),
      el("button", {type: "button", w: "cancel", on: {click: () => close()}})))];
}});

const table = (label, columns, body) => el("div", {class: "card table-scroll", tabIndex: 0, role: "region", words: {"aria-label": label}},
  el("table", {class: "plain-table learning-table"}, el("thead", {}, el("tr", {}, columns.map(name => el("th", {scope: "col", w: `improvement.${name}`})))), body));

export class ImprovementView {
  constructor() {
    this.state = el("p", {role: "status"});
    this.reading = el("p");
    this.back = el("button", {type: "button", w: "improvement.rollback", hidden: true, on: {click: () => this.change("rollback")}});
    this.alarms = el("ul", {class: "plain warnings"});
    this.noAlarms = el("p", {class: "quiet-text"});
    this.versions = el("tbody");
    this.shadows = el("div");
    this.node = el("section", {class: "page"}, el("div", {class: "inner"}, el("h1", {w: "improvement.title"}), this.state, this.reading,
      el("div", {class: "row wrap"}, this.back),
      el("h2", {w: "improvement.alarms"}), this.alarms, this.noAlarms,
      el("h2", {w: "improvement.versions"}), table("improvement.versions", ["time", "what", "model", "by", "reason", "verdict"], this.versions),
      el("h2", {w: "improvement.shadows"}), this.shadows));
  }
  async open() {
    try {
      this.show(await json(`improvement${query({language: currentLanguage()})}`));
    } catch (error) { toast(error.isOffline ? "error.offline" : "error.server", true); }
  }
  show(state) {
    this.current = state.current;
    this.state.textContent = state.chain === "intact" ? text("improvement.intact", {count: state.events})
      : text("improvement.broken", {fault: state.fault ?? ""});
    this.reading.textContent = text(!state.current ? "improvement.none" : state.current === state.reading ? "improvement.reads"
      : "improvement.changing", {model: state.reading.slice(0, 12)});
    const switches = state.versions.filter(one => ["adopt", "promote", "rollback"].includes(one.change.kind));
    this.back.hidden = !isAdministrator() || switches.length < 2;
    this.alarms.replaceChildren(...state.alarm_texts.map(line => el("li", {}, "⚠ ", outside(line))));
    this.alarms.hidden = !state.alarm_texts.length;
    this.noAlarms.hidden = !this.alarms.hidden;
    this.noAlarms.textContent = text(state.watched ? "improvement.no_alarm" : "improvement.not_watched");
    this.versions.replaceChildren(...state.versions.map(one => this.row(one)));
    this.shadows.replaceChildren(...state.shadows.map(one => this.shadow(one)));
    if (!state.shadows.length) this.shadows.append(el("p", {class: "quiet-text", w: "improvement.no_shadow"}));
  }
  row({change, words, may_promote}) {
    const verdict = el("td", {}, change.verdict ? known("verdict", change.verdict) : "");
    if (words) verdict.append(el("details", {}, el("summary", {w: "improvement.words"}), el("pre", {class: "report"}, outside(words))));
    if (may_promote && isAdministrator()) verdict.append(el("button", {type: "button", class: "primary", w: "improvement.promote",
      data: {model: change.model}, on: {click: () => this.change("promote", {model: change.model})}}));
    return el("tr", {data: {kind: change.kind}}, el("td", {}, el("time", {dateTime: change.time,
      textContent: new Date(change.time).toLocaleString(currentLocale())})), el("td", {}, known("change", change.kind)),
      el("td", {}, outside(change.name), " ", el("code", {title: change.model, textContent: change.model.slice(0, 12)})),
      el("td", {}, outside(change.by)), el("td", {}, outside(change.reason)), verdict);
  }
  shadow({model, images, differing, differences}) {
    return el("section", {}, el("p", {}, text("improvement.shadow", {model: model.slice(0, 12), count: images, differing})),
      differences.length ? table("improvement.shadows", ["study", "only_current", "only_candidate"], el("tbody", {}, differences.map(one =>
        el("tr", {}, el("td", {}, el("a", {href: `#/study/${one.study}`, textContent: one.study.slice(0, 8)})),
          el("td", {}, outside(one.only_current.join(", "))), el("td", {}, outside(one.only_candidate.join(", "))))))) : null);
  }
  async change(what, body = {}) {
    const reason = await askWhy(`improvement.${what}`);
    if (!reason) return;
    try {
      await request(`improvement/${what}`, {method: "POST", body: {...body, reason}});
      toast(`improvement.${what}_done`);
    } catch (error) { toast(error.isOffline ? "error.offline" : error.status === 403 ? "error.forbidden" : "improvement.refused", true); }
    await this.open();
    // The change is in effect within a second or two.
    setTimeout(() => this.open(), 2500);
  }
}
