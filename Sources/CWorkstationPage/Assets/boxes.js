// Boxes over the image: a thin line with a dark rim, the label outside, so that no pixel inside is hidden.
// A class is told by its colour, its line pattern and its short name; a decision by a sign and a word.
import {placeOf} from "./anatomy.js";
import {el, svg} from "./dom.js";
import {known, number, text} from "./words.js";

const PATTERNS = ["", "9 4", "3 3", "14 4 3 4", "7 3 2 3 2 3", "18 6", "5 5", "12 3 5 3"];
export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
// Open ones have no sign: most boxes are, and a row of question marks says nothing.
const SIGNS = {accepted: "✓", moved: "✥", relabelled: "✎", added: "+", rejected: "✕"};
export const signOf = decision => SIGNS[decision] ?? "";

const channel = value => { const c = value / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
/** A class's colour, lightened until it stands out on black. */
function onBlack(colour) {
  let [r, g, b] = /^#[0-9a-f]{6}$/i.test(colour ?? "") ? [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16)) : [120, 200, 255];
  while (0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b) < 0.36) [r, g, b] = [r, g, b].map(v => Math.min(255, v + 12));
  return `rgb(${r} ${g} ${b})`;
}

/** How each label looks. Short names are as long as they must be to differ. */
export function stylesOf(labels) {
  const styles = new Map(), used = new Set();
  labels.forEach(({name, colour}, index) => {
    let short = "";
    for (const length of [2, 3, 4, name.length]) if (!used.has(short = name.slice(0, length))) break;
    used.add(short);
    styles.set(name, {colour: onBlack(colour), pattern: PATTERNS[index % PATTERNS.length], short});
  });
  return styles;
}
export const styleOf = (styles, label) => styles.get(label) ?? {colour: onBlack(""), pattern: "", short: String(label).slice(0, 3)};

/** A piece of the line, for lists: colour and pattern as on the image. */
export function swatch(styles, label) {
  const {colour, pattern} = styleOf(styles, label);
  return svg("svg", {class: "swatch", width: 26, height: 12, "aria-hidden": "true"},
    svg("line", {x1: 1, y1: 6, x2: 25, y2: 6, stroke: colour, "stroke-width": 3, "stroke-dasharray": pattern || null}));
}

export const scoreText = item => item.score === null || item.score === undefined ? "" : number(item.score, 2);
export function describe(item) {
  return [item.alternativeTo ? text("finding.or", {label: item.label}) : item.label, placeOf(item), scoreText(item),
    known("decision", item.decision ?? "none"), item.reason ? known("reason", item.reason) : ""].filter(Boolean).join(", ");
}

export class BoxLayer {
  constructor(lines, chips, {onSelect, onGrab}) {
    Object.assign(this, {lines, chips, onSelect, onGrab, nodes: new Map(), placed: []});
  }

  update({items, viewport, styles, selected, isHidden}) {
    const shapes = [];
    this.placed = [];
    const wanted = isHidden ? [] : items;
    const taken = [];
    this.selected = selected;
    this.isShort = viewport.width < 560 || wanted.length > 8;
    for (const item of wanted) {
      const [x, y, w, h] = viewport.boxToView(item.box), style = styleOf(styles, item.label), isSelected = item.key === selected;
      this.placed.push({item, x, y, w, h});
      const place = {x, y, width: w, height: h};
      const group = svg("g", {class: `box ${item.decision ?? "open"}${selected && !isSelected ? " behind" : ""}${wanted.length > 8 ? " crowded" : ""}${isSelected ? " selected" : ""}${item.alternativeTo ? " alternative" : ""}`, "data-key": item.key, "data-box": JSON.stringify(item.box)},
        svg("rect", {...place, class: "rim"}), svg("rect", {...place, class: "line", stroke: style.colour,
          "stroke-dasharray": style.pattern || null}));
      if (isSelected) for (const name of HANDLES) {
        const [hx, hy] = handlePlace(name, x, y, w, h);
        group.append(svg("rect", {class: "handle", x: hx - 4, y: hy - 4, width: 8, height: 8}));
      }
      shapes.push(group);
      this.chip(item, style, isSelected, [x, y, w, h], viewport, taken);
    }
    for (const [key, node] of this.nodes) if (!wanted.some(item => item.key === key)) { node.remove(); this.nodes.delete(key); }
    this.lines.replaceChildren(...shapes);
  }

