// Settings: one's own (language, theme, direction of the drag, password), and for administrators the site's protocols, reasons and users.
import {json} from "./api.js";
import {el, openDialog, outside, toast} from "./dom.js";
import {isAdministrator, preference, session, setPreference} from "./session.js";
import {currentLanguage, known, languages, moment, text, useLanguage} from "./words.js";

const NAMES = {en: "English", de: "Deutsch"};

export class SettingsView {
  constructor({shared, useTheme, onSettings}) {
    Object.assign(this, {shared, useTheme, onSettings});
    this.node = el("section", {class: "page"});
    this.onLanguage = () => this.build();
    document.addEventListener("language", this.onLanguage);
    this.draft = structuredClone(shared.settings);
    this.build();
  }
  close() { document.removeEventListener("language", this.onLanguage); }
  async open() { if (isAdministrator() && session.hasAccounts) await this.loadUsers(); }
  build() {
    this.users = el("div");
    this.node.replaceChildren(el("div", {class: "inner"}, el("h1", {id: "settings-title", w: "settings.title"}), this.own(),
      session.hasAccounts ? this.password() : null, this.site(),
      isAdministrator() && session.hasAccounts ? el("section", {class: "card"}, el("h2", {w: "settings.users"}), this.users) : null,
      this.about()));
    if (this.userList) this.showUsers();
  }
  select(word, entries, value, act) {
    const select = el("select", {on: {change: () => act(select.value)}},
      entries.map(([key, label]) => el("option", {value: key, ...(typeof label === "string" ? {textContent: label} : {w: label[0]})})));
    select.value = value;
    return el("label", {class: "pairs"}, el("span", {w: word}), select);
  }
  own() {
    const drag = preference("drag", {}), put = change => setPreference("drag", {...preference("drag", {}), ...change});
    const swap = el("input", {type: "checkbox", checked: Boolean(drag.isSwapped), on: {change: () => put({isSwapped: swap.checked})}});
    return el("section", {class: "card"}, el("h2", {w: "settings.own"}),
      el("div", {class: "settings-list"},
        this.select("settings.language", languages.map(one => [one, NAMES[one]]), currentLanguage(),
          value => { setPreference("language", value); useLanguage(value); }),
        this.select("settings.theme", ["dark", "light"].map(one => [one, [`settings.theme.${one}`]]), preference("theme", "dark"),
          value => { setPreference("theme", value); this.useTheme(value); }),
        el("h3", {w: "settings.drag"}),
        this.select("settings.drag.width", [["", ["settings.drag.wider"]], ["reversed", ["settings.drag.narrower"]]],
          drag.isWidthReversed ? "reversed" : "", value => put({isWidthReversed: value === "reversed"})),
        this.select("settings.drag.level", [["", ["settings.drag.darker"]], ["reversed", ["settings.drag.brighter"]]],
          drag.isLevelReversed ? "reversed" : "", value => put({isLevelReversed: value === "reversed"})),
        el("label", {class: "check"}, swap, el("span", {w: "settings.drag.swap"}))));
  }
  password() {
    const old = el("input", {type: "password", autocomplete: "current-password", required: true}),
      fresh = el("input", {type: "password", autocomplete: "new-password", required: true, minLength: 8});
    const message = el("p", {class: "message", role: "alert"});
    return el("section", {class: "card"}, el("h2", {w: "settings.password"}), el("form", {on: {submit: async event => {
      event.preventDefault();
      message.textContent = "";
      try {
        await json("session/password", {method: "PUT", body: {old: old.value, new: fresh.value}});
        old.value = fresh.value = "";
        toast("settings.password.changed");
      } catch (error) { message.textContent = text(error.status === 403 ? "settings.password.wrong" : error.status === 422
        ? "settings.password.weak" : error.isOffline ? "error.offline" : "error.server"); }
    }}}, el("input", {type: "text", autocomplete: "username", value: session.user, hidden: true}),
    el("label", {class: "pairs"}, el("span", {w: "settings.password.old"}), old),
      el("label", {class: "pairs"}, el("span", {w: "settings.password.new"}), fresh), message,
      el("div", {class: "actions"}, el("button", {w: "settings.password.change"}))));
  }

  // ---- the site's

