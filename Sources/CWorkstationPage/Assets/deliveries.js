// What goes to other systems: the list of what did not arrive, with its reasons, and where one study's results are.
import {json, query, request} from "./api.js";
import {el, outside, toast} from "./dom.js";
import {known, moment, text} from "./words.js";

const SIGNS = {waiting: "◌", running: "◌", accepted: "◐", delivered: "✓", failed: "⚠", dismissed: "–"};
const stateText = delivery => `${SIGNS[delivery.state] ?? ""} ${known("delivery", delivery.state)}`;

/** How many were given up, at all destinations. */
export async function countNotDelivered() {
  const {destinations} = await json("destinations", {isQuiet: true});
  return destinations.reduce((sum, one) => sum + (one.counts.failed ?? 0), 0);
}

/** The list of what was given up, and of destinations that are away; without destinations it is not there. */
export class NotDelivered {
  constructor({onChange}) {
    this.onChange = onChange;
    this.away = el("ul", {class: "plain warnings"});
    this.body = el("tbody");
    this.table = el("table", {class: "plain-table"}, el("thead", {}, el("tr", {}, ["deliveries.destination", "problems.what", "problems.reason",
      "problems.tries", "problems.since", "problems.actions"].map(word => el("th", {scope: "col", w: word})))), this.body);
    this.empty = el("p", {w: "deliveries.none", hidden: true});
    this.scroll = el("div", {class: "card table-scroll", tabIndex: 0, role: "region", words: {"aria-label": "deliveries.not"}}, this.table);
    this.more = el("button", {type: "button", w: "audit.more", hidden: true, on: {click: () => this.page()}});
    this.node = el("section", {hidden: true}, el("h2", {w: "deliveries.not"}), this.away, this.empty, this.scroll, this.more);
  }
  async open() {
    const {destinations} = await json("destinations");
    this.node.hidden = !destinations.length;
    const away = destinations.filter(one => one.away_since);
    this.away.hidden = !away.length;
    this.away.replaceChildren(...away.map(one => el("li", {}, "⚠ ", el("b", {}, outside(one.name)), " ",
      text("deliveries.away", {when: moment(one.away_since), count: one.counts.waiting ?? 0}), one.reason ? [": ", outside(one.reason)]
      : null)));
    this.next = null;
    this.body.replaceChildren();
    await this.page();
  }
  async page() {
    const {deliveries, next} = await json(`deliveries${query({state: "failed", limit: 200, before: this.next})}`);
    this.next = next;
    this.more.hidden = !next;
    this.body.append(...deliveries.map(one => this.row(one)));
    this.empty.hidden = this.body.childElementCount > 0;
    this.scroll.hidden = !this.body.childElementCount;
  }
  row(delivery) {
    const act = (word, path, told) => el("button", {type: "button", w: word, words: {"aria-label": () =>
      `${text(word)}: ${delivery.destination}, ${delivery.last_error ?? ""}`}, on: {click: async event => {
      event.target.disabled = true;
      try { await request(`deliveries/${delivery.id}/${path}`, {method: "POST"}); toast(told); this.onChange(); await this.open();
        } catch (error) { event.target.disabled = false; toast(error.isOffline ? "error.offline" : "error.server", true); }
    }}});
    return el("tr", {}, el("td", {}, outside(delivery.destination)), el("td", {}, known("result", delivery.kind)),
      el("td", {}, outside(delivery.last_error ?? "", {title: ""})), el("td", {textContent: delivery.attempts}),
      el("td", {textContent: moment(delivery.ended ?? delivery.made)}),
      el("td", {}, el("div", {class: "row wrap"}, el("a", {class: "button quiet", href: `#/study/${delivery.study}`, w: "problems.study"}),
        act("problems.retry", "retry", "problems.retried"), act("problems.dismiss", "dismiss", "problems.dismissed"))));
  }
}

/** Where a study's results are: each of them at each destination, the newest first. */
export class StudyDeliveries {
  constructor(study) {
    this.study = study;
    this.node = el("div", {class: "readings"});
  }
  /** Returns whether there is anything to tell. */
  async load() {
    const {deliveries} = await json(`studies/${this.study}/deliveries?limit=100`);
    this.deliveries = deliveries;
    this.tell();
    return deliveries.length > 0;
  }
  tell() {
    this.node.replaceChildren(el("ol", {class: "plain"}, (this.deliveries ?? []).map(one => el("li", {}, el("b", {}, outside(one.destination)),
      ` · ${known("result", one.kind)} · `, el("span", {class: one.state === "failed" ? "failure" : "", textContent: stateText(one)}),
      ` · ${moment(one.ended ?? one.made)}`,
      one.proof ? [" · ", outside(text("deliveries.proof", {proof: one.proof}))] : null,
      one.last_error ? el("p", {class: "quiet-text"}, outside(one.last_error, {title: ""})) : null))));
  }
}