  /** The label, a button: Tab goes through the findings by it, a finger moves the box by it. Nodes are kept, or the focus would be lost. */
  chip(item, style, isSelected, [x, y, w, h], viewport, taken) {
    let node = this.nodes.get(item.key);
    if (!node) {
      node = el("button", {class: "chip", type: "button", tabIndex: 0, data: {key: item.key}, on: {
        focus: () => this.onSelect(item.key, true),
        pointerdown: event => this.onGrab(item.key, event),
      }});
      this.nodes.set(item.key, node);
      this.chips.append(node);
    }
    const name = this.isShort && !isSelected ? style.short : item.label;
    const label = `${signOf(item.decision)} ${item.alternativeTo ? text("finding.or", {label: name}) : name} ${scoreText(item)}`.trim();
    if (node.textContent !== label) node.textContent = label;
    const spoken = describe(item);
    if (node.getAttribute("aria-label") !== spoken) { node.setAttribute("aria-label", spoken); node.title = spoken; }
    node.setAttribute("aria-pressed", isSelected);
    node.className = `chip ${item.decision ?? "open"}${isSelected ? " selected" : ""}`;
    node.style.borderColor = style.colour;
    const isOut = x > viewport.width || y > viewport.height || x + w < 0 || y + h < 0;
    node.classList.toggle("away", isOut);
    node.classList.toggle("behind", Boolean(this.selected && !isSelected));
    const cw = node.offsetWidth || 60, ch = node.offsetHeight || 24;
    const tries = [[x, y - ch - 3], [x, y + h + 3], [x + w - cw, y - ch - 3], [x + w - cw, y + h + 3], [x + w + 3, y], [x - cw - 3, y]];
    for (let i = 1; i < 5; i++) tries.push([x, y - ch - 3 - i * (ch + 2)], [x, y + h + 3 + i * (ch + 2)]);
    const clip = ([px, py]) => [Math.min(viewport.width - cw - 2, Math.max(2, px)), Math.min(viewport.height - ch - 2, Math.max(2, py))];
    const isFree = ([px, py]) => !taken.some(([a, b, c, d]) => px < a + c && a < px + cw && py < b + d && b < py + ch);
    const isOutside = ([px, py]) => px + cw <= x || px >= x + w || py + ch <= y || py >= y + h;
    const spots = tries.map(clip);
    const spot = spots.find(one => isFree(one) && isOutside(one)) ?? spots.find(isFree) ?? spots[0];
    taken.push([...spot, cw, ch]);
    node.style.transform = `translate(${Math.round(spot[0])}px, ${Math.round(spot[1])}px)`;
  }
  focus(key) { this.nodes.get(key)?.focus({preventScroll: true}); }

  /** Which handle or edge of the selected box is under a place; `reach` is half a finger or a few pixels. */
  handleAt(px, py, selected, reach) {
    const one = this.placed.find(({item}) => item.key === selected);
    if (!one) return null;
    const {x, y, w, h, item} = one;
    let best = null, least = reach;
    for (const name of HANDLES) {
      // On a small box the middles of the sides would cover everything.
      if (name.length === 1 && (name === "n" || name === "s" ? w : h) < reach * 3) continue;
      const [hx, hy] = handlePlace(name, x, y, w, h), distance = Math.max(Math.abs(px - hx),
        Math.abs(py - hy)) + (name.length === 1 ? 0.5 : 0);
      if (distance <= least) [best, least] = [name, distance];
    }
    if (best) return {item, handle: best};
    const slack = Math.min(reach, 12);
    const isNear = px >= x - slack && px <= x + w + slack && py >= y - slack && py <= y + h + slack &&
      !(px > x + slack && px < x + w - slack && py > y + slack && py < y + h - slack);
    return isNear ? {item, handle: "move"} : null;
  }
  /** The smallest box around a place. */
  boxAt(px, py, slack = 6) {
    return this.placed.filter(({x, y, w, h}) => px >= x - slack && px <= x + w + slack && py >= y - slack && py <= y + h + slack)
      .sort((a, b) => a.w * a.h - b.w * b.h)[0]?.item ?? null;
  }
}

export function handlePlace(name, x, y, w, h) {
  return [name.includes("w") ? x : name.includes("e") ? x + w : x + w / 2, name.includes("n") ? y : name.includes("s") ? y + h : y + h / 2];
}