  site() {
    const {draft} = this, may = isAdministrator();
    const list = el("div"), message = el("p", {class: "message", role: "alert"});
    const show = () => list.replaceChildren(...draft.protocols.map((one, index) => this.protocol(one, index, show, may)));
    show();
    const reasons = el("textarea", {rows: 7, disabled: !may, value: draft.reject_reasons.join("\n"),
      on: {input: () => { draft.reject_reasons = reasons.value.split("\n").map(line => line.trim()).filter(Boolean); }}});
    return el("section", {class: "card"}, el("h2", {w: "settings.protocols"}),
      may ? null : el("p", {class: "quiet-text", w: "settings.only_administrators"}),
      el("form", {on: {submit: async event => {
        event.preventDefault();
        message.textContent = "";
        try {
          const saved = await json("settings", {method: "PUT", body: draft});
          this.onSettings(saved);
          this.draft = structuredClone(saved);
          this.build();
          toast("settings.saved");
        } catch (error) { message.textContent = error.isOffline ? text("error.offline") : text("settings.refused", {reason: error.message});
          }
      }}}, list,
      may ? el("button", {type: "button", class: "quiet", w: "settings.protocol.add", on: {click: () => {
        const first = draft.protocols[0];
        let number = draft.protocols.length + 1;
        while (draft.protocols.some(one => one.name === `protocol_${number}`)) number++;
        draft.protocols.push({name: `protocol_${number}`, title: "", false_boxes_per_100_images: null, allowances: {...first?.allowances}});
        show();
        list.lastElementChild.querySelector("input").focus();
      }}}) : null,
      el("label", {class: "field"}, el("span", {}, el("b", {w: "settings.reasons"}), " ",
        el("span", {class: "quiet-text", w: "settings.reasons.help"})), reasons), message,
      may ? el("div", {class: "actions"}, el("button", {class: "primary", w: "settings.save"})) : null));
  }
  protocol(one, index, show, may) {
    const {draft, shared} = this;
    const input = (word, name, more = {}) => { const node = el("input", {type: "text", value: one[name] ?? "", disabled: !may, ...more,
      on: {input: () => { if (name === "name" && draft.default_protocol === one.name) draft.default_protocol = node.value;
      one[name] = node.value; }}}); return el("label", {class: "field"}, el("span", {w: word}), node); };
    const rate = el("select", {disabled: !may, on: {change: () => { one.false_boxes_per_100_images = rate.value === "" ? null
      : Number(rate.value); }}}, el("option", {value: "", w: "settings.protocol.card"}),
      [...new Set([...shared.reader.rates, one.false_boxes_per_100_images].filter(value => value !== null && value !== undefined))].sort((a,
      b) => a - b).map(value => el("option", {value, textContent: value})));
    rate.value = one.false_boxes_per_100_images ?? "";
    one.allowances ??= {};
    // The classes the protocol names, then the model's findings that it does not (however they are written).
    const keys = Object.keys(one.allowances).sort((a, b) => one.allowances[a] - one.allowances[b] || a.localeCompare(b)),
      named = new Set(keys.map(key => key.toLowerCase()));
    const classes = [...keys, ...shared.reader.labels.map(label => label.name).filter(name => !named.has(name.toLowerCase()))];
    return el("fieldset", {class: "protocol card"}, el("legend", {}, outside(one.title || one.name)),
      el("div", {class: "heads"}, input("settings.protocol.name", "name", {required: true, pattern: "[a-z0-9_\\-]+", maxLength: 40}),
        input("settings.protocol.title", "title", {maxLength: 80}),
        el("label", {class: "field"}, el("span", {w: "settings.protocol.rate"}), rate),
        el("label", {class: "check"}, el("input", {type: "radio", name: "default", disabled: !may,
          checked: draft.default_protocol === one.name, on: {change: () => { draft.default_protocol = one.name; }}}),
          el("span", {w: "settings.protocol.default"})),
        may && draft.protocols.length > 1 ? el("button", {type: "button", class: "quiet", w: "settings.protocol.remove",
          words: {"aria-label": () => `${text("settings.protocol.remove")}: ${one.title || one.name}`},
          on: {click: () => { draft.protocols.splice(index, 1);
          if (draft.default_protocol === one.name) draft.default_protocol = draft.protocols[0].name; show(); }}}) : null),
      el("p", {class: "quiet-text", w: "settings.protocol.allowances"}),
      el("div", {class: "allowances"}, classes.map(name => {
        const node = el("input", {type: "number", min: 0, max: 1000000, step: 1, value: one.allowances[name] ?? "", disabled: !may,
          on: {input: () => { if (node.value === "") delete one.allowances[name]; else one.allowances[name] = Number(node.value); }}});
        return el("label", {class: "field"}, el("span", {}, outside(known("class", name))), node);
      })));
  }

