// The page: begins the session, shows the view that the address names, and holds what all views share.
import {json} from "./api.js";
import {el, outside} from "./dom.js";
import {countNotDelivered} from "./deliveries.js";
import {hasUnsent} from "./draft.js";
import {listen, onEvent} from "./events.js";
import {icon} from "./icons.js";
import {listenToKeys, showHelp} from "./keys.js";
import {beginSession, isAdministrator, localPreferences, loginForm, logOut, preference, session} from "./session.js";
import {StudyView} from "./study.js";
import {chosen, dropped, uploadPanel, uploads} from "./uploads.js";
import {WorklistView} from "./worklist.js";
import {firstLanguage, refreshWords, text, useLanguage} from "./words.js";

const main = document.getElementById("main"), header = document.getElementById("header");
const shared = {reader: null, settings: null};
let view = null, isStarted = false, turn = 0;

export function useTheme(theme) { document.documentElement.dataset.theme = theme === "light" ? "light" : "dark"; }

function addFiles(source) { uploads.add(source, protocolChoice?.value || shared.settings?.default_protocol); }
let protocolChoice = null, failedBadge = null;

function buildHeader() {
  const files = el("input", {type: "file", multiple: true, hidden: true, id: "file-input",
    on: {change: event => { addFiles(chosen([...event.target.files])); event.target.value = ""; }}});
  const folder = el("input", {type: "file", webkitdirectory: true, hidden: true, id: "folder-input",
    on: {change: event => { addFiles(chosen([...event.target.files])); event.target.value = ""; }}});
  const link = (hash, word, more = null) => el("a", {href: hash, data: {route: hash.slice(2)}}, el("span", {w: word}), more);
  failedBadge = el("span", {class: "badge", hidden: true});
  protocolChoice = el("select", {words: {"aria-label": "protocol.for_upload", title: "protocol.for_upload"}});
  fillProtocols();
  const nav = el("nav", {words: {"aria-label": "nav.title"}}, link("#/worklist", "nav.worklist"),
    link("#/problems", "nav.problems", failedBadge), link("#/improvement", "nav.improvement"),
    link("#/settings", "nav.settings"), isAdministrator() ? link("#/audit", "nav.audit") : null);
  header.replaceChildren(
    el("a", {class: "skip", href: "#main", w: "nav.skip", on: {click: event => { event.preventDefault(); main.focus(); }}}),
    el("span", {class: "brand"}, el("img", {src: "/assets/favicon.svg", alt: "", width: 22, height: 22}), el("b", {textContent: "Pleura"})),
    nav,
    el("div", {class: "add"}, files, folder, protocolChoice,
      el("button", {type: "button", class: "primary", words: {"aria-label": "uploads.add_files"}, on: {click: () => files.click()}},
        icon("plus"), el("span", {class: "wide", w: "uploads.add_files"})),
        el("button", {type: "button", class: "folder-button", w: "uploads.add_folder", on: {click: () => folder.click()}})),
    el("span", {class: "notice", words: {title: () => session.notice || text("notice.short")}, w: "notice.short"}),
    el("div", {class: "me"}, el("button", {type: "button", class: "quiet", words: {"aria-label": "keys.title", title: "keys.title"},
      on: {click: showHelp}}, "?"),
      el("span", {class: "user"}, outside(session.user)), session.hasAccounts ? el("button",
        {type: "button", class: "quiet", words: {"aria-label": "login.out", title: "login.out"}, on: {click: async () => {
        const {confirm} = await import("./dialogs.js");
        if (!hasUnsent() || await confirm("login.out", "login.unsent", "login.out")) logOut();
      }}}, icon("out")) : null));
}
function fillProtocols() {
  if (!protocolChoice || !shared.settings) return;
  const value = protocolChoice.value || shared.settings.default_protocol;
  protocolChoice.replaceChildren(...shared.settings.protocols.map(one =>
    el("option", {value: one.name, textContent: one.title || one.name})));
  protocolChoice.value = shared.settings.protocols.some(one => one.name === value) ? value : shared.settings.default_protocol;
  protocolChoice.hidden = shared.settings.protocols.length < 2;
}
async function countProblems() {
  try {
    const [{jobs}, notDelivered] = await Promise.all([json("jobs?state=failed&limit=100", {isQuiet: true}), countNotDelivered().catch(() => 0)]);
    const count = jobs.length + notDelivered;
    failedBadge.hidden = !count;
    failedBadge.textContent = count;
    failedBadge.setAttribute("aria-label", text("problems.count", {count}));
  } catch { /* The next event asks again. */ }
}

