// The list of findings beside the image, and the slider over the card's operating points.
import {placeOf} from "./anatomy.js";
import {scoreText, signOf, swatch} from "./boxes.js";
import {el, outside} from "./dom.js";
import {ExplanationPanel} from "./explanation.js";
import {icon} from "./icons.js";
import {sensitivityAt, sensitivityOf} from "./thresholds.js";
import {known, percent, text} from "./words.js";

export class FindingsPanel {
  /** `review`: the study view: items(), selected, select(key), accept(), reject(), relabel(), remove(), undecide(), hover(label). */
  constructor(review) {
    this.review = review;
    this.list = el("ul", {class: "findings-list", words: {"aria-label": "findings.title"}});
    this.empty = el("p", {class: "quiet-text"});
    this.node = el("div", {}, this.list, this.empty);
    this.rows = new Map();
  }

  update(items, selected, styles, labels) {
    const wanted = grouped(items);
    for (const [key, row] of this.rows) if (!wanted.some(item => item.key === key)) { row.remove(); this.rows.delete(key); }
    wanted.forEach((item, index) => {
      const isSelected = item.key === selected, mark = JSON.stringify([item.label, isSelected ? item.box : 0, item.decision, item.reason,
        item.score, item.alternativeTo, item.by2, isSelected, document.documentElement.lang]);
      let row = this.rows.get(item.key);
      if (!row || row.mark !== mark) {
        const focused = row?.contains(document.activeElement) ? document.activeElement.dataset.act : null;
        const fresh = this.row(item, isSelected, styles, labels);
        fresh.mark = mark;
        row?.replaceWith(fresh);
        this.rows.set(item.key, row = fresh);
        if (focused) (fresh.querySelector(`[data-act="${focused}"]`) ?? fresh.querySelector("button")).focus();
      }
      if (this.list.children[index] !== row) this.list.insertBefore(row, this.list.children[index] ?? null);
    });
    this.list.hidden = !wanted.length;
    this.empty.hidden = wanted.length > 0;
    this.empty.textContent = text("findings.none");
  }

  row(item, isSelected, styles, labels) {
    const {review} = this, decided = item.decision;
    const act = (name, sign, word, does, isPressed) => el("button", {type: "button", class: `icon ${name}`, data: {act: name},
      "aria-pressed": isPressed, words: {"aria-label": () => `${text(word)}: ${item.label} ${scoreText(item)}`, title: word},
      on: {click: () => { review.select(item.key); does(); }}}, icon(sign));
    const main = el("button", {type: "button", class: "main", data: {act: "select"}, "aria-pressed": isSelected,
      on: {click: () => review.select(isSelected ? null : item.key), mouseenter: () => review.hover(item.label),
      focus: () => review.hover(item.label), mouseleave: () => review.hover(null)}},
      swatch(styles, item.label), el("span", {class: "name"}, item.alternativeTo ? `${text("finding.or_short")} ` : "",
        outside(item.label), item.isExperimental ? ` (${text("finding.experimental")})` : ""),
      el("span", {class: "score", title: item.probability === undefined || item.probability === null ? ""
        : text("finding.probability", {value: percent(item.probability)})}, scoreText(item),
        item.probability === undefined || item.probability === null ? null
        : el("span", {class: "quiet-text", textContent: ` (${percent(item.probability)})`})),
      placeOf(item) ? el("span", {class: "place-text", textContent: placeOf(item)}) : null,
      el("span", {class: `decision ${decided ?? "open"}`,
        textContent: decided ? `${signOf(decided)} ${known("decision", decided)}${item.reason ? `: ${known("reason", item.reason)}` : ""}`
        : text("decision.none")}),
      item.by2 && !item.isTouched ? el("span", {class: "by"}, outside(item.by2)) : null);
    const isOwn = item.source === "own";
    const row = el("li", {class: `${isSelected ? "selected " : ""}${item.alternativeTo ? "alternative " : ""}${decided ?? "open"}`,
      data: {key: item.key}},
      el("div", {class: "line-row"}, main,
        isOwn ? null : act("accept", "accept", "finding.accept", () => review.accept(), decided !== null && decided !== "rejected"),
        isOwn ? act("delete", "trash", "finding.delete", () => review.remove(), undefined)
          : act("reject", "reject", "finding.reject", () => review.reject(), decided === "rejected")));
    if (isSelected) {
      const choice = el("select", {data: {act: "relabel"}, words: {"aria-label": "finding.relabel"},
        on: {change: event => review.relabel(event.target.value)}},
        [...new Set([item.label, ...labels])].map(name => el("option", {value: name, textContent: name})));
      choice.value = item.label;
      row.append(el("div", {class: "more"}, el("label", {}, el("span", {class: "label", w: "finding.label"}), choice),
        el("div", {class: "place"}, ["x", "y", "w", "h"].map((side, at) => el("label", {title: text(`box.${side}`)},
          el("span", {"aria-hidden": "true", textContent: side}),
          el("input", {type: "number", step: 1, value: Math.round(item.box[at]), data: {act: `box-${side}`},
            words: {"aria-label": `box.${side}`}, on: {change: event => { const box = [...item.box]; box[at] = Number(event.target.value);
            if (Number.isFinite(box[at])) review.place(box); }}})))),
        !isOwn && decided ? el("button", {type: "button", class: "quiet", data: {act: "undecide"}, w: "finding.undecide",
          on: {click: () => review.undecide()}}) : null,
        item.source === "model" && review.explain ? new ExplanationPanel(item, review).node : null));
    }
    return row;
  }
}

