// Elements without markup text: everything from outside becomes a text node, so nothing in a name or comment can act.
import {bindWords} from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * el("button", {class: "quiet", w: "key", words: {"aria-label": ["key", {name}]}, on: {click: act}, data: {id: 1}}, children…)
 * `w` is the text, `words` the attributes that come from the table of words; both follow a change of language.
 */
export function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false && key !== "value" && !(key in node)) continue;
    if (key === "class") node.className = value;
    else if (key === "w") bindWords(node, "text", value);
    else if (key === "words") for (const [where, what] of Object.entries(value)) bindWords(node, where, what);
    else if (key === "on") for (const [kind, act] of Object.entries(value)) node.addEventListener(kind, act);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "style") Object.assign(node.style, value);
    else if (key in node && key !== "list" && key !== "form") node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== null) node.setAttribute(key, value);
  node.append(...children.filter(Boolean));
  return node;
}

/** Text from outside in its own direction: a name with right-to-left marks cannot turn its neighbours over. */
export function outside(text, properties = {}) {
  const shown = String(text ?? "");
  return el("bdi", {class: "outside", textContent: shown, title: shown.length > 24 ? shown.slice(0, 400) : undefined, ...properties});
}

/** Said by screen readers. The same text twice in a row is said twice. */
export function announce(text, isUrgent = false) {
  const place = document.getElementById(isUrgent ? "alerts" : "announcements");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 50);
}

/** A modal <dialog>; `build(close)` gives its children. Resolves with what close() got, or undefined for Escape. */
export function openDialog({title, kind = "", build, isSticky = false}) {
  return new Promise(resolve => {
    let result;
    const before = document.activeElement;
    const heading = el("h2", {w: title, id: `dialog-${openDialog.count = (openDialog.count ?? 0) + 1}`});
    const node = el("dialog", {class: kind, "aria-labelledby": heading.id});
    const close = value => { result = value; node.close(); };
    node.append(heading, ...[build(close, node)].flat(3).filter(Boolean));
    node.addEventListener("cancel", event => { if (isSticky) event.preventDefault(); });
    node.addEventListener("close", () => {
      node.remove();
      if (before?.isConnected) before.focus({preventScroll: true});
      resolve(result);
    });
    document.body.append(node);
    node.showModal();
    node.querySelector("[autofocus], input, select, textarea, button")?.focus();
  });
}

/** A small message at the foot that goes by itself, said as well. */
export function toast(what, isWarning = false) {
  for (const old of document.querySelectorAll(".toast")) old.remove();   // The newest word counts.
  const node = el("p", {class: isWarning ? "toast warning" : "toast", w: what});
  document.getElementById("header").append(node);   // In a landmark, and it outlives a change of view.
  announce(node.textContent, isWarning);
  setTimeout(() => node.remove(), isWarning ? 9000 : 4500);
}

export const isTyping = target => target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ||
  target instanceof HTMLInputElement && !["button", "checkbox", "radio", "range", "file"].includes(target.type);
