// Unsent work: on this device at once, at the server a moment later. It outlives reload, lost network, session end and another device.
import {json, request} from "./api.js";
import {isEmpty, mergeEdits} from "./review.js";

const WAIT = 800;
const nameOf = (user, study) => `pleura draft ${user} ${study}`;

function read(user, study) { try { return JSON.parse(localStorage.getItem(nameOf(user, study))); } catch { return null; } }

export class Draft extends EventTarget {
  /** `state`: "none", "saving", "saved" (at the server) or "local" (on this device only). */
  constructor(user, study) {
    super();
    Object.assign(this, {user, study, state: "none", timer: null, wait: 2000});
    this.online = () => { if (this.state === "local") this.send(); };
    addEventListener("online", this.online);
    // A tab that is closed or put away sends what waits.
    this.hide = () => { if (document.visibilityState === "hidden" && this.timer) this.send(true); };
    document.addEventListener("visibilitychange", this.hide);
  }
  /** The edits of this device and of the server, of each thing the later. */
  load(fromServer) {
    let local = read(this.user, this.study);
    const server = fromServer?.content?.edits ? fromServer : null;
    // It was at the server and is there no longer: another device sent the review.
    if (local?.isSynced && !fromServer) { localStorage.removeItem(nameOf(this.user, this.study)); local = null; }
    if (!local && !server) return null;
    const edits = mergeEdits(local?.edits ?? null, server?.content.edits ?? null);
    const rate = (local?.saved ?? "") > (server?.saved ?? "") ? local?.rate : server?.content.rate ?? local?.rate;
    const basedOn = Math.max(local?.basedOn ?? 0, server?.based_on ?? 0);
    if (local && !local.isSynced) { this.pending = {basedOn: local.basedOn, edits, rate}; this.tell("local"); this.schedule(0); }
    else this.tell("saved");
    return {edits, rate, basedOn};
  }
  keep(basedOn, edits, rate) {
    this.pending = {basedOn, edits, rate};
    this.store(false);
    this.tell("saving");
    this.schedule(WAIT);
  }
  store(isSynced) {
    try { localStorage.setItem(nameOf(this.user, this.study), JSON.stringify({...this.pending, saved: new Date().toISOString(), isSynced}));
      this.isStored = true; } catch { this.isStored = false; }
  }
  schedule(wait) { clearTimeout(this.timer); this.timer = setTimeout(() => this.send(), wait); }
  async send(isLast = false) {
    clearTimeout(this.timer);
    this.timer = null;
    const sent = this.pending;
    if (!sent || this.isDone) return;
    try {
      await request(`studies/${this.study}/draft`, {method: "PUT", keepalive: isLast,
        body: {based_on: sent.basedOn, content: {version: 1, edits: sent.edits, rate: sent.rate}}});
      this.wait = 2000;
      if (this.pending === sent && !this.isDone) { this.store(true); this.tell("saved"); }
    } catch (error) {
      if (this.isDone) return;
      this.tell("local");
      // The network: again and again, in growing steps. Too large or forbidden stays on the device.
      if (error.isOffline || error.status >= 500 || error.status === 429) { this.schedule(this.wait);
        this.wait = Math.min(30000, this.wait * 2); }
    }
  }
  /** Before a review is sent, nothing of the draft must come after it. */
  async settle() { clearTimeout(this.timer); this.timer = null; }
  /** The review is at the server: the draft has done its work. */
  drop(isServerDone = true) {
    this.isDone = true;
    clearTimeout(this.timer);
    localStorage.removeItem(nameOf(this.user, this.study));
    if (!isServerDone) json(`studies/${this.study}/draft`, {method: "DELETE"}).catch(() => {});
    this.tell("none");
  }
  close() {
    if (this.timer) this.send(true);
    removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.hide);
  }
  tell(state) { this.state = state; this.dispatchEvent(new Event("state")); }
}
/** At log-out: what the server has need not stay on this device. */
export function forgetSynced() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith("pleura draft ")) continue;
    try { if (JSON.parse(localStorage.getItem(key)).isSynced) localStorage.removeItem(key); } catch { localStorage.removeItem(key); }
  }
}
export const hasUnsent = () => Object.keys(localStorage).some(key => {
  if (!key.startsWith("pleura draft ")) return false;
  try { const one = JSON.parse(localStorage.getItem(key)); return !one.isSynced && !isEmpty(one.edits); } catch { return false; }
});
