// A review: what the readings say (never changed) and over it the person's edits. Pure: no page, no network.
// The draft is the edits; undo is a list of earlier edits; a newer reading is the same edits over another ground.

export const emptyEdits = () => ({items: {}, complete: null, comment: null, text: null});
export const isEmpty = edits => !Object.values(edits.items).some(edit => !edit.isUndone) && edits.complete === null &&
  edits.comment === null && edits.text === null;

const area = ([, , w, h]) => Math.max(0, w) * Math.max(0, h);
export function overlap(a, b) {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]), h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (w <= 0 || h <= 0) return 0;
  return w * h / (area(a) + area(b) - w * h);
}

export const latestPerson = study => study.readings.filter(one => one.reader.kind === "person").at(-1) ?? null;
export const latestModel = (study, instance) => study.readings.filter(one => one.reader.kind === "model" && one.instance === instance &&
  !one.error).at(-1) ?? null;

/** All findings of a study: the models' candidates, with the latest person's word on them, and that person's own. */
export function baseItems(study) {
  const items = [], person = latestPerson(study), only = study.instances.length === 1 ? study.instances[0].id : null;
  for (const instance of study.instances) {
    const reading = latestModel(study, instance.id);
    if (!reading) continue;
    const shown = new Set(reading.findings.map(finding => finding.id));
    for (const finding of reading.candidates ?? reading.findings) {
      items.push({
        key: `${instance.id}/m${reading.id}-${finding.id}`, instance: instance.id, origin: finding.id, reading: reading.id, source: "model",
          by: reading.reader.name,
        label: finding.label, box: finding.box, score: finding.score, probability: finding.probability,
          alternativeTo: finding.alternative_to ?? null,
        modelLabel: finding.label, modelBox: finding.box, isShown: shown.has(finding.id), decision: null, reason: null,
        isExperimental: finding.experimental === true, place: finding.place ?? null,
      });
    }
  }
  if (!person) return items;
  const all = [...person.findings.map(finding => [finding, false]), ...(person.rejected ?? []).map(finding => [finding, true])];
  all.forEach(([finding, isRejected], index) => {
    const instance = finding.instance ?? only;
    if (!instance) return;
    const same = items.find(item => item.source === "model" && item.instance === instance && !item.by2 && (
      item.reading < person.id ? finding.origin !== undefined && finding.origin !== null && item.origin === finding.origin
        // The model read again after the person: its numbers are others now.
        : item.label === finding.label && overlap(item.box, finding.box) >= 0.5));
    const decision = isRejected ? "rejected" : finding.decision ?? (finding.origin ? "accepted" : "added");
    if (same) Object.assign(same, {label: finding.label, box: finding.box, decision, reason: finding.reason ?? null,
      by2: person.reader.name});
    else items.push({
      key: `${instance}/p${person.id}-${finding.id ?? index}`, instance, origin: null, reading: person.id, source: "person",
        by: person.reader.name, by2: person.reader.name,
      label: finding.label, box: finding.box, score: finding.score ?? null, probability: finding.probability, alternativeTo: null,
      modelLabel: null, modelBox: null, isShown: true, decision: isRejected ? "rejected" : "added", reason: finding.reason ?? null,
    });
  });
  return items;
}

export function baseOf(study) {
  const person = latestPerson(study);
  return {items: baseItems(study), complete: person?.complete ?? false, comment: person?.comment ?? "", text: person?.text ?? "",
    revision: study.revision ?? null};
}

/** What is to be seen and sent: the base with the edits over it. An edit whose ground is gone stays, as an own finding. */
export function applyEdits(base, edits) {
  const items = [], seen = new Set();
  for (const item of base.items) {
    const edit = edits.items[item.key];
    seen.add(item.key);
    if (edit?.isGone) continue;
    items.push(edit && !edit.isUndone ? {...item, ...pick(edit), isTouched: true} : item);
  }
  for (const [key, edit] of Object.entries(edits.items)) {
    if (seen.has(key) || edit.isGone || !edit.box) continue;
    // A rejection of a box that is no longer there has nothing to say.
    if (edit.source === "model" && edit.decision === "rejected") continue;
    items.push({key, instance: edit.instance, origin: null, source: "own", by: null, alternativeTo: null, score: null, modelLabel: null,
      modelBox: null, isShown: true, reason: null, isTouched: true,
      ...pick(edit), decision: "added"});
  }
  return {items, complete: edits.complete?.value ?? base.complete, comment: edits.comment?.value ?? base.comment,
    text: edits.text?.value ?? base.text};
}
const pick = ({label, box, decision, reason}) => Object.fromEntries(Object.entries({label, box, decision, reason}).filter(([, value]) =>
  value !== undefined));

/** The word for what was done to a model's box, from the box itself: moved back is accepted again. */
export function decisionFor(item, {label, box}) {
  if (!item.modelBox) return "added";
  if (label !== item.modelLabel) return "relabelled";
  return box.some((value, i) => Math.abs(value - item.modelBox[i]) > 1e-6) ? "moved" : "accepted";
}

