// The keys of the page: one table, from which both the doing and the help come.
import {el, isTyping, openDialog} from "./dom.js";

/** The key as a letter whatever the alphabet: й stands where q is. */
export function nameOf(event) {
  if (event.key.length > 1) return event.key;
  if (/^[!-~ ]$/.test(event.key)) return event.key.length === 1 && /[A-Z]/.test(event.key) ? event.key.toLowerCase() : event.key;
  return event.code.replace(/^Key/, "").toLowerCase();
}

const GROUPS = [
  ["keys.everywhere", [["?", "keys.help"], ["g", "keys.go_worklist"], ["u", "keys.upload"], ["/", "keys.search"]]],
  ["keys.worklist", [["↓ j", "keys.down"], ["↑ k", "keys.up"], ["Page ↑↓, Home, End", "keys.page"], ["Enter", "keys.open"]]],
  ["keys.image", [["w", "keys.window"], ["p", "keys.pan"], ["m", "keys.measure"], ["← ↑ → ↓", "keys.arrows"],
    ["Shift + ← ↑ → ↓", "keys.pan_arrows"], ["1 … 5", "keys.presets"], ["i", "keys.invert"],
    ["f", "keys.flip"], ["t, Shift+t", "keys.turn"], ["+ -", "keys.zoom"], ["0", "keys.fit"], ["o", "keys.one"], ["b", "keys.boxes"], ["h", "keys.anatomy"],
      ["v", "keys.prior"], ["x", "keys.images"], [", .", "keys.sensitivity"], ["z", "keys.reset"]]],
  ["keys.review", [["Tab", "keys.next"], ["a", "keys.accept"], ["r", "keys.reject"], ["l", "keys.relabel"], ["n", "keys.add"],
    ["← ↑ → ↓", "keys.move"], ["Alt + ← ↑ → ↓", "keys.resize"], ["Delete", "keys.delete"],
    ["Escape", "keys.leave"], ["Ctrl+z", "keys.undo"], ["Ctrl+Shift+z", "keys.redo"], ["e", "keys.complete"], ["d", "keys.comment"],
      ["c", "keys.copy"], ["s", "keys.sign"], ["Ctrl+s", "keys.save"], ["[ ]", "keys.studies"]]],
];

export function showHelp() {
  if (document.querySelector("dialog[open]")) return;
  openDialog({title: "keys.title", kind: "help", build: close => [
    el("div", {class: "key-groups"}, GROUPS.map(([title, keys]) => el("section", {}, el("h3", {w: title}),
      el("table", {}, el("tbody", {}, keys.map(([key, word]) =>
      el("tr", {}, el("th", {scope: "row"}, el("kbd", {textContent: key})), el("td", {w: word})))))))),
    el("div", {class: "actions"}, el("button", {type: "button", w: "close", autofocus: true, on: {click: () => close()}})),
  ]});
}

/** `handlers()` gives the functions of the view that is shown; the first that says true has had the key. */
export function listenToKeys(handlers) {
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    for (const handle of handlers()) if (handle(event, name, isTyping(event.target))) { event.preventDefault(); return; }
  });
}
