// The worklist: rows of the cursor's pages, fetched as one scrolls; only what is in view is in the document.
import {json, query, thumbnailOf} from "./api.js";
import {announce, el, outside} from "./dom.js";
import {onEvent, state as connection} from "./events.js";
import {known, moment, number, percent, text} from "./words.js";

const PAGE = 250, SPARE = 8;
const SIGNS = {waiting: "◌", read: "●", failed: "⚠", reviewed: "◐", signed: "✓"};

/** DOE^JANE^^DR as people write it. */
const groupName = group => group.split("^").filter(Boolean).slice(0, 2).join(", ");
export function personName(name) {
  if (!name) return null;
  // Yamada^Tarou=山田^太郎: the name in Latin letters, and as it is written at home.
  const [first, second] = name.split("=").map(groupName).filter(Boolean);
  return first ? second ? `${first} (${second})` : first : name;
}
export const patientLine = ({patient, age}) => [patient.id, patient.sex ? known("sex", patient.sex) : null,
  age === null || age === undefined ? null : text("worklist.years", {count: age})].filter(Boolean).join(" · ");

function span(ms) {
  const minutes = Math.round(Math.abs(ms) / 60000);
  if (minutes < 60) return text("time.minutes", {count: minutes});
  if (minutes < 48 * 60) return text("time.hours", {hours: Math.floor(minutes / 60), minutes: minutes % 60});
  return text("time.days", {count: Math.round(minutes / 1440)});
}
/** "in 12 min", or late: by a sign and a word, not by colour alone. */
export function dueText(row) {
  if (!row.due || row.status === "signed") return "";
  const left = new Date(row.due) - Date.now();
  return left < 0 ? `⚠ ${text("due.late", {time: span(left)})}` : text("due.in", {time: span(left)});
}
export const isLate = row => row.status !== "signed" && row.due && new Date(row.due) < Date.now();
export const statusText = row => `${SIGNS[row.status] ?? ""} ${known("status", row.status)}`;
export const findingText = one => `${one.label}${one.count > 1 ? ` ×${one.count}` : ""}`;

/** Outlives the view: coming back from a study, the list is where it was. */
const list = {filter: {status: "open", q: "", finding: ""}, rows: [], next: null, isEnd: false, counts: null, current: null, top: 0,
  isLoaded: false};

/** The study after (or before) one, in the list as it is loaded. */
export function neighbour(id, step) {
  const at = list.rows.findIndex(row => row.id === id);
  return at < 0 ? null : list.rows[at + step]?.id ?? null;
}
/** After signing: the next that is not signed; the one just signed has left the list, or will. */
export function nextOpen(id) {
  const at = list.rows.findIndex(row => row.id === id);
  const isOpen = row => row.id !== id && (row.status === "read" || row.status === "reviewed");
  return (list.rows.slice(at + 1).find(isOpen) ?? list.rows.slice(0, Math.max(0, at)).find(isOpen))?.id ?? null;
}
export const setCurrent = id => { list.current = id; };

export class WorklistView {
  constructor({labels}) {
    this.labels = labels;
    this.node = el("section", {class: "worklist"});
    this.pool = new Map();
    this.build();
    this.off = [onEvent("*", (data, kind) => this.heard(data, kind)), onEvent("connection", () => this.tellConnection())];
    this.onLanguage = () => { this.options(); this.render(true); this.tellCounts(); this.tellConnection(); };
    document.addEventListener("language", this.onLanguage);
    this.clock = setInterval(() => this.render(true), 30000);
    this.tellConnection();
  }
  close() {
    this.isClosed = true;
    this.off.forEach(stop => stop());
    clearInterval(this.clock);
    clearTimeout(this.refreshTimer);
    this.observer.disconnect();
    document.removeEventListener("language", this.onLanguage);
    list.top = this.scroller.scrollTop;
    this.controller?.abort();
  }

