// Where lungs and heart are, as a layer over the image: their borders, and the two lines of the cardiothoracic ratio. And in words.
import {svg} from "./dom.js";
import {has, number, text} from "./words.js";

/** What is drawn of the structures; clavicles would only be in the way. */
const STRUCTURES = {"Right lung": "lung", "Left lung": "lung", Heart: "heart"};

/** A remark of the server in the page's language, or as it came: `prefix` is `quality` or `anatomy`. */
export function remarkText(prefix, {code, mended, values, sentence}) {
  const key = `${prefix}.${code}${mended ? ".mended" : ""}`;
  const said = has(key) ? text(key, Object.fromEntries((values ?? []).map((value, at) => [at + 1, value]))) : sentence;
  return said.charAt(0).toUpperCase() + said.slice(1);
}

export const ratioText = ({value, error}) => text("measures.ratio", {value: number(value, 2), error: number(error, 2)});

/** A finding's place by masks, such as "right lower zone, costophrenic"; empty where it has none. */
export function placeText(place) {
  if (!place || !place.zone && !place.side && !place.region) return "";
  if (place.region === "outside") return text("place.outside");
  const zone = place.zone ? text(`place.zone.${place.zone}`) : "", side = place.side ? text(`place.side.${place.side}`) : "";
  const whole = zone && side ? text("place.both", {side, zone}) : zone || side;
  return [whole, place.region ? text(`place.region.${place.region}`) : ""].filter(Boolean).join(", ");
}

/** The same, where the box is still the one that masks were asked of. A heart is where it is, and has no place. */
export const placeOf = item => item.source === "model" && !["moved", "added"].includes(item.decision) && item.label !== "Cardiomegaly"
  ? placeText(item.place) : "";

/** Borders run along the sides of the masks' pixels, which are several of the image's: half of one is cut off each corner. */
export function smoothed(points) {
  const edges = points.map(([x, y], at) => { const [u, v] = points[(at + 1) % points.length]; return [x, y, u, v, Math.hypot(u - x, v - y)]; });
  const unit = Math.min(...edges.map(edge => edge[4]).filter(length => length > 0));
  return edges.flatMap(([x, y, u, v, length]) => {
    if (!length) return [];
    const share = Math.min(0.5, unit / 2 / length), at = part => [x + (u - x) * part, y + (v - y) * part];
    return share >= 0.49 ? [at(0.5)] : [at(share), at(1 - share)];
  });
}

export class AnatomyLayer {
  constructor(node) { this.node = node; }

  /** `anatomy` and `ratio` of a reading, either may be missing. */
  update({anatomy, ratio, viewport, isHidden}) {
    const shapes = [];
    if (!isHidden) {
      for (const {structure, points} of anatomy?.outlines ?? []) {
        const kind = STRUCTURES[structure];
        if (!kind || points.length < 3) continue;
        const d = `M${smoothed(points).map(point => viewport.toView(...point).map(one => one.toFixed(1)).join(" ")).join("L")}Z`;
        shapes.push(svg("path", {class: "rim", d}), svg("path", {class: `outline ${kind}`, d, "data-structure": structure}));
      }
      if (ratio?.heart && ratio.thorax) {
        shapes.push(...this.line(ratio.thorax, "thorax", viewport), ...this.line(ratio.heart, "heart", viewport),
          this.label(ratio, viewport));
      }
    }
    this.node.replaceChildren(...shapes);
  }
  line({left, right, y}, kind, viewport) {
    const [x1, y1] = viewport.toView(left, y), [x2, y2] = viewport.toView(right, y), length = Math.hypot(x2 - x1, y2 - y1) || 1;
    // Short strokes across the ends.
    const [ax, ay] = [-(y2 - y1) / length * 6, (x2 - x1) / length * 6];
    const d = `M${x1} ${y1}L${x2} ${y2}M${x1 - ax} ${y1 - ay}L${x1 + ax} ${y1 + ay}M${x2 - ax} ${y2 - ay}L${x2 + ax} ${y2 + ay}`;
    return [svg("path", {class: "rim", d}), svg("path", {class: `ratio-line ${kind}`, d, "data-line": kind})];
  }
  label(ratio, viewport) {
    const {left, right, y} = ratio.thorax, [x1, y1] = viewport.toView(left, y), [x2, y2] = viewport.toView(right, y);
    const label = svg("text", {class: "ratio-text", x: Math.min(viewport.width - 120, Math.max(4, Math.min(x1, x2) + 8)),
      y: Math.min(viewport.height - 8, Math.max(18, Math.max(y1, y2) + 18))});
    label.textContent = text("measures.ratio_short", {value: number(ratio.value, 2), error: number(ratio.error, 2)});
    return label;
  }
}
