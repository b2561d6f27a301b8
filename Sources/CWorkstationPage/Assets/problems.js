// What was not read and what was not delivered: shown with its reason until a person has dealt with it.
import {json, request} from "./api.js";
import {NotDelivered} from "./deliveries.js";
import {el, outside, toast} from "./dom.js";
import {onEvent} from "./events.js";
import {known, moment, text} from "./words.js";

export class ProblemsView {
  constructor({onChange}) {
    this.onChange = onChange;
    this.body = el("tbody");
    this.table = el("table", {class: "plain-table"}, el("thead", {}, el("tr", {}, ["what", "reason", "tries", "since",
      "actions"].map(name => el("th", {scope: "col", w: `problems.${name}`})))), this.body);
    this.empty = el("p", {w: "problems.none", hidden: true});
    this.deliveries = new NotDelivered({onChange});
    this.node = el("section", {class: "page"}, el("div", {class: "inner"}, el("h1", {id: "problems-title", w: "problems.title"}),
      this.deliveries.node, el("section", {}, el("h2", {w: "problems.not_read"}), this.empty, el("div", {class: "card table-scroll", tabIndex: 0,
      role: "region", words: {"aria-label": "problems.not_read"}}, this.table))));
    this.off = onEvent("*", (data, kind) => { if (["failed", "changed", "read", "delivered", "not_delivered", "reset"].includes(kind)) { clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), 500); } });
    this.onLanguage = () => this.open();
    document.addEventListener("language", this.onLanguage);
  }
  close() { this.off(); clearTimeout(this.timer); document.removeEventListener("language", this.onLanguage); }
  async open() {
    let jobs;
    try { ({jobs} = await json("jobs?state=failed&limit=500"));
      } catch (error) { return toast(error.isOffline ? "error.offline" : "error.server", true); }
    this.deliveries.open().catch(error => toast(error.isOffline ? "error.offline" : "error.server", true));
    this.empty.hidden = jobs.length > 0;
    this.table.parentElement.hidden = !jobs.length;
    this.body.replaceChildren(...jobs.map(job => {
      const act = (word, path, told) => el("button", {type: "button", w: word, words: {"aria-label": () =>
        `${text(word)}: ${job.error ?? job.kind}`}, on: {click: async event => {
        event.target.disabled = true;
        try { await request(`jobs/${job.id}/${path}`, {method: "POST"}); toast(told); this.onChange(); await this.open();
          } catch (error) { event.target.disabled = false; toast(error.isOffline ? "error.offline" : "error.server", true); }
      }}});
      return el("tr", {}, el("td", {}, known("job", job.kind)), el("td", {}, outside(job.error ?? "", {title: ""})),
        el("td", {textContent: job.attempts}), el("td", {textContent: moment(job.made)}),
        el("td", {}, el("div", {class: "row wrap"}, job.study ? el("a", {class: "button quiet", href: `#/study/${job.study}`,
          w: "problems.study"}) : null, act("problems.retry", "retry", "problems.retried"),
          act("problems.dismiss", "dismiss", "problems.dismissed"))));
    }));
  }
}
