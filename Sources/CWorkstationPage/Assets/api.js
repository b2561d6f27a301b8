// Requests to the server. A session that ended is asked for anew, over the page, and the request then goes on: nothing is lost.

const BASE = "/api/v1/";

export class Problem extends Error {
  constructor(status, body = {}, retryAfter = null) {
    super(body.detail || body.title || `HTTP ${status}`);
    Object.assign(this, {status, body, code: body.code, retryAfter});
  }
  /** No answer at all: the network, not the server. */
  get isOffline() { return this.status === 0; }
}

let askForLogin = () => Promise.reject(new Problem(401));
export const onSessionEnd = ask => { askForLogin = ask; };
export const sessionEnded = () => askForLogin();

export async function problemOf(answer) {
  let body = {};
  try { body = await answer.json(); } catch { /* A proxy's HTML: the status must do. */ }
  return new Problem(answer.status, body, Number(answer.headers.get("Retry-After")) || null);
}

export async function request(path, {method = "GET", body, signal, isLogin = false, keepalive = false, isQuiet = false} = {}) {
  for (;;) {
    let answer;
    try {
      answer = await fetch(BASE + path, {
        method, signal, keepalive, credentials: "same-origin",
        headers: body === undefined ? {} : {"Content-Type": "application/json"},
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(0);
    }
    if (answer.status === 401 && !isLogin) {
      if (isQuiet) throw await problemOf(answer);
      await askForLogin();
      continue;
    }
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }
}

export async function json(path, options) {
  const answer = await request(path, options);
  return answer.status === 204 ? null : answer.json();
}

export const query = values => {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined && value !== null && value !== "") parts.set(key, value);
  const line = parts.toString();
  return line ? `?${line}` : "";
};
export const thumbnailOf = (instance, side = 128) => `${BASE}instances/${instance}/thumbnail?side=${side}`;
export const renderedOf = (instance, side = 1024) => `${BASE}instances/${instance}/rendered?boxes=true&side=${side}`;
export const fileOf = instance => `${BASE}instances/${instance}/file`;
export const uploadPath = (name, protocol) => `${BASE}instances${query({name, protocol})}`;
export const eventsPath = `${BASE}events`;
