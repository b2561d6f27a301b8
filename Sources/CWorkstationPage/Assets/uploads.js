// Adding images: files, folders and zip archives; three at a time; progress of each and of all; goes on after the network drops.
import {sessionEnded, uploadPath} from "./api.js";
import {isArchive, readArchive} from "./archive-reader.js";
import {announce, el, outside} from "./dom.js";
import {bytes, has, number, text} from "./words.js";

const AT_ONCE = 3;   // A browser has six connections to a host, and the events and the viewer need some.
const NOT_IMAGES = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i;
const LIST_MOST = 60;

/** All files under what was dropped. `webkitGetAsEntry` works only before the first await, so the entries are taken at once. */
export function dropped(transfer) {
  const entries = [...transfer.items].filter(item => item.kind === "file").map(item => item.webkitGetAsEntry?.() ??
    item.getAsFile()).filter(Boolean);
  return (async function* () { for (const entry of entries) yield* entry instanceof File ? [{file: entry, path: entry.name}] : under(entry);
    })();
}
async function* under(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) {
      yield {path, file: await new Promise((done, failed) => entry.file(done, failed))};
      return;
    }
    const reader = entry.createReader();
    for (;;) {                                 // At most 100 a call: until none come.
      const group = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!group.length) return;
      for (const one of group) yield* under(one);
    }
  } catch { yield {path, fault: "unreadable"}; }   // One file that cannot be read does not stop the others.
}
export const chosen = files => (async function* () { for (const file of files) yield {file, path: file.webkitRelativePath || file.name};
  })();

class Upload {
  constructor(path, size, open, fault = null) { Object.assign(this,
    {path, size, open, state: fault ? "refused" : "waiting", part: 0, reason: fault, tries: 0}); }
}

/** XMLHttpRequest: fetch does not tell how much of a body has left. */
function send(upload, blob, protocol, progress) {
  return new Promise((done, failed) => {
    const request = upload.request = new XMLHttpRequest();
    request.open("POST", uploadPath(upload.path.normalize("NFC"), protocol));
    request.upload.onprogress = event => progress(event.loaded / Math.max(1, event.total));
    request.onload = () => {
      let body = null;
      try { body = JSON.parse(request.responseText); } catch { /* A proxy's HTML. */ }
      if (request.status === 201 && body) done(body);
      else failed({status: request.status, body, wait: Number(request.getResponseHeader("Retry-After")) || 0});
    };
    request.onerror = () => failed({status: 0});
    request.onabort = () => failed({status: -1});
    request.send(blob);
  });
}

class Queue extends EventTarget {
  constructor() {
    super();
    Object.assign(this, {all: [], next: 0, running: 0, sources: 0, protocol: null, isCancelled: false, duplicates: 0, images: 0});
    addEventListener("online", () => this.wakeAll());
    this.sleepers = new Set();
  }
  wakeAll() { for (const wake of this.sleepers) wake(); this.sleepers.clear(); }
  sleep(ms) {
    return new Promise(wake => { const timer = setTimeout(done, ms), sleepers = this.sleepers;
      function done() { clearTimeout(timer); sleepers.delete(done); wake(); } this.sleepers.add(done); });
  }
  tell() { this.pending ??= requestAnimationFrame(() => { this.pending = null; this.dispatchEvent(new Event("change")); }); }

