// One event stream for all tabs: over HTTP/1.1 a browser has six connections to a host, and seven tabs would hang.
// The tab that holds the lock listens and passes on; when it goes, the next one gets the lock and goes on from the last number.
import {eventsPath, json, sessionEnded} from "./api.js";

const KINDS = ["received", "begun", "read", "failed", "review", "changed", "delivered", "not_delivered", "settings", "reset"];
const target = new EventTarget();
export const state = {isConnected: false};

/** kind "*": every kind. The handler gets (data, kind). */
export function onEvent(kind, act) {
  const heard = event => act(event.detail.data, event.detail.kind);
  target.addEventListener(kind, heard);
  return () => target.removeEventListener(kind, heard);
}

function tell(kind, data) {
  target.dispatchEvent(new CustomEvent(kind, {detail: {kind, data}}));
  if (KINDS.includes(kind)) target.dispatchEvent(new CustomEvent("*", {detail: {kind, data}}));
}
function connected(isConnected) {
  if (state.isConnected === isConnected) return;
  state.isConnected = isConnected;
  tell("connection", {isConnected});
}

export function listen() {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("pleura events") : null;
  channel?.addEventListener("message", ({data}) => {
    if (data.kind === "connection") connected(data.data.isConnected);
    else if (data.kind === "hello") { if (source) channel.postMessage({kind: "connection", data: {isConnected: state.isConnected}}); }
    else tell(data.kind, data.data);
  });
  channel?.postMessage({kind: "hello"});
  let source = null, wait = 1000;

  const spread = (kind, data) => { channel?.postMessage({kind, data}); if (kind === "connection") connected(data.isConnected);
    else tell(kind, data); };
  const open = () => {
    source = new EventSource(eventsPath);
    source.onopen = () => { wait = 1000; spread("connection", {isConnected: true}); };
    for (const kind of KINDS) source.addEventListener(kind, event => {
      let data = {};
      try { data = JSON.parse(event.data); } catch { /* An empty one tells by its kind. */ }
      spread(kind, data);
    });
    source.onerror = () => {
      spread("connection", {isConnected: false});
      if (source.readyState !== EventSource.CLOSED) return;   // The browser tries again by itself, with Last-Event-ID.
      // Closed for good: an error answer. 401 asks for the log-in, then all is fetched anew.
      setTimeout(async () => {
        try { await json("session", {isQuiet: true}); } catch (error) { if (error.status === 401) await sessionEnded().catch(() => {}); }
        open();
        spread("reset", {});
      }, wait);
      wait = Math.min(30000, wait * 2);
    };
  };
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", event => { if (event.persisted && source) open(); });
  if (navigator.locks && channel) navigator.locks.request("pleura events", () => new Promise(() => open()));
  else open();
}
