// Who looked at what and changed what: newest first, with the state of the chain.
import {json, query} from "./api.js";
import {el, outside, toast} from "./dom.js";
import {currentLocale, known} from "./words.js";

export class AuditView {
  constructor() {
    this.user = el("input", {type: "search", autocomplete: "off", spellcheck: false});
    this.study = el("input", {type: "search", autocomplete: "off", spellcheck: false});
    this.chain = el("p", {role: "status"});
    this.body = el("tbody");
    this.more = el("button", {type: "button", w: "audit.more", hidden: true, on: {click: () => this.load()}});
    this.empty = el("p", {w: "audit.none", hidden: true});
    this.node = el("section", {class: "page"}, el("div", {class: "inner"}, el("h1", {id: "audit-title", w: "audit.title"}), this.chain,
      el("form", {class: "row wrap at-end", on: {submit: event => { event.preventDefault(); this.open(); }}},
        el("label", {class: "field"}, el("span", {w: "audit.user"}), this.user),
        el("label", {class: "field"}, el("span", {w: "audit.study"}), this.study), el("button", {w: "audit.filter"})),
      this.empty,
      el("div", {class: "card table-scroll", tabIndex: 0, role: "region", words: {"aria-label": "audit.title"}},
        el("table", {class: "plain-table"}, el("thead", {}, el("tr", {}, ["time", "user", "action", "study", "detail",
        "hash"].map(name => el("th", {scope: "col", w: `audit.${name}`})))), this.body)), el("div", {}, this.more)));
  }
  async open() { this.next = null; this.body.replaceChildren(); await this.load(); }
  async load() {
    try {
      const {entries, next, chain} = await json(`audit${query({after: this.next, limit: 100, user: this.user.value.trim(), study: this.study.value.trim()})}`);
      this.next = next;
      this.more.hidden = !next;
      this.chain.textContent = known("audit.chain", chain);
      this.body.append(...entries.map(entry => el("tr", {}, el("td", {}, el("time", {dateTime: entry.time,
        textContent: new Date(entry.time).toLocaleString(currentLocale())})), el("td", {}, outside(entry.user ?? "")),
        el("td", {}, outside(known("action", entry.action), {title: entry.action})),
        el("td", {}, entry.study ? el("a", {href: `#/study/${entry.study}`, textContent: entry.study.slice(0, 8)}) : ""),
          el("td", {}, outside(entry.detail ?? "")), el("td", {}, el("code", {title: entry.hash,
          textContent: (entry.hash ?? "").slice(0, 12)})))));
      this.empty.hidden = this.body.childElementCount > 0;
    } catch (error) { toast(error.isOffline ? "error.offline" : error.status === 403 ? "error.forbidden" : "error.server", true); }
  }
}