  /** A second drop while the first runs only makes the list longer. */
  async add(source, protocol) {
    // A drop soon after another one is counted with it; later a new count begins, but what was refused stays until it is closed.
    if (!this.isBusy && Date.now() - (this.endedAt ?? 0) > 30000) Object.assign(this,
      {all: this.all.filter(upload => upload.state === "refused"), next: 0, duplicates: 0, images: 0});
    Object.assign(this, {isCancelled: false, told: false, protocol});
    this.sources++;
    this.tell();
    let found = 0;
    try {
      for await (const {file, path, fault} of source) {
        if (this.isCancelled) break;
        found++;
        if (fault || NOT_IMAGES.test(path) || !file.size) this.push(new Upload(path, 0, null,
          fault ?? (file.size ? "system_file" : "empty")));
        else if (/\.zip$/i.test(path) || await isArchive(file).catch(() => false)) await this.unpack(file, path);
        else this.push(new Upload(path, file.size, async () => file));
      }
    } finally {
      this.sources--;
      if (!found) this.push(new Upload("–", 0, null, "nothing"));
      this.tell();
      this.check();
    }
  }
  push(upload) { this.all.push(upload); this.tell(); this.work(); }
  /** Unpacked here, so that progress and refusals go by file; what the browser cannot unpack, the server may. */
  async unpack(file, path) {
    try {
      const entries = await readArchive(file);
      if (!entries.length) return this.push(new Upload(path, 0, null, "empty_archive"));
      for (const entry of entries) {
        const name = entry.path.replaceAll("\\", "/");
        if (NOT_IMAGES.test(name)) this.push(new Upload(`${path}/${name}`, 0, null, "system_file"));
        else this.push(new Upload(`${path}/${name}`, entry.size, entry.open));
      }
    } catch { this.push(new Upload(path, file.size, async () => file)); }
  }
  work() {
    while (this.running < AT_ONCE) {
      while (this.next < this.all.length && this.all[this.next].state !== "waiting") this.next++;
      const upload = this.all[this.next];
      if (!upload) return;
      this.next++;
      this.running++;
      upload.state = "sending";
      this.run(upload).catch(error => this.refuse(upload, error?.code && has(`refused.${error.code}`) ? error.code
        : "unreadable")).finally(() => { this.running--; upload.open = upload.state === "refused" ? upload.open : null;
        upload.request = null; this.tell(); this.work(); this.check(); });
    }
  }
  refuse(upload, code, values = {}) { Object.assign(upload, {state: "refused", reason: code, values}); }
  async run(upload) {
    const blob = await upload.open();
    for (let wait = 500; ;) {
      if (this.isCancelled) return void (upload.state = "cancelled");
      upload.tries++;
      try {
        const {instances, refused} = await send(upload, blob, this.protocol, part => { upload.part = part; this.tell(); });
        this.images += instances.length;
        this.duplicates += instances.filter(one => one.duplicate).length;
        // Of an archive that the server unpacked.
        for (const one of refused) this.all.push(Object.assign(new Upload(instances.length + refused.length > 1
          ? `${upload.path}/${one.name}` : one.name, 0, null, one.code), {detail: one.reason}));
        return Object.assign(upload, {state: "done", part: 1, study: instances[0]?.study,
          isDuplicate: instances.length > 0 && instances.every(one => one.duplicate)});
      } catch (fault) {
        const {status, body} = fault;
        if (status === -1) return void (upload.state = "cancelled");
        if (status === 401) { upload.state = "login"; this.tell(); await sessionEnded(); upload.state = "sending"; continue; }
        if (status === 413) return this.refuse(upload, body?.maximum_bytes ? "too_large_server" : "too_large_proxy",
          {size: bytes(upload.size), most: body?.maximum_bytes ? bytes(body.maximum_bytes) : ""});
        if (status === 507) return this.refuse(upload, "disk_full");
        if (status === 403) return this.refuse(upload, "forbidden");
        const passes = status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
        if (!passes || status === 500 && upload.tries > 4) {
          const one = body?.refused?.[0];
          this.refuse(upload, one?.code ?? body?.code ?? "unknown", {status});
          upload.detail = one?.reason ?? body?.detail;
          for (const other of body?.refused?.slice(1) ?? []) this.all.push(Object.assign(new Upload(`${upload.path}/${other.name}`, 0, null,
            other.code), {detail: other.reason}));
          return;
        }
        // The network, a restart, a full queue: the same file again is harmless, so it is tried until it goes or is cancelled.
        Object.assign(upload, {state: "paused", part: 0});
        this.tell();
        await this.sleep(Math.max(fault.wait * 1000 || 0, wait));
        wait = Math.min(15000, wait * 2);
        if (!this.isCancelled) upload.state = "sending";
      }
    }
  }
  cancel() {
    this.isCancelled = true;
    for (const upload of this.all) { if (upload.state === "waiting") upload.state = "cancelled"; upload.request?.abort(); }
    this.wakeAll();
    this.tell();
  }
  again() {
    for (const upload of this.all) if (upload.state === "refused" && upload.open || upload.state === "cancelled" &&
      upload.open) Object.assign(upload, {state: "waiting", part: 0, reason: null});
    Object.assign(this, {next: 0, isCancelled: false, told: false});
    this.work();
    this.tell();
  }
  clear() { if (!this.isBusy) Object.assign(this, {all: [], next: 0, duplicates: 0, images: 0}); this.tell(); }
  get isBusy() { return this.running > 0 || this.sources > 0 || this.all.some(upload => upload.state === "waiting"); }
  count(...states) { return this.all.reduce((sum, upload) => sum + states.includes(upload.state), 0); }
  check() {
    if (this.isBusy || this.told || !this.all.length) return;
    Object.assign(this, {told: true, endedAt: Date.now()});
    announce(text("uploads.finished", {count: this.count("done"), refused: this.count("refused")}));
    this.tell();
  }
}
export const uploads = new Queue();

