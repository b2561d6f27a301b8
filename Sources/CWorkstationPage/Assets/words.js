// The words of the page: one table a language, the same keys in each. What is bound here follows a change of language at once.

const LANGUAGES = ["en", "de"];
const tables = new Map();
const bound = new WeakMap();
let language = "en", locale = "en-GB", plural = new Intl.PluralRules("en");

export const languages = LANGUAGES;
export const currentLanguage = () => language;
export const currentLocale = () => locale;

/** The text of a key; {name} takes a value, and a `count` chooses between KEY.one and KEY.other. */
export function text(key, values = {}) {
  const table = tables.get(language) ?? {};
  let found = table[key];
  if (found === undefined && values.count !== undefined) found = table[`${key}.${plural.select(values.count)}`] ?? table[`${key}.other`];
  if (found === undefined) return key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => values[name] === undefined ? whole : typeof values[name] === "number"
    ? number(values[name]) : values[name]);
}
export const has = key => tables.get(language)?.[key] !== undefined;

/** A word of the server (status, class, role) by the table where there is one, else as it came. */
export const known = (prefix, word) => has(`${prefix}.${word}`) ? text(`${prefix}.${word}`) : String(word ?? "").replaceAll("_", " ");

export const number = (value, digits) => new Intl.NumberFormat(locale, digits === undefined ? {maximumFractionDigits: 2}
  : {minimumFractionDigits: digits, maximumFractionDigits: digits}).format(value);
export const percent = value => new Intl.NumberFormat(locale, {style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0}).format(value);
export const moment = time => time ? new Intl.DateTimeFormat(locale, {dateStyle: "short", timeStyle: "short"}).format(new Date(time)) : "";
export const day = date => {
  if (!date) return "";
  const [y, m, d] = date.split("-").map(Number);
  return new Intl.DateTimeFormat(locale, {dateStyle: "medium", timeZone: "UTC"}).format(new Date(Date.UTC(y, m - 1, d)));
};
export const bytes = count => count >= 1e9 ? `${number(count / 1e9)} GB` : count >= 1e6 ? `${number(Math.round(count / 1e5) / 10)} MB`
  : `${number(Math.round(count / 1e3))} kB`;

const say = what => typeof what === "function" ? what() : Array.isArray(what) ? text(...what) : text(what);
const put = (node, where, what) => where === "text" ? node.textContent = say(what) : node.setAttribute(where, say(what));

/** `what`: a key, [key, values], or a function giving text (for dates and numbers, which follow the language too). */
export function bindWords(node, where, what) {
  if (!bound.has(node)) bound.set(node, {});
  bound.get(node)[where] = what;
  node.setAttribute("data-words", "");
  put(node, where, what);
}

async function load(name) {
  if (tables.has(name)) return;
  const answer = await fetch(`/assets/words.${name}.json`);
  if (answer.ok) tables.set(name, await answer.json());
}

export async function useLanguage(name) {
  const wanted = LANGUAGES.includes(name) ? name : "en";
  await load(wanted);
  if (!tables.has(wanted)) return;   // Offline: what is shown stays.
  language = wanted;
  // Dates and numbers as the person's own country writes them.
  locale = navigator.languages?.find(one => one.slice(0, 2) === wanted && one.length > 2) ?? {en: "en-GB"}[wanted] ?? wanted;
  plural = new Intl.PluralRules(wanted);
  document.documentElement.lang = wanted;
  refreshWords();
  document.dispatchEvent(new CustomEvent("language"));
}

/** Also called each half minute: "in 5 minutes" grows old. */
export function refreshWords(root = document) {
  for (const node of root.querySelectorAll("[data-words]"))
    for (const [where, what] of Object.entries(bound.get(node) ?? {})) put(node, where, what);
}

export const firstLanguage = () => navigator.languages?.map(one => one.slice(0, 2)).find(one => LANGUAGES.includes(one)) ?? "en";
