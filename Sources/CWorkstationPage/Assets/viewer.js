// One pane with one image: window by dragging, zoom at the pointer, pan, turn, flip, measure, and the boxes over it.
import {AnatomyLayer} from "./anatomy.js";
import {BoxLayer} from "./boxes.js";
import {announce, el, svg} from "./dom.js";
import {drawMap} from "./explanation.js";
import {fetchImage} from "./image.js";
import {makeRenderer} from "./renderers.js";
import {boxFromCorners, boxWithin, lengthBetween, Viewport} from "./viewport.js";
import {dragged, fileWindow, fullRange, percentileWindow} from "./windowing.js";
import {number, text} from "./words.js";

export const PRESETS = ["file", "full", "p1", "p5", "lungs"];
const isCoarse = matchMedia("(pointer: coarse)");

export class Pane extends EventTarget {
  /** `actions`: select(key), box(item, box, isLast), add(box), direction() for the drag. A pane without actions only shows. */
  constructor({actions = null, label = "viewer.image"} = {}) {
    super();
    Object.assign(this, {actions, tool: "window", items: [], styles: new Map(), selected: null, areBoxesHidden: false, pointers: new Map(),
      way: "card"});
    this.canvases = {card: el("canvas", {class: "card", hidden: true}), table: el("canvas", {class: "table", hidden: true})};
    this.heat = el("div", {class: "heat", hidden: true, "aria-hidden": "true"});
    this.outlines = svg("svg", {class: "lines anatomy", "aria-hidden": "true"});
    this.lines = svg("svg", {class: "lines", "aria-hidden": "true"});
    this.marks = svg("svg", {class: "lines marks", "aria-hidden": "true"});
    this.chips = el("div", {class: "chips"});
    this.corner = {
      title: el("div", {class: "corner top-start"}), notice: el("div", {class: "corner top-end notice", w: "notice.short"}),
      window: el("div", {class: "corner bottom-start"}), grey: el("div", {class: "corner bottom-end"}),
    };
    this.mirror = el("div", {class: "mirror", hidden: true, w: "viewer.mirrored"});
    this.sideMarks = {left: el("div", {class: "side left"}), right: el("div", {class: "side right"}), top: el("div", {class: "side top"}),
      bottom: el("div", {class: "side bottom"})};
    this.message = el("div", {class: "pane-message", hidden: true});
    this.node = el("div", {class: "pane", tabIndex: 0, role: "application", words: {"aria-label": label}}, this.canvases.card,
      this.canvases.table, this.heat, this.outlines, this.lines, this.marks, this.chips,
      Object.values(this.corner), this.mirror, Object.values(this.sideMarks), this.message);
    this.boxes = new BoxLayer(this.lines, this.chips, {onSelect: (key, isFocus) => this.actions?.select(key, isFocus),
      onGrab: (key, event) => this.grab(key, event)});
    this.anatomyLayer = new AnatomyLayer(this.outlines);
    this.node.pane = this;   // For tests and for the curious at the console.
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.node);
    this.node.addEventListener("pointerdown", event => this.down(event));
    this.node.addEventListener("pointermove", event => this.hover(event));
    this.node.addEventListener("pointerleave", () => { this.pointer = null; this.tellGrey(); });
    this.node.addEventListener("wheel", event => this.wheel(event), {passive: false});
    this.node.addEventListener("contextmenu", event => event.preventDefault());
    // The driver may take the card away (sleep, other tabs). Drawing goes on by the table.
    this.canvases.card.addEventListener("webglcontextlost", event => { event.preventDefault();
      if (this.levels) { this.way = "table"; this.start(); } });
    this.canvases.card.addEventListener("webglcontextrestored", () => { this.way = "card"; });
  }

  // ---- the image

  async show(instance, {title = "", sides = null, message = null} = {}) {
    this.clear();
    Object.assign(this, {instance, sides});
    this.corner.title.replaceChildren(el("bdi", {textContent: title}));
    this.say("viewer.loading");
    const loading = this.loading = new AbortController();
    const began = performance.now();
    try {
      const {about, levels} = await fetchImage(instance.id, loading.signal,
        part => { if (this.loading === loading) this.say(["viewer.loading_part", {part: Math.round(part * 100)}]); });
      if (this.loading !== loading) return;
      Object.assign(this, {about, levels, isInverted: false, preset: "file", ruler: null, loadTime: performance.now() - began});
      const aspect = about.spacing ? about.spacing.row / about.spacing.column : 1;
      this.viewport = new Viewport({columns: about.columns, rows: about.rows, aspect: aspect > 0 ? aspect : 1, width: this.node.clientWidth,
        height: this.node.clientHeight});
      this.window = fileWindow(about);
      this.say(message);
      this.start();
      this.node.dataset.shown = instance.id;
      this.node.dataset.ms = Math.round(performance.now() - began);
      this.dispatchEvent(new Event("shown"));
    } catch (error) {
      if (error.name === "AbortError" || this.loading !== loading) return;
      this.say(error.isOffline ? "error.offline" : "viewer.failed");
      this.dispatchEvent(new Event("failed"));
    }
  }
  /** What is shown in the middle while there is no image, or while the model reads (at the foot then). */
  say(what) {
    this.message.hidden = !what;
    this.message.classList.toggle("over-image", Boolean(this.levels));
    if (what) this.message.textContent = text(...[what].flat());
  }
  /** Lets the memory go: the pixels, the texture, what was still on its way. */
  clear() {
    this.loading?.abort();
    this.renderer?.release();
    cancelAnimationFrame(this.pending);
    clearTimeout(this.fineTimer);
    Object.assign(this, {loading: null, renderer: null, levels: null, about: null, viewport: null, ruler: null, cursor: null, anchor: null,
      pending: null, drag: null, items: [], anatomy: null});
    this.setHeat(null);
    this.pointers.clear();
    delete this.node.dataset.shown;
    this.outlines.replaceChildren();
    this.lines.replaceChildren();
    this.marks.replaceChildren();
    this.boxes.nodes.clear();
    this.chips.replaceChildren();
    this.canvases.card.hidden = this.canvases.table.hidden = true;
    for (const node of [this.corner.window, this.corner.grey, ...Object.values(this.sideMarks)]) node.textContent = "";
    this.mirror.hidden = true;
  }
  close() { this.clear(); this.observer.disconnect(); this.node.remove(); }

  start() {
    this.renderer?.release();
    Object.assign(this, makeRenderer(this.canvases, this.levels, this.way));
    this.node.dataset.renderer = this.renderer.kind;
    this.resize();
  }
  get ratio() { return this.renderer?.kind === "table" ? Math.min(devicePixelRatio, 2) : devicePixelRatio; }
  resize() {
    if (!this.renderer) return;
    const {clientWidth, clientHeight} = this.node;
    if (!clientWidth || !clientHeight) return;
    const width = Math.max(1, Math.round(clientWidth * this.ratio)), height = Math.max(1, Math.round(clientHeight * this.ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, {width, height});
    this.viewport.resize(clientWidth, clientHeight);
    this.draw();
  }

  /** Once a frame however many events came. `isStill`: only greys changed, so the boxes stay as they are. */
  draw(areBoxesStill = false) {
    if (!areBoxesStill) this.isOverlayDue = true;
    this.pending ??= requestAnimationFrame(() => { this.pending = null; this.paint(); });
  }
  paint(isFine = false) {
    if (!this.renderer || !this.viewport) return;
    const {viewport, about} = this, ratio = this.ratio;
    const matrix = viewport.matrix.map(value => value * ratio);
    // MONOCHROME1 and the reader's wish each turn the greys over, after the window; both together leave them as they are.
    this.renderer.draw({matrix, window: this.window, about, isInverted: about.inverted !== this.isInverted, isFine});
    clearTimeout(this.fineTimer);
    if (!isFine && this.renderer.kind === "table") this.fineTimer = setTimeout(() => { if (!this.drag) this.paint(true); }, 160);
    if (this.isOverlayDue) { this.isOverlayDue = false; this.overlay(); }
    const w = this.window, digits = w.width < 20 ? 1 : 0;
    this.corner.window.textContent = text("viewer.window_line",
      {width: number(w.width, digits), center: number(w.center, digits),
      zoom: number(Math.round(viewport.scale * devicePixelRatio * 100))}) +
      (this.isInverted ? ` · ${text("viewer.inverted")}` : "");
    Object.assign(this.node.dataset, {center: w.center, width: w.width, scale: viewport.scale, inverted: this.isInverted,
      mirrored: viewport.isMirrored, quarters: viewport.quarters});
    this.dispatchEvent(new Event("painted"));
  }
  overlay() {
    const {viewport} = this;
    this.boxes.update({items: this.items, viewport, styles: this.styles, selected: this.selected, isHidden: this.areBoxesHidden});
    this.anatomyLayer.update({...this.anatomy, viewport, isHidden: this.isAnatomyHidden});
    const marks = [];
    if (this.fresh) { const [x, y, width, height] = viewport.boxToView(this.fresh);
      marks.push(svg("rect", {x, y, width, height, class: "rim"}), svg("rect", {x, y, width, height, class: "fresh"})); }
    if (this.ruler) marks.push(...this.drawRuler());
    if (this.cursor) {
      const [x, y] = viewport.toView(...this.cursor);
      for (const kind of ["rim", "cross"]) marks.push(svg("path",
        {class: kind, d: `M${x - 14} ${y}H${x - 4}M${x + 4} ${y}H${x + 14}M${x} ${y - 14}V${y - 4}M${x} ${y + 4}V${y + 14}`}));
    }
    this.marks.replaceChildren(...marks);
    this.placeHeat();
    this.mirror.hidden = !viewport.isMirrored;
    for (const side of ["left", "right", "top", "bottom"]) this.sideMarks[side].textContent = this.sides?.[viewport.edgeAt(side)] ?? "";
  }
  drawRuler() {
    const {viewport, about, ruler} = this, [x1, y1] = viewport.toView(...ruler.from), [x2, y2] = viewport.toView(...ruler.to);
    const line = this.lengthText();
    const shapes = ["rim", "ruler"].map(kind => svg("line", {x1, y1, x2, y2, class: kind}));
    for (const [x, y] of [[x1, y1], [x2, y2]]) shapes.push(svg("circle", {cx: x, cy: y, r: 5, class: "rim"}),
      svg("circle", {cx: x, cy: y, r: 5, class: "ruler"}));
    const label = svg("text", {x: Math.min(viewport.width - 150, Math.max(4, Math.max(x1, x2) + 10)),
      y: Math.min(viewport.height - 8, Math.max(16, (x1 > x2 ? y1 : y2) + 4)), class: "ruler-text"});
    label.textContent = line;
    shapes.push(label);
    this.node.dataset.ruler = line;
    return shapes;
  }
  lengthText() {
    const {length, unit, isDetector} = lengthBetween(this.ruler.from, this.ruler.to, this.about.spacing, this.viewport.aspect);
    return `${number(length, unit === "mm" ? 1 : 0)} ${unit}${isDetector ? ` (${text("viewer.detector_plane")})` : ""}`;
  }

  /** Lays a map of an explanation over the image; `null` takes it away. */
  setHeat(map) {
    this.heat.replaceChildren();
    this.heatMap = map;
    this.heat.hidden = !map;
    if (map) this.heat.append(drawMap(map));
    if (this.viewport) this.draw();
  }
  placeHeat() {
    const canvas = this.heat.firstChild;
    if (!canvas) return;
    // Of a film in a border the map begins where the film does.
    const [a, b, c, d] = this.viewport.matrix, size = this.heatMap.cell_size, [e, f] = this.viewport.toView(...this.heatMap.origin ?? [0, 0]);
    canvas.style.transform = `matrix(${[a * size, b * size, c * size, d * size, e, f].join(",")})`;
  }

  /** What masks say of the image: {anatomy, ratio} of a reading. */
  setAnatomy(told) { this.anatomy = told; if (this.viewport) this.draw(); }
  hideAnatomy(isHidden) { this.isAnatomyHidden = isHidden; if (this.viewport) this.draw(); }

  setItems(items, styles, selected) { Object.assign(this, {items, styles, selected}); if (this.viewport) this.draw(); }

  // ---- what the toolbar and the keys do

  setWindow(window, preset = null) { Object.assign(this, {window, preset}); this.draw(true); this.dispatchEvent(new Event("window")); }
  usePreset(name) {
    if (!this.about) return;
    const pixels = this.levels[Math.min(2, this.levels.length - 1)].pixels, {about} = this;
    this.setWindow({file: () => fileWindow(about), full: () => fullRange(about), p1: () => percentileWindow(pixels, about, 0.01, 0.99),
      p5: () => percentileWindow(pixels, about, 0.05, 0.95),
      // The dark half of the image, where the lungs are: dark values are high ones where the image is MONOCHROME1.
      lungs: () => about.inverted ? percentileWindow(pixels, about, 0.35, 0.99) : percentileWindow(pixels, about, 0.01, 0.65)}[name](),
        name);
  }
  invert() { this.isInverted = !this.isInverted; this.draw(true);
    announce(text(this.isInverted ? "viewer.inverted" : "viewer.not_inverted")); }
  flip() { this.viewport?.flip(); this.draw(); if (this.viewport) announce(text(this.viewport.isMirrored ? "viewer.mirrored"
    : "viewer.not_mirrored")); }
  rotate(quarters = 1) { this.viewport?.rotate(quarters); this.draw(); }
  zoom(factor, px, py) { this.viewport?.zoom(factor, px, py); this.draw(); }
  fit() { this.viewport?.fit(); this.draw(); }
  oneToOne() { this.viewport?.oneToOne(devicePixelRatio); this.draw(); }
  reset() { if (!this.viewport) return; this.viewport.reset(); this.isInverted = false; this.ruler = null; this.usePreset("file");
    this.draw(); }
  hideBoxes(areHidden = !this.areBoxesHidden) { this.areBoxesHidden = areHidden; if (this.viewport) this.draw(); }
  setTool(tool) {
    Object.assign(this, {tool, anchor: null, fresh: null, cursor: null});
    this.node.dataset.tool = tool;
    if (this.viewport) this.draw();
  }

  /** Keys of the image itself. Returns whether the key was one. */
  key(event, name) {
    if (!this.viewport) return false;
    const step = event.shiftKey ? 10 : 1, way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[name];
    if (this.tool === "measure" || this.tool === "add") {
      if (way) {
        this.cursor ??= this.viewport.toImage(this.viewport.width / 2, this.viewport.height / 2).map(Math.round);
        const [dx, dy] = this.viewport.stepToImage(...way).map(Math.sign);
        this.moveCursor([this.cursor[0] + dx * step, this.cursor[1] + dy * step]);
        return true;
      }
      if (name === "Enter") {
        this.cursor ??= this.viewport.toImage(this.viewport.width / 2, this.viewport.height / 2).map(Math.round);
        if (!this.anchor) { this.anchor = [...this.cursor]; announce(text("viewer.first_corner")); }
        else {
          const from = this.anchor, to = [...this.cursor];
          this.anchor = null;
          if (this.tool === "measure") { this.ruler = {from, to}; announce(this.lengthText()); }
          else this.finishBox(from, to);
        }
        this.draw();
        return true;
      }
    }
    if (way) {
      if (event.shiftKey) this.viewport.pan(-way[0] * 40, -way[1] * 40);
      else this.setWindow(dragged(this.window, this.about, way[0] * 12, way[1] * 12, this.direction));
      this.draw();
      return true;
    }
    return false;
  }
  moveCursor([x, y]) {
    this.cursor = [Math.min(this.about.columns, Math.max(0, x)), Math.min(this.about.rows, Math.max(0, y))];
    if (this.anchor) {
      if (this.tool === "measure") this.ruler = {from: this.anchor, to: this.cursor};
      else this.fresh = boxFromCorners(...this.anchor, ...this.cursor, this.about.columns, this.about.rows);
    }
    this.pointer = this.viewport.toView(...this.cursor);
    this.tellGrey();
    this.draw();
  }
  finishBox(from, to) {
    const box = boxFromCorners(...from, ...to, this.about.columns, this.about.rows);
    this.fresh = null;
    // A slip of a pixel or two is no box.
    if (box[2] * this.viewport.scale < 4 || box[3] * this.viewport.scale < 4) return;
    this.actions?.add(box);
  }

  // ---- pointers

  /** The screen's down is darker by default, also where low values are white. */
  get direction() {
    const wish = this.actions?.direction?.() ?? {};
    return {...wish, isLevelReversed: Boolean(wish.isLevelReversed) !== (this.about.inverted !== this.isInverted)};
  }
  place(event) {
    const frame = this.node.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  }
  grab(key, event) {
    if (event.button !== 0 || !this.viewport) return;
    event.stopPropagation();
    // The label of another box may lie on a handle of the chosen one: the handle goes first.
    const hit = key !== this.selected && this.actions && this.boxes.handleAt(...this.place(event), this.selected,
      event.pointerType === "touch" ? 22 : 9);
    if (hit && hit.handle !== "move") return this.track(event, {kind: "box", handle: hit.handle, item: hit.item, box: hit.item.box});
    const item = this.items.find(one => one.key === key);
    this.actions?.select(key);
    this.boxes.focus(key);
    if (item && this.actions) this.track(event, {kind: "box", handle: "move", item, box: item.box});
    event.preventDefault();
  }
  down(event) {
    if (!this.viewport || event.target.closest?.("button")) return;
    this.pointers.set(event.pointerId, this.place(event));
    if (this.pointers.size === 2) return this.pinch(event);
    if (this.pointers.size > 2) return;
    const [px, py] = this.place(event), from = this.viewport.toImage(px, py);
    const reach = event.pointerType === "touch" ? 22 : 9;
    if (event.button === 1) return this.track(event, {kind: "pan"});
    if (event.button === 2) return this.track(event, {kind: "zoom"});
    if (event.shiftKey) return this.track(event, {kind: "pan"});
    if (event.ctrlKey || event.metaKey) return this.track(event, {kind: "zoom"});
    if (this.tool === "add") return this.track(event, {kind: "add", from});
    if (this.tool === "measure") {
      const end = this.ruler && ["from", "to"].find(name => { const [x, y] = this.viewport.toView(...this.ruler[name]);
        return Math.hypot(x - px, y - py) < Math.max(12, reach); });
      return this.track(event, {kind: "measure", end, from});
    }
    const hit = this.areBoxesHidden || !this.actions ? null : this.boxes.handleAt(px, py, this.selected, reach);
    if (hit) return this.track(event, {kind: "box", handle: hit.handle, item: hit.item, box: hit.item.box});
    this.track(event, {kind: this.tool});
  }
  track(event, drag) {
    const [px, py] = this.place(event);
    this.drag = {...drag, px, py, lastX: px, lastY: py, window: this.window, scale: this.viewport.scale, hasMoved: false,
      id: event.pointerId};
    this.node.focus({preventScroll: true});
    if (drag.kind === "box") this.boxes.focus(drag.item.key);
    try { this.node.setPointerCapture(event.pointerId); } catch { /* A made-up pointer. */ }
    const move = event => { if (event.pointerId === this.drag?.id) this.dragTo(event); };
    const end = event => {
      this.pointers.delete(event.pointerId);
      if (event.pointerId !== this.drag?.id) return;
      this.node.removeEventListener("pointermove", move);
      this.node.removeEventListener("pointerup", end);
      this.node.removeEventListener("pointercancel", end);
      const done = this.drag;
      this.drag = null;
      this.letGo(done, event);
    };
    this.stopTracking = () => { this.node.removeEventListener("pointermove", move); this.node.removeEventListener("pointerup", end);
      this.node.removeEventListener("pointercancel", end); this.drag = null; };
    this.node.addEventListener("pointermove", move);
    this.node.addEventListener("pointerup", end);
    this.node.addEventListener("pointercancel", end);
  }
  dragTo(event) {
    const {drag, viewport, about} = this, [px, py] = this.place(event), dx = px - drag.px, dy = py - drag.py;
    if (!drag.hasMoved && Math.hypot(dx, dy) < (event.pointerType === "touch" ? 8 : 4)) return;
    drag.hasMoved = true;
    if (drag.kind === "window") return this.setWindow(dragged(drag.window, about, dx, dy, this.direction));
    if (drag.kind === "pan") viewport.pan(px - drag.lastX, py - drag.lastY);
    else if (drag.kind === "zoom") viewport.zoomTo(drag.scale * 2 ** (-dy / 150), drag.px, drag.py);
    else if (drag.kind === "measure") {
      const at = viewport.toImage(px, py);
      if (drag.end) this.ruler = {...this.ruler, [drag.end]: at}; else this.ruler = {from: drag.from, to: at};
    } else if (drag.kind === "add") { this.anchor = this.cursor = null;
      this.fresh = boxFromCorners(...drag.from, ...viewport.toImage(px, py), about.columns, about.rows); }
    else if (drag.kind === "box") {
      drag.now = this.dragBox(drag, dx, dy);
      this.items = this.items.map(item => item.key === drag.item.key ? {...item, box: drag.now} : item);
    }
    Object.assign(drag, {lastX: px, lastY: py});
    this.draw();
  }
  dragBox({box, handle}, dx, dy) {
    const {viewport, about} = this;
    if (handle === "move") {
      const [ix, iy] = viewport.stepToImage(dx, dy);
      return boxWithin([box[0] + ix, box[1] + iy, box[2], box[3]], about.columns, about.rows);
    }
    // Handles are of the screen: the box is turned to it, pulled, and turned back.
    let [x, y, w, h] = viewport.boxToView(box), [x2, y2] = [x + w, y + h];
    if (handle.includes("w")) x += dx;
    if (handle.includes("e")) x2 += dx;
    if (handle.includes("n")) y += dy;
    if (handle.includes("s")) y2 += dy;
    return boxFromCorners(...viewport.toImage(x, y), ...viewport.toImage(x2, y2), about.columns, about.rows);
  }
  letGo(drag, event) {
    if (!drag.hasMoved) {
      const [px, py] = this.place(event);
      // Two clicks do what a drag does: not everybody can drag.
      if (["add", "measure"].includes(drag.kind) && !drag.end && event.type === "pointerup") this.clickAt(this.viewport.toImage(px, py));
      if (["window", "pan"].includes(drag.kind) && event.type === "pointerup" && !this.areBoxesHidden) {
        const item = this.boxes.boxAt(px, py);
        this.actions?.select(item?.key ?? null);
        if (item) this.boxes.focus(item.key);
      }
    } else if (drag.kind === "box" && drag.now) this.actions.box(drag.item.key, drag.now);
    else if (drag.kind === "add") { const fresh = this.fresh; this.fresh = null;
      if (fresh && event.type === "pointerup") this.finishBox([fresh[0], fresh[1]], [fresh[0] + fresh[2], fresh[1] + fresh[3]]); }
    else if (drag.kind === "measure" && this.ruler) announce(this.lengthText());
    this.draw();
  }
  clickAt(at) {
    this.cursor = at;
    if (!this.anchor) { this.anchor = at; announce(text("viewer.first_corner")); return; }
    const from = this.anchor;
    this.anchor = this.cursor = null;
    if (this.tool === "measure") { this.ruler = {from, to: at}; announce(this.lengthText()); } else this.finishBox(from, at);
  }
  /** Two fingers zoom and pan, whatever the tool. */
  pinch(event) {
    const begun = this.drag;
    this.stopTracking?.();
    if (begun?.kind === "window") this.setWindow(begun.window);
    this.fresh = null;
    const middle = () => { const [[a, b], [c, d]] = [...this.pointers.values()];
      return {x: (a + c) / 2, y: (b + d) / 2, gap: Math.max(10, Math.hypot(a - c, b - d))}; };
    let last = middle();
    for (const id of this.pointers.keys()) try { this.node.setPointerCapture(id); } catch { /* Gone already. */ }
    const move = event => {
      if (!this.pointers.has(event.pointerId)) return;
      this.pointers.set(event.pointerId, this.place(event));
      if (this.pointers.size < 2) return;
      const next = middle();
      this.viewport.pan(next.x - last.x, next.y - last.y);
      this.viewport.zoom(next.gap / last.gap, next.x, next.y);
      last = next;
      this.draw();
    };
    const end = event => {
      this.pointers.delete(event.pointerId);
      if (this.pointers.size) return;
      for (const [kind, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) this.node.removeEventListener(kind,
        act);
    };
    for (const [kind, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) this.node.addEventListener(kind, act);
  }
  wheel(event) {
    if (!this.viewport) return;
    event.preventDefault();
    // deltaMode 1 counts lines (Firefox), a touch pad sends many small steps.
    this.zoom(2 ** (-event.deltaY * (event.deltaMode === 1 ? 20 : 1) / 400), ...this.place(event));
  }
  hover(event) {
    if (!this.viewport) return;
    this.pointer = this.place(event);
    this.tellGrey();
    if (!this.drag && this.anchor && event.pointerType === "mouse") this.moveCursor(this.viewport.toImage(...this.pointer));
    if (!this.drag && event.pointerType === "mouse" && this.actions) {
      const hit = this.areBoxesHidden || this.tool !== "window" && this.tool !== "pan" ? null
        : this.boxes.handleAt(...this.pointer, this.selected, 9);
      this.node.dataset.cursor = hit ? hit.handle : "";
    }
  }
  tellGrey() {
    if (!this.about || !this.pointer) { this.corner.grey.textContent = ""; return; }
    const [x, y] = this.viewport.toImage(...this.pointer).map(Math.floor), {columns, rows, slope, intercept, units, padding} = this.about;
    if (x < 0 || y < 0 || x >= columns || y >= rows) { this.corner.grey.textContent = ""; return; }
    const sample = this.levels[0].pixels[y * columns + x];
    const isPadding = padding && sample >= padding[0] && sample <= padding[1];
    this.corner.grey.textContent = `${x}, ${y}: ${isPadding ? text("viewer.padding") : `${number(sample * slope + intercept)}${units ? ` ${units}` : ""}`}`;
  }
}
export {isCoarse};