export const reasonOf = upload => has(`refused.${upload.reason}`) ? text(`refused.${upload.reason}`, upload.values ?? {})
  : upload.detail || text("refused.unknown", {status: upload.values?.status ?? ""});

/** The panel at the foot: a line for all, and the list of those under way and those refused. */
export function uploadPanel(node) {
  const summary = el("span", {class: "grow"}), bar = el("progress", {max: 1, value: 0, words: {"aria-label": "uploads.progress"}});
  const more = el("button", {class: "quiet", type: "button", on: {click: () => { isOpen = !isOpen; show(); }}});
  const cancel = el("button", {class: "quiet", type: "button", w: "uploads.cancel", on: {click: () => uploads.cancel()}});
  const again = el("button", {class: "quiet", type: "button", w: "uploads.again", on: {click: () => uploads.again()}});
  const close = el("button", {class: "quiet", type: "button", w: "close", on: {click: () => { uploads.clear(); isOpen = false; show(); }}});
  const list = el("ul", {class: "upload-list", tabIndex: 0, words: {"aria-label": "uploads.list"}});
  node.append(el("div", {class: "row"}, summary, bar, more, again, cancel, close), list);
  node.setAttribute("aria-labelledby", "uploads-title");
  summary.id = "uploads-title";
  let isOpen = false, hadRefused = false;
  const rows = new Map();
  const show = () => {
    const {all, isBusy} = uploads, refused = uploads.count("refused"), done = uploads.count("done");
    node.hidden = !all.length && !isBusy;
    if (refused && !hadRefused) isOpen = true;      // What was refused is shown without asking.
    hadRefused = refused > 0;
    const waits = uploads.count("paused");
    const parts = [text("uploads.sent", {done: number(done), count: all.length})];
    if (uploads.duplicates) parts.push(text("uploads.duplicates", {count: uploads.duplicates}));
    if (refused) parts.push(text("uploads.refused", {count: refused}));
    if (uploads.count("cancelled")) parts.push(text("uploads.cancelled", {count: uploads.count("cancelled")}));
    if (waits) parts.push(text("uploads.paused"));
    summary.textContent = parts.join(" · ");
    node.dataset.state = isBusy ? "busy" : "idle";
    bar.value = all.length ? all.reduce((sum, upload) => sum + (["done", "refused", "cancelled"].includes(upload.state) ? 1
      : upload.part * 0.98), 0) / all.length : 0;
    cancel.hidden = !isBusy;
    again.hidden = isBusy || !all.some(upload => ["refused", "cancelled"].includes(upload.state) && upload.open);
    close.hidden = isBusy;
    more.textContent = text(isOpen ? "uploads.less" : "uploads.more");
    more.setAttribute("aria-expanded", isOpen);
    list.hidden = !isOpen;
    if (!isOpen || node.hidden) return;
    // Those under way and refused first; a thousand done ones need no line each.
    const rank = {sending: 0, paused: 0, login: 0, refused: 1, cancelled: 2, waiting: 3, done: 4};
    const shown = all.map((upload, index) => [upload, index]).sort(([a, i], [b, j]) => rank[a.state] - rank[b.state] || i - j).slice(0,
      Math.max(LIST_MOST, refused)).map(([upload]) => upload);
    for (const [upload, row] of rows) if (!shown.includes(upload)) { row.remove(); rows.delete(upload); }
    shown.forEach((upload, index) => {
      let row = rows.get(upload);
      if (!row) {
        row = el("li", {}, outside(upload.path, {class: "outside name", title: upload.path}), el("progress", {max: 1, value: 0}),
          el("span", {class: "state"}));
        row.children[1].setAttribute("aria-label", upload.path);
        rows.set(upload, row);
      }
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
      row.className = upload.state;
      row.children[1].value = upload.state === "done" ? 1 : upload.part;
      row.children[1].hidden = upload.state === "refused" || upload.state === "cancelled";
      const told = upload.state === "refused" ? `✕ ${reasonOf(upload)}` : upload.state === "done" && upload.isDuplicate
        ? text("uploads.state.duplicate") : text(`uploads.state.${upload.state}`);
      if (row.children[2].textContent !== told) { row.children[2].textContent = told; row.children[2].title = upload.detail ?? ""; }
    });
    const rest = all.length - shown.length;
    list.dataset.rest = rest > 0 ? text("uploads.and_more", {count: rest}) : "";
  };
  uploads.addEventListener("change", show);
  document.addEventListener("language", show);
  // An image that is read needs the room; the line of the panel stays.
  addEventListener("hashchange", () => { if (location.hash.startsWith("#/study/") && isOpen) { isOpen = false; show(); } });
}
