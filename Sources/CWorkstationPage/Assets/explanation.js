// Why the model said a finding, on a click: which networks see it, what hiding its box costs, and maps that passed their test.
import {json} from "./api.js";
import {el, outside} from "./dom.js";
import {known, number, text} from "./words.js";

/** Absolute colours: yellow, orange, red up to 1; blue below 0. The same as in the pictures of `pleura detect --explain`. */
export function colourOf(value) {
  const size = Math.min(1, Math.abs(value));
  if (size < 0.05) return [0, 0, 0, 0];
  const cover = Math.round(255 * (0.15 + 0.5 * size));
  return value > 0 ? [255, Math.round(225 * (1 - size)), Math.round(40 * (1 - size)), cover] : [60, 120, 255, cover];
}

/** A canvas of a map, one pixel a cell. */
export function drawMap(map) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width: map.columns, height: map.rows});
  const context = canvas.getContext("2d"), pixels = context.createImageData(map.columns, map.rows);
  map.values.forEach((row, y) => row.forEach((value, x) => pixels.data.set(colourOf(value), 4 * (y * map.columns + x))));
  context.putImageData(pixels, 0, 0);
  return canvas;
}

export class ExplanationPanel {
  /** `review.explain(map)` lays a map over the image, or takes it away (`null`). */
  constructor(item, review) {
    Object.assign(this, {item, review});
    this.told = el("div", {class: "explanation-text", role: "status"});
    this.button = el("button", {type: "button", class: "quiet", data: {act: "explain"}, w: "explain.ask", on: {click: () => this.ask()}});
    this.node = el("div", {class: "explanation"}, this.button, this.told);
  }

  async ask() {
    this.button.disabled = true;
    this.told.replaceChildren(el("p", {class: "quiet-text", w: "explain.working"}));
    try {
      const {instance, origin} = this.item;
      this.tell((await json(`instances/${instance}/explanations/${encodeURIComponent(origin)}`)).explanation);
    } catch (error) {
      this.told.replaceChildren(el("p", {class: "quiet-text", w: error.isOffline ? "error.offline" : "explain.failed"}));
    }
    this.button.disabled = false;
  }

  tell(answer) {
    const lines = [el("p", {textContent: text("explain.box", {before: number(answer.explained_score, 2),
      after: number(answer.score_without_box, 2)})})];
    if (answer.members.length > 1) lines.push(el("ul", {class: "plain"}, answer.members.map(member => el("li", {},
      outside(member.name), ` ${number(member.score, 2)}`))));
    for (const map of answer.maps) lines.push(map.shown ? this.shown(map) : el("p", {class: "quiet-text", data: {hidden: map.kind},
      textContent: text("explain.hidden", {map: known("explain.map", map.kind), reason: map.reason ?? ""})}));
    const {similar} = answer;
    if (similar?.shown) lines.push(el("p", {w: "explain.similar"}), el("ul", {class: "plain"}, similar.cases.map(one => el("li", {},
      outside(one.label), one.rejected ? ` (${text("explain.rejected")})` : "", ` ${number(one.distance, 1)} · `,
      el("code", {textContent: one.image.slice(0, 12)})))));
    else if (similar) lines.push(el("p", {class: "quiet-text", textContent: text("explain.no_similar", {reason: similar.reason ?? ""})}));
    this.told.replaceChildren(...lines);
  }

  shown(map) {
    const button = el("button", {type: "button", class: "quiet", "aria-pressed": false, data: {map: map.kind},
      textContent: known("explain.map", map.kind), on: {click: () => {
        const isOn = button.getAttribute("aria-pressed") === "true";
        this.told.querySelectorAll("[data-map]").forEach(one => one.setAttribute("aria-pressed", false));
        button.setAttribute("aria-pressed", !isOn);
        this.review.explain(isOn ? null : map);
      }}});
    return el("p", {}, button, " ", el("span", {class: "quiet-text", textContent: map.sentence ?? ""}));
  }
}