  build() {
    this.search = el("input", {type: "search", value: list.filter.q, autocomplete: "off", spellcheck: false,
      words: {placeholder: "worklist.search", "aria-label": "worklist.search"}, on: {input: () => {
      clearTimeout(this.searchTimer);
      this.searchTimer = setTimeout(() => this.filter({q: this.search.value.trim()}), 200);
    }}});
    this.status = el("select", {on: {change: () => this.filter({status: this.status.value})}});
    this.finding = el("select", {on: {change: () => this.filter({finding: this.finding.value})}});
    this.options();
    this.count = el("p", {class: "grow quiet-text", role: "status"});
    this.live = el("p", {class: "live"});
    this.news = el("button", {class: "quiet", type: "button", hidden: true,
      on: {click: () => { this.scroller.scrollTop = 0; this.reload(); }}});
    this.body = el("tbody");
    this.head = el("tr", {"aria-rowindex": 1}, [["picture", "worklist.picture"], ["patient", "worklist.patient"], ["age", "worklist.age"],
      ["view", "worklist.view"], ["findings", "worklist.findings"], ["due", "worklist.due"], ["status", "worklist.status"]]
      .map(([kind, word]) => el("th", {scope: "col", class: kind}, el("span", {class: kind === "picture" ? "unseen" : "", w: word}))));
    this.table = el("table", {words: {"aria-label": "worklist.title"}}, el("thead", {}, this.head), this.body);
    this.scroller = el("div", {class: "scroll", tabIndex: 0, role: "region", words: {"aria-label": "worklist.title"},
      on: {scroll: () => this.draw()}}, this.table);
    this.empty = el("div", {class: "empty", hidden: true});
    this.node.append(
      el("h1", {class: "unseen", id: "worklist-title", w: "worklist.title"}),
      el("div", {class: "bar"}, this.search, el("label", {}, el("span", {class: "label", w: "worklist.status"}), this.status),
        el("label", {}, el("span", {class: "label", w: "worklist.finding"}), this.finding), this.count, this.news, this.live),
      this.scroller, this.empty);
    this.observer = new ResizeObserver(() => this.render());
    this.observer.observe(this.scroller);
  }
  options() {
    const fill = (select, value, entries) => { select.replaceChildren(...entries.map(([key, label]) =>
      el("option", {value: key, textContent: label}))); select.value = value; };
    fill(this.status, list.filter.status, ["open", "all", "waiting", "read", "failed", "reviewed",
      "signed"].map(key => [key, known("filter", key)]));
    fill(this.finding, list.filter.finding, [["", text("filter.any_finding")], ["none", text("filter.no_finding")],
      ...this.labels.map(name => [name, name])]);
  }

  async open() {
    if (list.isLoaded) {
      this.render(true);
      this.scroller.scrollTop = list.top;
      this.tellCounts();
      this.refresh();
    } else await this.reload();
    this.focusCurrent(true);
  }
  filter(change) {
    Object.assign(list.filter, change);
    list.current = null;
    this.scroller.scrollTop = 0;
    this.reload(true);
  }

  page(after, limit = PAGE, signal) { return json(`studies${query({...list.filter, status: list.filter.status, after, limit})}`, {signal});
    }
  async reload(isTold = false) {
    this.controller?.abort();
    const controller = this.controller = new AbortController();
    this.fetching = null;
    try {
      const {studies, next, counts} = await this.page(null, PAGE, controller.signal);
      Object.assign(list, {rows: studies, next, isEnd: !next, counts, isLoaded: true});
    } catch (error) {
      if (error.name === "AbortError") return;
      return this.fail(error);
    }
    this.news.hidden = true;
    this.tellCounts();
    this.render(true);
    if (isTold) announce(this.count.textContent);
  }
  fail(error) {
    this.empty.hidden = false;
    this.empty.replaceChildren(el("p", {w: error.isOffline ? "error.offline" : "error.server"}),
      el("button", {type: "button", w: "again", on: {click: () => this.reload()}}));
  }
  /** One page after the other until what is in view is there: a cursor has no middle. */
  more() {
    if (list.isEnd || this.fetching || !list.isLoaded || !list.next) return;
    const controller = this.controller;
    this.fetching = this.page(list.next, 500, controller?.signal).then(({studies, next, counts}) => {
      const have = new Set(list.rows.slice(-1000).map(row => row.id));
      list.rows.push(...studies.filter(row => !have.has(row.id)));
      Object.assign(list, {next, isEnd: !next, counts});
      this.fetching = null;
      this.tellCounts();
      this.render();
    }).catch(error => { this.fetching = null; if (error.name !== "AbortError") setTimeout(() => this.draw(), 3000); });
  }

  /** How many there are in all, where the counts tell it; a search's number is known at its end only. */
  get total() {
    if (list.isEnd || !list.counts || list.filter.q || list.filter.finding) return list.isEnd ? list.rows.length : null;
    const {waiting = 0, read = 0, failed = 0, reviewed = 0, signed = 0} = list.counts,
      all = {waiting, read, failed, reviewed, signed, open: waiting + read + failed + reviewed,
      all: waiting + read + failed + reviewed + signed};
    return Math.max(list.rows.length, all[list.filter.status] ?? 0);
  }
  tellCounts() {
    const total = this.total;
    this.count.textContent = total === null ? text("worklist.at_least", {number: number(list.rows.length)})
      : text("worklist.count", {count: total});
    this.table.setAttribute("aria-rowcount", total === null ? -1 : total + 1);
  }
  tellConnection() {
    this.live.textContent = connection.isConnected ? `● ${text("live.on")}` : `○ ${text("live.off")}`;
    this.live.classList.toggle("off", !connection.isConnected);
  }

