// Who is here, and the log-in: as a view at the start, as a dialog over the page when a session ends in the middle.
import {json, onSessionEnd, Problem} from "./api.js";
import {forgetSynced} from "./draft.js";
import {announce, el, openDialog} from "./dom.js";
import {text} from "./words.js";

export const session = {user: null, role: null, hasAccounts: false, notice: "", version: "", preferences: {}};
const changed = new EventTarget();
export const onSession = act => changed.addEventListener("change", act);
export const isAdministrator = () => session.role === "administrator";

async function take(options) {
  const told = await json("session", options);
  const preferences = {...readLocal(), ...told.preferences};
  Object.assign(session, {user: told.user, role: told.role, hasAccounts: told.accounts, notice: told.notice, version: told.version,
    preferences});
  changed.dispatchEvent(new Event("change"));
}

const readLocal = () => { try { return JSON.parse(localStorage.getItem("pleura preferences")) ?? {}; } catch { return {}; } };
export const localPreferences = readLocal;

/** Kept here at once (it holds before log-in, too) and at the server for the user's other devices. */
export function setPreference(name, value) {
  session.preferences = {...session.preferences, [name]: value};
  try { localStorage.setItem("pleura preferences", JSON.stringify(session.preferences));
    } catch { /* Full or forbidden: the server has it. */ }
  if (session.user) json("session/preferences", {method: "PUT", body: session.preferences, isQuiet: true}).catch(() => {});
  changed.dispatchEvent(new Event("change"));
}
export const preference = (name, otherwise) => session.preferences[name] ?? readLocal()[name] ?? otherwise;

/** The form, the same in the view and in the dialog. */
export function loginForm(done, {hint} = {}) {
  const name = el("input", {name: "name", autocomplete: "username", required: true, value: session.user ?? "", autocapitalize: "none",
    spellcheck: false});
  const password = el("input", {name: "password", type: "password", autocomplete: "current-password", required: true});
  const message = el("p", {class: "message", role: "alert"});
  const button = el("button", {class: "primary", w: "login.button", type: "submit"});
  let timer;
  const wait = seconds => {
    clearInterval(timer);
    let left = seconds;
    const tell = () => {
      button.disabled = left > 0;
      message.textContent = left > 0 ? text("login.wait", {count: left}) : text("login.again");
      if (left-- <= 0) clearInterval(timer);
    };
    tell();
    timer = setInterval(tell, 1000);
  };
  const form = el("form", {class: "login", on: {submit: async event => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    try {
      await json("session", {method: "POST", body: {name: name.value, password: password.value}, isLogin: true});
      await take({isLogin: true});
      password.value = "";
      done();
    } catch (error) {
      password.value = "";
      if (error.status === 429) return wait(error.retryAfter ?? 30);
      message.textContent = text(error.status === 401 ? "login.wrong" : error.isOffline ? "error.offline" : "login.failed");
      password.focus();
    }
    button.disabled = false;
  }}},
  hint ? el("p", {w: hint}) : null,
  el("label", {class: "field"}, el("span", {w: "login.name"}), name),
  el("label", {class: "field"}, el("span", {w: "login.password"}), password),
  message, el("div", {class: "actions"}, button));
  return form;
}

/** Without accounts there is no password: another link, opened in another tab, brings the session back to this page, too. */
function linkAgain(done) {
  const message = el("p", {class: "message", role: "alert"});
  const look = async isTold => {
    try { await take({isLogin: true}); removeEventListener("focus", onFocus); done();
      } catch (error) { if (isTold) message.textContent = text(error.status === 401 ? "login.no_link_yet" : "error.offline"); }
  };
  const onFocus = () => look(false);
  addEventListener("focus", onFocus);
  return [el("p", {w: "login.ended_link"}), el("p", {}, el("code", {textContent: "pleura serve link"})), message,
    el("div", {class: "actions"}, el("button", {type: "button", class: "primary", w: "login.go_on", on: {click: () => look(true)}}))];
}

let asking = null;
/** One dialog however many requests met the end of the session; each goes on after it. */
function askAgain() {
  asking ??= (async () => {
    announce(text("login.ended"), true);
    const before = session.user;
    await openDialog({title: "login.title", kind: "login-dialog", isSticky: true,
      build: close => before && !session.hasAccounts ? linkAgain(() => close(true))
      : [loginForm(() => close(true), {hint: "login.ended"})]});
    asking = null;
    // Another person's page must not go on with the first one's unsaved work.
    if (before && before !== session.user) { location.hash = "#/worklist"; location.reload(); }
  })();
  return asking;
}

export async function beginSession() {
  try { await take({isLogin: true}); } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    return false;
  } finally { onSessionEnd(askAgain); }
  return true;
}

export async function logOut() {
  await json("session", {method: "DELETE"}).catch(() => {});
  forgetSynced();
  location.hash = "#/worklist";
  location.reload();
}
