// What is asked in the middle of a review: a reason, a label, the signature, and what to do when somebody was faster.
import {describe, swatch} from "./boxes.js";
import {el, openDialog, outside} from "./dom.js";
import {known, moment, text} from "./words.js";

/** One of a few: a button each, and the digits. */
function choose(title, entries, {current, swatches} = {}) {
  return openDialog({title, kind: "choose", build: (close, node) => {
    node.addEventListener("keydown", event => { const entry = /^[1-9]$/.test(event.key) && entries[Number(event.key) - 1];
      if (entry) { event.preventDefault(); close(entry[0]); } });
    return [
      el("div", {class: "choices"}, entries.map(([value, label], index) =>
        el("button", {type: "button", autofocus: value === current || !current && index === 0, on: {click: () => close(value)}},
        index < 9 ? el("kbd", {textContent: index + 1}) : null, swatches ? swatch(swatches, value) : null, outside(label)))),
      el("div", {class: "actions"}, el("button", {type: "button", class: "quiet", w: "cancel", on: {click: () => close()}})),
    ];
  }});
}
export const askReason = reasons => choose("reject.title", reasons.map(reason => [reason, known("reason", reason)]));
export const askLabel = (labels, current, styles) => choose("label.title", labels.map(name => [name, name]), {current, swatches: styles});

const lines = (word, items) => items.length ? el("section", {}, el("h3", {w: [word, {count: items.length}]}),
  el("ul", {class: "plain"}, items.map(item => el("li", {}, outside(describe(item)))))) : null;

/** Says what is signed. Findings nobody decided need a word: a signature must not decide in silence. Resolves with {rest} or undefined. */
export function askSignature({patient, state, undecided, isSign, hasText}) {
  return openDialog({title: isSign ? "sign.title" : "save.title", kind: "sign", build: close => {
    const kept = state.items.filter(item => item.decision && item.decision !== "rejected"),
      rejected = state.items.filter(item => item.decision === "rejected");
    const button = el("button", {type: "button", class: "primary", w: isSign ? "sign.button" : "save.button",
      disabled: undecided.length > 0, on: {click: () => close({rest: node.querySelector("input[name=rest]:checked")?.value ?? "leave"})}});
    const node = el("div", {class: "sign-body"},
      el("p", {}, outside(patient)),
      kept.length ? lines("sign.findings", kept) : el("p", {class: "strong", w: "sign.no_findings"}),
      lines("sign.rejected", rejected),
      undecided.length ? el("fieldset", {}, el("legend", {w: ["sign.undecided", {count: undecided.length}]}),
        el("ul", {class: "plain"}, undecided.map(item => el("li", {}, outside(describe(item))))),
        ["accept", "leave"].map(value => el("label", {class: "check"}, el("input", {type: "radio", name: "rest", value,
          on: {change: () => { button.disabled = false; }}}), el("span", {w: `sign.rest_${value}`})))) : null,
      el("p", {w: state.complete ? "sign.complete" : "sign.not_complete"}),
      state.comment ? el("p", {}, el("b", {w: "review.comment"}), ": ", outside(state.comment.slice(0, 300))) : null,
      hasText ? el("p", {w: "sign.with_text"}) : null,
      el("p", {class: "quiet-text", w: isSign ? "sign.meaning" : "save.meaning"}));
    if (!undecided.length) button.autofocus = true;
    return [node, el("div", {class: "actions"}, button, el("button", {type: "button", w: "back", on: {click: () => close()}}))];
  }});
}

/** Another reading came while one reviewed: nothing was overwritten, nothing is lost. */
export function askConflict(readings) {
  return openDialog({title: "conflict.title", kind: "conflict", build: close => [
    el("p", {w: "conflict.text"}),
    readings.map(reading => el("section", {}, el("h3", {}, outside(reading.reader.name),
      ` · ${moment(reading.made)} · ${known("reading", reading.status)}`),
      el("ul", {class: "plain"}, reading.findings.map(item => el("li", {}, outside(describe({decision: null, ...item}))))),
        reading.findings.length ? null : el("p", {w: "findings.none"}),
      reading.comment ? el("p", {}, outside(reading.comment)) : null)),
    el("p", {w: "conflict.kept"}),
    el("div", {class: "actions"}, el("button", {type: "button", class: "primary", autofocus: true, w: "conflict.look",
      on: {click: () => close("look")}}), el("button", {type: "button", w: "conflict.send", on: {click: () => close("send")}})),
  ]});
}

export function confirm(title, body, button) {
  return openDialog({title, build: close => [el("p", {w: body}), el("div", {class: "actions"},
    el("button", {type: "button", class: "primary", w: button, on: {click: () => close(true)}}),
    el("button", {type: "button", w: "cancel", on: {click: () => close()}}))]});
}
export const say = what => text(...[what].flat());