/** Alternatives stand under the finding they are an alternative to. */
export function grouped(items) {
  const out = [], idOf = item => `${item.instance} ${item.origin}`;
  const heads = new Set(items.map(idOf)), isNested = item => item.alternativeTo && item.source === "model" &&
    heads.has(`${item.instance} ${item.alternativeTo}`);
  for (const item of items) {
    if (isNested(item)) continue;
    out.push(item, ...items.filter(other => isNested(other) && other.instance === item.instance && other.alternativeTo === item.origin));
  }
  for (const item of items) if (!out.includes(item)) out.push(item);
  return out;
}

/** Steps: the protocol's own position, then the card's rates. */
export class SensitivitySlider {
  constructor({reader, protocol, onChange}) {
    Object.assign(this, {reader, onChange, rates: [...reader.rates].sort((a, b) => a - b), hovered: null});
    this.protocol = protocol;
    this.input = el("input", {type: "range", min: 0, max: this.rates.length, step: 1, value: 0, id: "sensitivity",
      on: {input: () => { this.tell(); this.onChange(this.rate, this.isProtocol); }}});
    this.value = el("output", {class: "value", for: "sensitivity"});
    this.expected = el("p", {class: "quiet-text expected"});
    this.node = el("div", {class: "sensitivity"}, el("div", {class: "row"}, el("label", {for: "sensitivity", w: "sensitivity.title"}),
      this.value), this.input, this.expected);
    this.tell();
  }
  get isProtocol() { return Number(this.input.value) === 0; }
  get rate() { return this.isProtocol ? this.protocol?.false_boxes_per_100_images ?? null : this.rates[Number(this.input.value) - 1]; }
  set(rate) {
    const at = rate === null || rate === undefined ? -1 : this.rates.indexOf(rate);
    this.input.value = at + 1;
    this.tell();
  }
  step(by) { this.input.value = Number(this.input.value) + by; this.tell(); this.onChange(this.rate, this.isProtocol); }
  hover(label) { this.hovered = label; this.tell(); }
  tell() {
    const {rate} = this, name = this.isProtocol ? text("sensitivity.protocol", {name: this.protocol?.title || this.protocol?.name || ""})
      : text("sensitivity.rate", {count: rate});
    this.value.textContent = name;
    let told = "";
    if (this.hovered && this.reader.labels.some(one => one.name === this.hovered)) {
      const point = sensitivityOf(this.reader, this.hovered, rate);
      told = point ? text("sensitivity.one", {finding: this.hovered, value: percent(point.sensitivity), low: percent(point.sensitivity_low),
        high: percent(point.sensitivity_high)}) : text("sensitivity.unknown", {finding: this.hovered});
    } else {
      const all = rate === null ? {low: null} : sensitivityAt(this.reader, rate);
      told = all.low === null ? text("sensitivity.threshold", {value: this.reader.score_threshold})
        : text("sensitivity.range", {low: percent(all.low), high: percent(all.high)});
    }
    this.expected.textContent = told;
    this.input.setAttribute("aria-valuetext", `${name}. ${told}`);
  }
}
