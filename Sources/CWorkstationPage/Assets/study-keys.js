// What each key does while a study is open.
import {announce} from "./dom.js";
import {PRESETS} from "./viewer.js";
import {text} from "./words.js";

export function studyKey(view, event, name, isTyping) {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && name.toLowerCase() === "z") {
    if (isTyping) return false;   // A field has its own steps back.
    if (event.shiftKey) view.redo(); else view.undo();
    return true;
  }
  if (isCommand && name === "y") { view.redo(); return true; }
  if (isCommand && name === "s") { view.submit(false); return true; }
  if (isTyping) { if (name === "Escape") { view.pane.node.focus({preventScroll: true}); return true; } return false; }
  if (isCommand || !view.base) return false;
  const target = event.target, inPane = view.pane.node.contains(target) || view.other?.node.contains(target) ||
    target === document.body || target.id === "main";
  const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[name];
  if (way && target instanceof HTMLInputElement) return false;
  const inList = view.findings.node.contains(target);
  if (way && (inPane || inList)) {
    const isBox = view.current && view.active === view.pane && view.pane.tool !== "add" && view.pane.tool !== "measure" &&
      !view.pane.areBoxesHidden;
    if (isBox && view.pane.viewport) {
      const step = event.shiftKey ? 10 : 1;
      // The arrow is the screen's; on a turned image it is another side of the image.
      const [dx, dy] = view.pane.viewport.stepToImage(...way).map(value => Math.abs(value) < 1e-9 ? 0 : Math.sign(value) * step);
      const sign = way[0] + way[1];
      if (event.altKey) view.resizeBy(sign * Math.abs(dx), sign * Math.abs(dy)); else view.moveBy(dx, dy);
      return true;
    }
    return inPane && view.active.key(event, name);
  }
  if (event.altKey) return false;
  if (name === "Enter" && inPane && !(target instanceof HTMLButtonElement)) return view.active.key(event, name);
  if (name === "Escape") {
    if (view.pane.tool !== "window") view.setTool("window");
    else if (view.selected) { view.select(null); view.pane.node.focus({preventScroll: true}); }
    else location.hash = "#/worklist";
    return true;
  }
  const {active} = view;
  const act = {
    a: () => view.accept(), r: () => view.reject(), l: () => view.relabel(), n: () => view.setTool("add"), Delete: () => view.remove(),
      Backspace: () => view.remove(),
    e: () => { view.setField("complete", !view.state.complete);
      announce(text(view.state.complete ? "sign.complete" : "sign.not_complete")); }, d: () => view.comment.focus(),
      c: () => view.report.copy(), s: () => view.submit(true),
    w: () => view.setTool("window"), p: () => view.setTool("pan"), m: () => view.setTool("measure"), i: () => active.invert(),
      f: () => active.flip(), t: () => active.rotate(event.shiftKey ? -1 : 1),
    b: () => view.toggleBoxes(), h: () => view.toggleAnatomy(), v: () => view.togglePrior(), o: () => active.oneToOne(), z: () => active.reset(), 0: () => active.fit(),
      "+": () => active.zoom(1.25), "=": () => active.zoom(1.25), "-": () => active.zoom(0.8),
    "[": () => view.go(-1), "]": () => view.go(1), j: () => view.selectNext(1), k: () => view.selectNext(-1),
      ",": () => view.slider.step(-1), ".": () => view.slider.step(1),
    x: () => { const count = view.study.instances.length; if (count > 1) { view.select(null);
      view.showInstance((view.instanceIndex + 1) % count); view.update(); } },
  }[name] ?? (/^[1-5]$/.test(name) ? () => active.usePreset(PRESETS[name - 1]) : null);
  if (!act) return false;
  act();
  return true;
}
