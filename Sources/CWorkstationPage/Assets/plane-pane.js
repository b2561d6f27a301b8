// One plane through a scan: scrolled, windowed, zoomed; with the cross of the other planes and circles around nodules.
import {el, svg} from "./dom.js";
import {PLANES} from "./scan.js";
import {number, text} from "./words.js";

const SIDES = {axial: {left: "R", right: "L", top: "A", bottom: "P"}, coronal: {left: "R", right: "L", top: "H", bottom: "F"},
  sagittal: {left: "A", right: "P", top: "H", bottom: "F"}};

export class PlanePane extends EventTarget {
  /** `actions`: move(voxel), window({center, width}), tool(), pick(nodule). */
  constructor(plane, actions) {
    super();
    Object.assign(this, {plane, actions, axes: PLANES[plane], zoom: 1, shift: [0, 0], nodules: [], pointers: new Map(), slab: 0});
    this.canvas = el("canvas", {class: "plane"});
    this.source = el("canvas");
    this.marks = svg("svg", {class: "lines plane-marks", "aria-hidden": "true"});
    this.corner = {title: el("div", {class: "corner top-start"}), notice: el("div", {class: "corner top-end notice", w: "notice.short"}),
      window: el("div", {class: "corner bottom-start"}), grey: el("div", {class: "corner bottom-end"})};
    this.message = el("div", {class: "pane-message", hidden: true});
    const sides = Object.entries(SIDES[plane]).map(([side, letter]) => el("div", {class: `side ${side}`, textContent: letter}));
    this.node = el("div", {class: "pane plane-pane", tabIndex: 0, role: "application", data: {plane},
      words: {"aria-label": () => `${text(`scan.${plane}`)}. ${text("scan.help")}`}}, this.canvas, this.marks, Object.values(this.corner), sides, this.message);
    this.node.pane = this;   // For tests and for the curious at the console.
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.node);
    this.node.addEventListener("wheel", event => this.wheel(event), {passive: false});
    this.node.addEventListener("pointerdown", event => this.down(event));
    this.node.addEventListener("pointermove", event => this.hover(event));
    this.node.addEventListener("pointerleave", () => { this.corner.grey.textContent = ""; });
    this.node.addEventListener("contextmenu", event => event.preventDefault());
  }
  close() { this.isClosed = true; this.observer.disconnect(); this.node.remove(); }

  /** Another scan, or none. */
  setScan(scan) {
    Object.assign(this, {scan, shown: null, image: null, zoom: 1, shift: [0, 0]});
    this.canvas.hidden = !scan;
    this.draw();
  }
  say(what) { this.message.hidden = !what; if (what) this.message.textContent = text(...[what].flat()); }
  get count() { return this.scan?.size[this.axes.fixed] ?? 0; }
  get index() { return this.cursor ? Math.max(0, Math.min(this.count - 1, Math.round(this.cursor[this.axes.fixed]))) : 0; }

  show(cursor, slab) {
    Object.assign(this, {cursor, slab});
    this.draw();
    this.load();
  }
  /** Of a fast scroll only the newest wish is fetched when the one before has come. */
  async load() {
    if (this.isLoading || !this.scan) return;
    this.isLoading = true;
    try {
      for (;;) {
        const {scan, index, slab} = this, key = `${index} ${slab}`;
        if (this.shown === key || this.isClosed) break;
        const image = await scan.plane(this.plane, index, slab);
        if (scan !== this.scan) continue;
        Object.assign(this, {image, shown: key, shownIndex: index});
        this.fill();
        this.draw();
        this.dispatchEvent(new Event("shown"));
      }
      this.ahead();
    } catch (error) {
      if (!this.isClosed) this.say(error.isOffline ? "error.offline" : "viewer.failed");
    } finally { this.isLoading = false; }
  }
  /** The next ones in the way that one scrolls. */
  async ahead() {
    const {scan, slab, plane} = this, way = Math.sign(this.index - (this.before ?? this.index)) || 1;
    this.before = this.index;
    for (let step = 1; step <= 4; step++) {
      const index = this.index + way * step;
      if (index < 0 || index >= this.count || this.isLoading || scan !== this.scan) return;
      await scan.plane(plane, index, slab).catch(() => {});
    }
  }

  setWindow(window) { this.window = window; this.fill(); this.draw(); }
  /** Hounsfield units to greys. */
  fill() {
    if (!this.image || !this.window) return;
    const {columns, rows, values} = this.image, {center, width} = this.window;
    if (this.source.width !== columns || this.source.height !== rows) Object.assign(this.source, {width: columns, height: rows});
    const context = this.source.getContext("2d"), picture = context.createImageData(columns, rows);
    const pixels = new Uint32Array(picture.data.buffer), low = center - width / 2, gain = 255 / width;
    for (let i = 0; i < values.length; i++) {
      const grey = Math.min(255, Math.max(0, (values[i] - low) * gain)) | 0;
      pixels[i] = 0xff000000 | grey << 16 | grey << 8 | grey;
    }
    context.putImageData(picture, 0, 0);
  }

  /** CSS pixels a millimetre, and where the middle of the first voxel lies. */
  get frame() {
    const {clientWidth: width, clientHeight: height} = this.node, {across, down} = this.axes, {size, spacing} = this.scan;
    const [w, h] = [size[across] * spacing[across], size[down] * spacing[down]], scale = Math.min(width / w, height / h) * this.zoom;
    return {scale, left: (width - w * scale) / 2 + this.shift[0], top: (height - h * scale) / 2 + this.shift[1],
      stepX: spacing[across] * scale, stepY: spacing[down] * scale};
  }
  toView(voxel) { const f = this.frame, {across, down} = this.axes; return [f.left + (voxel[across] + 0.5) * f.stepX, f.top + (voxel[down] + 0.5) * f.stepY]; }
  toVoxel(x, y) {
    const f = this.frame, {across, down} = this.axes, voxel = [...this.cursor];
    voxel[across] = Math.max(0, Math.min(this.scan.size[across] - 1, (x - f.left) / f.stepX - 0.5));
    voxel[down] = Math.max(0, Math.min(this.scan.size[down] - 1, (y - f.top) / f.stepY - 0.5));
    return voxel;
  }

  draw() { this.pending ??= requestAnimationFrame(() => { this.pending = null; this.paint(); }); }
  paint() {
    const {clientWidth: width, clientHeight: height} = this.node, ratio = devicePixelRatio;
    if (!width || !height || this.isClosed) return;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, {width: w, height: h});
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, w, h);
    if (!this.scan || !this.cursor) { this.marks.replaceChildren(); return; }
    if (this.image) {
      const f = this.frame;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = "high";
      context.drawImage(this.source, f.left, f.top, this.image.columns * f.stepX, this.image.rows * f.stepY);
    }
    this.mark();
    const {fixed} = this.axes, place = this.scan.point(this.cursor.map((value, axis) => axis === fixed ? this.index : value));
    // Of the patient's own axes: x to the left, y to the back, z to the head.
    const letter = {axial: "z", coronal: "y", sagittal: "x"}[this.plane], value = place[{axial: 2, coronal: 1, sagittal: 0}[this.plane]];
    this.corner.title.textContent = `${this.title ? `${this.title} · ` : ""}${text(`scan.${this.plane}`)} ${number(this.index + 1)}/${number(this.count)} · ${letter} ${number(value, 1)} mm`;
    this.corner.window.textContent = this.window ? text("scan.window_line", {width: number(this.window.width, 0), center: number(this.window.center, 0)}) +
      (this.slab ? ` · ${text("scan.slab_line", {slab: this.slab})}` : "") : "";
    Object.assign(this.node.dataset, {index: this.index, count: this.count, shown: this.shown ?? "", zoom: this.zoom});
  }
  mark() {
    const {clientWidth: width, clientHeight: height} = this.node, [x, y] = this.toView(this.cursor), nodes = [];
    if (!this.isCrossHidden) for (const d of [`M0 ${y}H${x - 12}M${x + 12} ${y}H${width}`, `M${x} 0V${y - 12}M${x} ${y + 12}V${height}`])
      nodes.push(svg("path", {class: "cross-line", d}));
    const {fixed} = this.axes, f = this.frame, mm = this.scan.spacing[fixed], here = this.cursor[fixed] === undefined ? 0 : this.index;
    for (const nodule of this.nodules) {
      const away = Math.abs(nodule.voxel[fixed] - here) * mm, radius = nodule.diameter_mm / 2, reach = Math.max(radius, mm / 2) + this.slab / 2;
      if (away > reach) continue;
      const [cx, cy] = this.toView(nodule.voxel), r = Math.max(8, (radius + 4) * f.scale);
      const kind = nodule.isChosen ? " chosen" : "";
      nodes.push(svg("circle", {cx, cy, r, class: "rim"}), svg("circle", {cx, cy, r, class: `nodule${kind}`, "data-id": nodule.id}));
      const label = svg("text", {x: cx + r + 3, y: cy + 4, class: "ratio-text"});
      label.textContent = nodule.id;
      nodes.push(label);
    }
    this.marks.replaceChildren(...nodes);
  }

  // ---- hands and keys

  scroll(steps) {
    if (!this.scan) return;
    const voxel = [...this.cursor], {fixed} = this.axes;
    voxel[fixed] = Math.max(0, Math.min(this.count - 1, this.index + steps));
    this.actions.move(voxel, this);
  }
  zoomBy(factor, x = this.node.clientWidth / 2, y = this.node.clientHeight / 2) {
    const zoom = Math.min(20, Math.max(0.5, this.zoom * factor)), change = zoom / this.zoom;
    const [cx, cy] = [this.node.clientWidth / 2, this.node.clientHeight / 2];
    this.shift = [(this.shift[0] - (x - cx)) * change + x - cx, (this.shift[1] - (y - cy)) * change + y - cy];
    this.zoom = zoom;
    this.draw();
  }
  fit() { Object.assign(this, {zoom: 1, shift: [0, 0]}); this.draw(); }
  place(event) { const frame = this.node.getBoundingClientRect(); return [event.clientX - frame.left, event.clientY - frame.top]; }
  wheel(event) {
    event.preventDefault();
    if (!this.scan) return;
    if (event.ctrlKey || event.metaKey) return this.zoomBy(2 ** (-event.deltaY / 400), ...this.place(event));
    // A touch pad sends many small steps, a wheel one large one: a slice for each 40 or each notch.
    this.wheeled = (this.wheeled ?? 0) + (event.deltaMode === 1 ? event.deltaY * 40 : event.deltaY);
    const steps = Math.abs(event.deltaY) >= 60 ? Math.sign(event.deltaY) : Math.trunc(this.wheeled / 40);
    if (!steps) return;
    this.wheeled = 0;
    this.scroll(steps);
  }
  down(event) {
    if (!this.scan || !this.window) return;
    this.node.focus({preventScroll: true});
    this.pointers.set(event.pointerId, this.place(event));
    if (this.pointers.size === 2) { this.drag = null; this.gap = this.spread(); }
    const [x, y] = this.place(event);
    if (this.pointers.size === 1) this.drag = {x, y, lastX: x, lastY: y, window: this.window, from: this.index, hasMoved: false,
      kind: event.button === 1 || event.shiftKey ? "pan" : event.button === 2 ? "zoom" : this.actions.tool(), zoom: this.zoom};
    try { this.node.setPointerCapture(event.pointerId); } catch { /* A made-up pointer. */ }
    const move = event => { if (this.pointers.has(event.pointerId)) this.dragTo(event); };
    const end = event => {
      for (const [kind, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) this.node.removeEventListener(kind, act);
      this.pointers.delete(event.pointerId);
      const done = this.drag;
      if (this.pointers.size) return;
      this.drag = null;
      if (done && !done.hasMoved && event.type === "pointerup") this.click(...this.place(event));
    };
    for (const [kind, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) this.node.addEventListener(kind, act);
  }
  spread() { const [[a, b], [c, d]] = [...this.pointers.values()]; return {gap: Math.max(10, Math.hypot(a - c, b - d)), x: (a + c) / 2, y: (b + d) / 2}; }
  dragTo(event) {
    const [x, y] = this.place(event);
    this.pointers.set(event.pointerId, [x, y]);
    if (this.pointers.size === 2) {
      const next = this.spread();
      this.zoomBy(next.gap / this.gap.gap, next.x, next.y);
      this.shift = [this.shift[0] + next.x - this.gap.x, this.shift[1] + next.y - this.gap.y];
      this.gap = next;
      return;
    }
    const {drag} = this;
    if (!drag || !drag.hasMoved && Math.hypot(x - drag.x, y - drag.y) < 4) return;
    drag.hasMoved = true;
    if (drag.kind === "window") this.actions.window({width: Math.max(1, drag.window.width + (x - drag.x) * 4), center: drag.window.center + (y - drag.y) * 2});
    else if (drag.kind === "pan") { this.shift = [this.shift[0] + x - drag.lastX, this.shift[1] + y - drag.lastY]; this.draw(); }
    else if (drag.kind === "zoom") this.zoomBy(drag.zoom * 2 ** ((drag.y - y) / 150) / this.zoom, drag.x, drag.y);
    else {
      // The whole height of the pane is the whole scan, but never less than 4 pixels a slice.
      const step = Math.min(4, this.node.clientHeight / this.count), target = drag.from + Math.round((y - drag.y) / Math.max(1, step));
      this.scroll(Math.max(0, Math.min(this.count - 1, target)) - this.index);
    }
    Object.assign(drag, {lastX: x, lastY: y});
  }
  click(x, y) {
    const {fixed} = this.axes;
    const hit = this.nodules.find(one => { const [cx, cy] = this.toView(one.voxel);
      return Math.hypot(cx - x, cy - y) < Math.max(14, (one.diameter_mm / 2 + 4) * this.frame.scale) &&
        Math.abs(one.voxel[fixed] - this.index) * this.scan.spacing[fixed] <= one.diameter_mm / 2 + this.slab / 2 + 1; });
    if (hit) this.actions.pick(hit); else this.actions.move(this.toVoxel(x, y), this);
  }
  hover(event) {
    if (!this.scan || !this.image || this.shown === null) return;
    const f = this.frame, [x, y] = this.place(event), column = Math.floor((x - f.left) / f.stepX), row = Math.floor((y - f.top) / f.stepY);
    const {columns, rows, values} = this.image;
    this.corner.grey.textContent = column < 0 || row < 0 || column >= columns || row >= rows ? "" : `${column}, ${row}: ${number(values[row * columns + column])} HU`;
  }
  key(event, name) {
    if (!this.scan) return false;
    const step = event.shiftKey ? 10 : 1;
    const act = {ArrowUp: () => this.scroll(-step), ArrowDown: () => this.scroll(step), PageUp: () => this.scroll(-10), PageDown: () => this.scroll(10),
      Home: () => this.scroll(-this.count), End: () => this.scroll(this.count), "+": () => this.zoomBy(1.25), "=": () => this.zoomBy(1.25),
      "-": () => this.zoomBy(0.8), 0: () => this.fit()}[name];
    act?.();
    return Boolean(act);
  }
}