async function route() {
  if (!isStarted) return;
  const [, name = "worklist", id = ""] = location.hash.split("?")[0].split("/");
  const mine = ++turn, old = view;
  view = null;
  old?.close?.();
  for (const link of header.querySelectorAll("nav a")) link.dataset.route === name ? link.setAttribute("aria-current", "page")
    : link.removeAttribute("aria-current");
  document.body.dataset.view = name;
  let next;
  if (name === "study" && /^[0-9a-f]{32}$/.test(id)) next = new StudyView({id, ...shared});
  else if (name === "scan" && /^[0-9a-f]{32}$/.test(id)) next = new (await import("./scan-view.js")).ScanView({id});
  else if (name === "problems") next = new (await import("./problems.js")).ProblemsView({onChange: countProblems});
  else if (name === "settings") next = new (await import("./settings.js")).SettingsView({shared, useTheme,
    onSettings: settings => { shared.settings = settings; fillProtocols(); }});
  else if (name === "improvement") next = new (await import("./improvement.js")).ImprovementView();
  else if (name === "audit" && isAdministrator()) next = new (await import("./audit.js")).AuditView();
  else {
    document.body.dataset.view = "worklist";
    next = new WorklistView({labels: shared.reader.labels.map(one => one.name)});
  }
  if (mine !== turn) return void next.close?.();   // Somebody went on while a part of the page was loading.
  view = next;
  main.replaceChildren(next.node);
  document.title = `${text(`nav.${document.body.dataset.view}`)} · Pleura`;
  await next.open?.();
}

function showLogin(isUsed) {
  document.body.dataset.view = "login";
  header.replaceChildren(el("span", {class: "brand"}, el("img", {src: "/assets/favicon.svg", alt: "", width: 22, height: 22}),
    el("b", {textContent: "Pleura"})), el("span", {class: "notice", w: "notice.short"}));
  main.replaceChildren(el("section", {class: "login-view", "aria-labelledby": "login-title"},
    el("h1", {id: "login-title", w: "login.title"}), isUsed ? el("p", {class: "message", w: "login.used"}) : null,
    loginForm(() => { if (location.hash.startsWith("#/login")) history.replaceState(null, "", "#/worklist"); start(); })));
  main.querySelector("input").focus();
}

async function start() {
  useTheme(preference("theme", "dark"));
  await useLanguage(preference("language", firstLanguage()));
  const [reader, settings] = await Promise.all([json("reader"), json("settings")]);
  Object.assign(shared, {reader, settings});
  isStarted = true;
  buildHeader();
  listen();
  countProblems();
  onEvent("settings", async () => { shared.settings = await json("settings").catch(() => shared.settings);
    if (view) view.settings = shared.settings; fillProtocols(); });
  let timer = null;
  onEvent("*", (data, kind) => { if (["failed", "changed", "read", "delivered", "not_delivered", "reset"].includes(kind)) timer ??= setTimeout(() =>
    { timer = null; countProblems(); }, 1500); });
  await route();
  document.body.dataset.ready = "yes";
}

addEventListener("hashchange", route);
setInterval(refreshWords, 60000);
document.addEventListener("language", () => { if (isStarted) document.title = `${text(`nav.${document.body.dataset.view}`)} · Pleura`; });

// Dropped anywhere, it is an upload; never a navigation away from unsaved work.
let depth = 0;
const isFiles = event => event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", event => { if (isFiles(event)) { depth++; document.body.classList.add("dropping"); event.preventDefault();
  } });
addEventListener("dragleave", event => { if (isFiles(event) && --depth <= 0) { depth = 0; document.body.classList.remove("dropping"); } });
addEventListener("dragover", event => { if (isFiles(event)) event.preventDefault(); });
addEventListener("drop", event => {
  if (!isFiles(event)) return;
  event.preventDefault();
  depth = 0;
  document.body.classList.remove("dropping");
  if (isStarted) addFiles(dropped(event.dataTransfer));
});
// Files under way are lost with the page: the browser asks first.
addEventListener("beforeunload", event => { if (uploads.isBusy) event.preventDefault(); });

uploadPanel(document.getElementById("uploads"));
listenToKeys(() => [
  (event, name, isTyping) => view?.key?.(event, name, isTyping) ?? false,
  (event, name, isTyping) => {
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !isStarted) return false;
    const act = {"?": showHelp, g: () => { location.hash = "#/worklist"; }, u: () => document.getElementById("file-input").click(),
      "/": () => { location.hash = "#/worklist"; setTimeout(() => document.querySelector(".worklist input[type=search]")?.focus(), 100);
      }}[name];
    act?.();
    return Boolean(act);
  },
]);

try {
  useTheme(localPreferences().theme);
  await useLanguage(localPreferences().language ?? firstLanguage());
  if (await beginSession()) await start();
  else showLogin(location.hash.includes("used"));
} catch (error) {
  console.error(error);
  main.replaceChildren(el("div", {class: "empty"}, el("p", {w: error.isOffline ? "error.offline" : "error.server"}),
    el("button", {type: "button", w: "again", on: {click: () => location.reload()}})));
}
