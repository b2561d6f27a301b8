// Where the image lies in the view: pure arithmetic. Units of the view are CSS pixels, of the image its own pixels.

/** The way an image is turned is a 2x2 matrix of 0, 1 and -1; turns and flips act on the screen, whatever came before. */
const UPRIGHT = [1, 0, 0, 1];   // [a, b, c, d]: x' = a x + c y, y' = b x + d y

export class Viewport {
  /** `aspect`: height of a pixel in widths of a pixel (spacing.row / spacing.column). */
  constructor({columns, rows, aspect = 1, width = 1, height = 1}) {
    Object.assign(this, {columns, rows, aspect, width, height, turn: [...UPRIGHT], scale: 1, x: columns / 2, y: rows / 2, isFitted: true});
    this.fit();
  }
  get isMirrored() { return this.turn[0] * this.turn[3] - this.turn[1] * this.turn[2] < 0; }
  get isTurned() { return this.turn[0] === 0; }
  /** Clockwise quarters, as seen before a flip. */
  get quarters() {
    const [a, b] = this.isMirrored ? [-this.turn[0], this.turn[1]] : this.turn;
    return a === 1 ? 0 : b === 1 ? 1 : a === -1 ? 2 : 3;
  }

  resize(width, height) {
    Object.assign(this, {width: Math.max(1, width), height: Math.max(1, height)});
    if (this.isFitted) this.fit();
  }
  fit() {
    const w = this.columns, h = this.rows * this.aspect;
    const [across, down] = this.isTurned ? [h, w] : [w, h];
    this.scale = Math.min(this.width / across, this.height / down);
    Object.assign(this, {x: this.columns / 2, y: this.rows / 2, isFitted: true});
  }
  /** One column of the image is one pixel of the screen. */
  oneToOne(ratio) { this.zoomTo(1 / ratio); }
  reset() { this.turn = [...UPRIGHT]; this.fit(); }

  /** From image to view: [a, b, c, d, e, f] as SVG and canvas have it. */
  get matrix() {
    const [a, b, c, d] = this.turn, s = this.scale, t = s * this.aspect;
    const [ma, mb, mc, md] = [a * s, b * s, c * t, d * t];
    return [ma, mb, mc, md, this.width / 2 - ma * this.x - mc * this.y, this.height / 2 - mb * this.x - md * this.y];
  }
  toView(x, y) {
    const [a, b, c, d, e, f] = this.matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }
  toImage(px, py) {
    const [a, b, c, d, e, f] = inverse(this.matrix);
    return [a * px + c * py + e, b * px + d * py + f];
  }
  /** A step on the screen, as a step in the image. */
  stepToImage(dx, dy) {
    const [a, b, c, d] = inverse(this.matrix);
    return [a * dx + c * dy, b * dx + d * dy];
  }
  boxToView([x, y, w, h]) {
    const [x1, y1] = this.toView(x, y), [x2, y2] = this.toView(x + w, y + h);
    return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];
  }

  zoomTo(scale, px = this.width / 2, py = this.height / 2) {
    const [x, y] = this.toImage(px, py);
    this.scale = Math.min(64, Math.max(0.01, scale));
    this.isFitted = false;
    this.bring(x, y, px, py);
  }
  zoom(factor, px, py) { this.zoomTo(this.scale * factor, px, py); }
  /** Moves so that the image's (x, y) lies at the view's (px, py). */
  bring(x, y, px, py) {
    const [dx, dy] = this.stepToImage(px - this.width / 2, py - this.height / 2);
    Object.assign(this, {x: x - dx, y: y - dy, isFitted: false});
    this.hold();
  }
  pan(dx, dy) {
    const [ix, iy] = this.stepToImage(dx, dy);
    Object.assign(this, {x: this.x - ix, y: this.y - iy, isFitted: false});
    this.hold();
  }
  /** The middle of the view stays on the image: it cannot be lost. */
  hold() {
    this.x = Math.min(this.columns, Math.max(0, this.x));
    this.y = Math.min(this.rows, Math.max(0, this.y));
  }

  rotate(quarters = 1) {
    for (let i = 0; i < (quarters % 4 + 4) % 4; i++) {
      const [a, b, c, d] = this.turn;
      this.turn = [-b || 0, a, -d || 0, c];   // A quarter clockwise on the screen: (x, y) becomes (-y, x).
    }
    if (this.isFitted) this.fit();
  }
  flip() {
    const [a, b, c, d] = this.turn;
    this.turn = [-a || 0, b, -c || 0, d];
  }

  /** What of the image's own edges ("left", "right", "top", "bottom") lies at an edge of the screen now. */
  edgeAt(side) {
    const out = {left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1]}[side];
    const [a, b, c, d] = this.turn;
    const x = a * out[0] + b * out[1], y = c * out[0] + d * out[1];   // The inverse of such a matrix is its transpose.
    return x < 0 ? "left" : x > 0 ? "right" : y < 0 ? "top" : "bottom";
  }
}

export function inverse([a, b, c, d, e, f]) {
  const n = a * d - b * c;
  return [d / n, -b / n, -c / n, a / n, (c * f - d * e) / n, (b * e - a * f) / n];
}

/** A length between two places of the image: in mm with the spacing of each direction, else in pixels (of one width). */
export function lengthBetween([x1, y1], [x2, y2], spacing, aspect = 1) {
  if (!spacing) return {length: Math.hypot(x2 - x1, (y2 - y1) * aspect), unit: "px", isDetector: false};
  return {length: Math.hypot((x2 - x1) * spacing.column, (y2 - y1) * spacing.row), unit: "mm", isDetector: spacing.plane === "detector"};
}

/** Keeps a box in the image and at least one pixel wide. */
export function boxWithin([x, y, w, h], columns, rows) {
  const width = Math.min(columns, Math.max(1, w)), height = Math.min(rows, Math.max(1, h));
  return [Math.min(columns - width, Math.max(0, x)), Math.min(rows - height, Math.max(0, y)), width, height];
}
/** The same for a box that is being resized: the far side does not run along. */
export function boxFromCorners(x1, y1, x2, y2, columns, rows) {
  const clip = (v, most) => Math.min(most, Math.max(0, v));
  const [a, b] = [clip(Math.min(x1, x2), columns), clip(Math.max(x1, x2), columns)];
  const [c, d] = [clip(Math.min(y1, y2), rows), clip(Math.max(y1, y2), rows)];
  return boxWithin([a, c, b - a, d - c], columns, rows);
}