  get rowHeight() { return this.height ??= parseFloat(getComputedStyle(this.node).getPropertyValue("--row")) || 56; }
  draw() { this.drawing ??= requestAnimationFrame(() => { this.drawing = null; this.render(); }); }
  render(isAnew = false) {
    if (this.isClosed || !list.isLoaded) return;
    this.height = null;
    const height = this.rowHeight, shown = Math.max(list.rows.length, this.total ?? list.rows.length + (list.isEnd ? 0 : 20));
    this.empty.hidden = shown > 0;
    if (!shown) this.empty.replaceChildren(el("p", {w: list.filter.q || list.filter.finding || list.filter.status !== "open"
      ? "worklist.none_found" : "worklist.none"}));
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / height) - SPARE),
      last = Math.min(shown, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / height) + SPARE);
    const before = this.spacer("before"), after = this.spacer("after");
    before.firstChild.style.height = `${first * height}px`;
    after.firstChild.style.height = `${Math.max(0, shown - last) * height}px`;
    before.hidden = first === 0;
    after.hidden = last >= shown;
    const wanted = new Map();
    for (let i = first; i < last; i++) wanted.set(list.rows[i]?.id ?? `empty ${i}`, i);
    for (const [id, node] of this.pool) if (!wanted.has(id)) { node.remove(); this.pool.delete(id); }
    let at = before;
    if (this.body.firstChild !== before) this.body.prepend(before);
    for (const [id, index] of wanted) {
      let node = this.pool.get(id);
      const row = list.rows[index];
      if (!node || isAnew || node.row !== row) {
        const fresh = this.row(row, id);
        fresh.row = row;
        const hadFocus = node?.contains(document.activeElement);
        node?.replaceWith(fresh);
        this.pool.set(id, node = fresh);
        if (hadFocus) fresh.querySelector("a")?.focus({preventScroll: true});
      }
      node.setAttribute("aria-rowindex", index + 2);
      const link = node.querySelector("a");
      if (link) {
        const isCurrent = list.current ? row.id === list.current : index === 0;
        link.tabIndex = isCurrent ? 0 : -1;
        node.classList.toggle("current", row.id === list.current);
      }
      if (at.nextSibling !== node) at.after(node);
      at = node;
    }
    if (at.nextSibling !== after) at.after(after);
    if (last > list.rows.length - 100) this.more();
  }
  spacer(name) { return this[name] ??= el("tr", {class: "spacer", "aria-hidden": "true"}, el("td")); }

  row(row, id) {
    if (!row) return el("tr", {class: "loading"}, el("td", {class: "picture"}), el("td", {class: "patient", textContent: "…"}),
      ["age", "view", "findings", "due", "status"].map(kind => el("td", {class: kind})));
    const name = personName(row.patient.name) ?? row.patient.id ?? row.name ?? text("worklist.no_name");
    const byPerson = row.status === "reviewed" || row.status === "signed";
    const findings = row.findings.map(one => el("span", {class: "finding", title: one.probability === undefined || one.probability === null
      ? "" : text("finding.probability", {value: percent(one.probability)})}, outside(findingText(one), {title: ""}),
      // What a person said has no score.
      byPerson ? null : el("b", {textContent: ` ${number(one.score, 2)}`})));
    const told = row.status === "failed" || (row.failure && !findings.length) ? [el("span", {class: "failure"}, outside(row.failure ?? text("class.failed")))] : findings.length
      ? findings : [el("span", {class: "quiet-text", textContent: row.status === "waiting" ? text("worklist.not_read")
      : text("worklist.nothing_seen")})];
    const image = el("img", {alt: "", loading: "lazy", decoding: "async", width: 48, height: 48,
      on: {error: event => { event.target.style.visibility = "hidden"; }}});
    image.src = thumbnailOf(row.first_instance);
    const due = dueText(row);
    return el("tr", {data: {id}, class: `${row.status}${isLate(row) ? " late" : ""}`,
      on: {click: event => { if (!event.target.closest("a")) location.hash = `#/study/${id}`; }}},
      el("td", {class: "picture"}, image, row.instance_count > 1 ? el("span", {class: "badge", textContent: `×${row.instance_count}`})
        : null),
      el("td", {class: "patient"},
        el("a", {href: `#/study/${id}`, on: {focus: () => { list.current = id; this.mark(); }}}, outside(name)),
        el("div", {class: "second"}, outside(patientLine({...row, age: null})),
          el("span", {class: "narrow-inline", textContent: row.age === null || row.age === undefined ? ""
          : ` · ${text("worklist.years", {count: row.age})}`}), row.description ? [" · ", outside(row.description)] : null),
        el("div", {class: "second narrow-only findings"}, told.map(one => one.cloneNode(true)))),
      el("td", {class: "age", textContent: row.age ?? ""}),
      el("td", {class: "view"}, outside(row.views.join(", ") || row.modality || "")),
      el("td", {class: "findings"}, told),
      el("td", {class: "due"}, el("div", {class: "when", textContent: due, title: row.due ? moment(row.due) : ""}),
        due ? el("div", {class: "second"}, outside(known("class", row.class))) : null),
      el("td", {class: "status"}, el("span", {class: `status-word ${row.status}`, textContent: statusText(row)}),
        row.signed_by ? el("div", {class: "second"}, outside(row.signed_by), row.signed ? ` · ${moment(row.signed)}` : "") : null));
  }
  mark() {
    for (const [id, node] of this.pool) {
      node.classList.toggle("current", id === list.current);
      const link = node.querySelector("a");
      if (link) link.tabIndex = id === list.current ? 0 : -1;
    }
  }

  // ---- live

  heard(data, kind) {
    if (kind === "settings") return;
    if (["begun", "delivered", "not_delivered"].includes(kind)) return;   // Nothing of it stands in a row.
    this.changes ??= new Set();
    if (data.study) this.changes.add(data.study);
    if (kind === "reset") this.isStale = true;
    // A thousand uploads bring thousands of events: the list is asked for once a second at most.
    this.refreshTimer ??= setTimeout(() => { this.refreshTimer = null; this.refresh(); }, 700);
  }
  async refresh() {
    const changes = this.changes ?? new Set();
    this.changes = null;
    const isNearTop = this.scroller.scrollTop < this.rowHeight * 60;
    try {
      const {studies, counts, next} = await this.page(null, isNearTop ? PAGE : 1);
      if (this.isClosed) return;
      list.counts = counts;
      if (isNearTop) {
        if (list.rows.length <= PAGE) Object.assign(list, {rows: studies, next, isEnd: !next});
        else {
          // The new head, and after it what was behind it before: rows keep their place while one reads.
          const ids = new Set(studies.map(row => row.id));
          list.rows = [...studies, ...list.rows.slice(PAGE).filter(row => !ids.has(row.id) && !changes.has(row.id))];
        }
      } else {
        for (const id of [...changes].slice(0, 20)) {
          const at = list.rows.findIndex(row => row.id === id);
          if (at >= 0) list.rows[at] = await json(`studies/${id}`).then(({instances, readings, draft, priors, jobs, ...row}) =>
            row).catch(() => list.rows[at]);
        }
        if (changes.size) { this.news.hidden = false; this.news.textContent = text("worklist.news", {count: changes.size}); }
      }
      this.tellCounts();
      this.render();
    } catch (error) { if (this.isStale && !this.isClosed && error.isOffline) setTimeout(() => this.refresh(), 3000); }
  }

  // ---- keys

  focusCurrent(isFirst = false) {
    if (isFirst && document.activeElement && document.activeElement !== document.body && document.activeElement.id !== "main") return;
    const link = this.pool.get(list.current)?.querySelector("a") ?? this.body.querySelector("a");
    if (link && (list.current || !isFirst)) link.focus({preventScroll: true});
  }
  move(step, isAbsolute = false) {
    const {rows} = list;
    if (!rows.length) return;
    const at = rows.findIndex(row => row.id === list.current);
    const to = Math.max(0, Math.min(rows.length - 1, isAbsolute ? step : at < 0 ? 0 : at + step));
    list.current = rows[to].id;
    const height = this.rowHeight, head = this.head.offsetHeight, top = to * height;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + height + head > this.scroller.scrollTop + this.scroller.clientHeight) this.scroller.scrollTop = top + height + head - this.scroller.clientHeight;
    this.render();
    this.focusCurrent();
  }
  key(event, name, isTyping) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (isTyping) {
      if (event.target === this.search && (name === "ArrowDown" || name === "Enter" ||
        name === "Escape")) { if (name === "Escape") { this.search.value = ""; this.filter({q: ""}); } this.focusCurrent(); return true; }
      return false;
    }
    const pageOf = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 1);
    const act = {ArrowDown: () => this.move(1), j: () => this.move(1), ArrowUp: () => this.move(-1), k: () => this.move(-1),
      PageDown: () => this.move(pageOf), PageUp: () => this.move(-pageOf),
      Home: () => this.move(0, true), End: () => this.move(list.rows.length - 1, true),
        "/": () => { this.search.focus(); this.search.select(); }}[name];
    if (act) { act(); return true; }
    if (name === "Enter" && list.current && !(event.target instanceof HTMLAnchorElement) &&
      !(event.target instanceof HTMLButtonElement)) { location.hash = `#/study/${list.current}`; return true; }
    return false;
  }
}