  // ---- users

  async loadUsers() {
    try { ({users: this.userList} = await json("users")); this.showUsers();
      } catch (error) { toast(error.isOffline ? "error.offline" : "error.server", true); }
  }
  async changeUser(name, change) {
    try { await json(`users/${encodeURIComponent(name)}`, {method: "PATCH", body: change}); toast("settings.user.changed");
      await this.loadUsers(); } catch (error) { toast(error.isOffline ? "error.offline" : error.status === 422 ? "settings.password.weak"
      : error.status === 403 ? "error.forbidden" : "error.server", true); }
  }
  showUsers() {
    const roles = (value, act, about) => { const select = el("select", {words: {"aria-label": about
      ? () => `${text("settings.user.role")}: ${about}` : "settings.user.role"}, on: {change: () => act?.(select.value)}},
      ["reader", "administrator"].map(role => el("option", {value: role, w: `role.${role}`}))); select.value = value; return select; };
    const name = el("input", {required: true, autocomplete: "off", pattern: "[A-Za-z0-9._@\\-]+", maxLength: 64}),
      password = el("input", {type: "password", required: true, minLength: 8, autocomplete: "new-password"}), role = roles("reader");
    this.users.replaceChildren(
      el("div", {class: "table-scroll", tabIndex: 0, role: "region", words: {"aria-label": "settings.users"}},
        el("table", {class: "plain-table"}, el("thead", {}, el("tr", {}, ["login.name", "settings.user.role", "settings.user.last",
        "settings.user.state", "settings.user.actions"].map(word => el("th", {scope: "col", w: word})))),
        el("tbody", {}, this.userList.map(user => el("tr", {}, el("td", {}, outside(user.name)),
          el("td", {}, roles(user.role, value => this.changeUser(user.name, {role: value}), user.name)),
          el("td", {textContent: moment(user.last_login)}), el("td", {w: user.disabled ? "settings.user.disabled"
          : "settings.user.active"}),
          el("td", {}, el("div", {class: "row wrap"}, user.name === session.user ? null
            : el("button", {type: "button", w: user.disabled ? "settings.user.enable" : "settings.user.disable",
            words: {"aria-label": () => `${text(user.disabled ? "settings.user.enable" : "settings.user.disable")}: ${user.name}`},
            on: {click: () => this.changeUser(user.name, {disabled: !user.disabled})}}),
            el("button", {type: "button", class: "quiet", w: "settings.user.set_password",
              words: {"aria-label": () => `${text("settings.user.set_password")} ${user.name}`},
              on: {click: () => this.askPassword(user.name)}})))))))),
      el("form", {class: "row wrap at-end", on: {submit: async event => {
        event.preventDefault();
        try { await json("users", {method: "POST", body: {name: name.value, role: role.value, password: password.value}});
          toast("settings.user.added"); await this.loadUsers(); }
        catch (error) { toast(error.status === 409 ? "settings.user.exists" : error.status === 422 ? "settings.password.weak"
          : error.isOffline ? "error.offline" : "error.server", true); }
      }}}, el("label", {class: "field"}, el("span", {w: "login.name"}), name),
        el("label", {class: "field"}, el("span", {w: "login.password"}), password),
        el("label", {class: "field"}, el("span", {w: "settings.user.role"}), role), el("button", {w: "settings.user.add"})));
  }
  async askPassword(user) {
    const fresh = el("input", {type: "password", required: true, minLength: 8, autocomplete: "new-password"});
    const wanted = await openDialog({title: "settings.user.password",
      build: close => [el("form", {class: "login", on: {submit: event => { event.preventDefault(); close(fresh.value); }}},
      el("p", {}, outside(user)), el("label", {class: "field"}, el("span", {w: "settings.user.password"}), fresh),
      el("div", {class: "actions"}, el("button", {class: "primary", w: "settings.save"}),
      el("button", {type: "button", w: "cancel", on: {click: () => close()}})))]});
    if (wanted) await this.changeUser(user, {password: wanted});
  }
  about() {
    const {reader} = this.shared;
    return el("section", {class: "card"}, el("h2", {w: "settings.about"}),
      el("p", {}, el("b", {w: "settings.version"}), ` ${session.version}`),
      el("p", {}, el("b", {w: "settings.model"}), " ", outside(`${reader.name} ${reader.version}`)),
      el("p", {class: "quiet-text"}, outside(reader.summary ?? "", {title: ""})),
      el("p", {}, outside(session.notice || text("notice.short"), {title: ""})));
  }
}