/** One change of one finding, as new edits. */
export function changeItem(edits, item, patch, at) {
  const {isUndone, isGone, ...before} = edits.items[item.key] ?? {};
  const next = {label: item.label, box: item.box, decision: item.decision, reason: item.reason, ...before, ...patch,
    instance: item.instance, source: item.source, at};
  return {...edits, items: {...edits.items, [item.key]: next}};
}
export const accept = (edits, item, at) => changeItem(edits, item, {decision: decisionFor(item, item), reason: null}, at);
export const reject = (edits, item, reason, at) => changeItem(edits, item, {decision: "rejected", reason}, at);
export const undecide = (edits, item, at) => changeItem(edits, item, {decision: null, reason: null, label: item.modelLabel ?? item.label,
  box: item.modelBox ?? item.box}, at);
export const setBox = (edits, item, box, at) => changeItem(edits, item, {box, decision: decisionFor(item, {label: item.label, box}),
  reason: null}, at);
export const setLabel = (edits, item, label, at) => changeItem(edits, item, {label, decision: decisionFor(item, {label, box: item.box}),
  reason: null}, at);
export const add = (edits, {key, instance, label, box}, at) => ({...edits, items: {...edits.items,
  [key]: {instance, label, box, decision: "added", reason: null, source: "own", at}}});
/** A mark stays behind, so that another device's draft does not bring it back. */
export const remove = (edits, item, at) => ({...edits, items: {...edits.items, [item.key]: {isGone: true, at}}});
export const setField = (edits, name, value, at) => ({...edits, [name]: {value, at}});

/** After a newer model's reading: a word on an old box goes over to the new box that is the same, else stays as an own box. */
export function rebaseEdits(edits, base) {
  const known = new Set(base.items.map(item => item.key)), items = {};
  for (const [key, edit] of Object.entries(edits.items)) {
    const isOrphan = edit.source === "model" && !known.has(key) && edit.box && !edit.isGone && !edit.isUndone;
    const same = isOrphan && base.items.find(item => item.source === "model" && item.instance === edit.instance && !edits.items[item.key] &&
      !items[item.key] && overlap(item.box, edit.box) >= 0.5 && (item.label === edit.label || edit.decision === "relabelled"));
    if (same) items[same.key] = edit.decision === "accepted" || edit.decision === "rejected" ? {...edit, box: same.box, label: same.label}
      : edit;
    else items[key] = edit;
  }
  return {...edits, items};
}

/** Two drafts of one person (this device, the server): of each thing the later word. */
export function mergeEdits(a, b) {
  if (!a || !b) return a ?? b ?? emptyEdits();
  const later = (x, y) => !x ? y : !y ? x : (y.at ?? 0) > (x.at ?? 0) ? y : x;
  const items = {};
  for (const key of new Set([...Object.keys(a.items), ...Object.keys(b.items)])) items[key] = later(a.items[key], b.items[key]);
  return {items, complete: later(a.complete, b.complete), comment: later(a.comment, b.comment), text: later(a.text, b.text)};
}

/** Steps back and forth. Fields that are typed into make one step, not one a letter. */
export class History {
  constructor(edits = emptyEdits()) { Object.assign(this, {edits, past: [], future: [], lastKind: null}); }
  change(edits, kind = null) {
    if (!kind || kind !== this.lastKind) this.past.push(this.edits);
    if (this.past.length > 200) this.past.shift();
    Object.assign(this, {edits, future: [], lastKind: kind});
  }
  /** What undo brings back is newer than what it takes away, or a merge would undo the undo. */
  stamped(edits, at) {
    const items = {};
    for (const key of new Set([...Object.keys(edits.items), ...Object.keys(this.edits.items)])) {
      const [to, from] = [edits.items[key], this.edits.items[key]];
      items[key] = to === from ? to : to ? {...to, at} : from.source === "own" || from.isGone ? {isGone: true, at} : {isUndone: true, at};
    }
    const field = name => edits[name] === this.edits[name] ? edits[name] : edits[name] ? {...edits[name], at} : null;
    return {items, complete: field("complete"), comment: field("comment"), text: field("text")};
  }
  undo(at) {
    if (!this.past.length) return false;
    const to = this.past.pop();
    this.future.push(this.edits);
    Object.assign(this, {edits: this.stamped(to, at), lastKind: null});
    return true;
  }
  redo(at) {
    if (!this.future.length) return false;
    const to = this.future.pop();
    this.past.push(this.edits);
    Object.assign(this, {edits: this.stamped(to, at), lastKind: null});
    return true;
  }
}

/** The body of POST review. `rest` says what becomes of findings shown but not decided: "accept" or "leave". */
export function submission(state, {basedOn, sign, rest = "leave", isVisible = () => true}) {
  const findings = [];
  for (const item of state.items) {
    const decision = item.decision ?? (rest === "accept" && isVisible(item) ? "accepted" : null);
    if (!decision) continue;
    findings.push({
      instance: item.instance, label: item.label, box: item.box.map(value => Math.round(value * 1000) / 1000), decision,
      ...(item.origin ? {origin: item.origin} : {}), ...(decision === "rejected" ? {reason: item.reason} : {}),
    });
  }
  return {based_on: basedOn, findings, complete: state.complete, comment: state.comment, text: state.text, sign};
}
