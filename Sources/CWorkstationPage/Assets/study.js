// A study open for reading: the images, the findings with the person's word on each, the report, and the signature.
import {ratioText, remarkText} from "./anatomy.js";
import {json, thumbnailOf} from "./api.js";
import {describe, stylesOf} from "./boxes.js";
import {askConflict, askLabel, askReason, askSignature} from "./dialogs.js";
import {announce, el, outside, toast} from "./dom.js";
import {StudyDeliveries} from "./deliveries.js";
import {Draft} from "./draft.js";
import {onEvent} from "./events.js";
import {FindingsPanel, grouped, SensitivitySlider} from "./findings-panel.js";
import {icon} from "./icons.js";
import {Report} from "./report.js";
import * as work from "./review.js";
import {seriesOf} from "./scan.js";
import {sidesOf} from "./sides.js";
import {studyKey} from "./study-keys.js";
import {preference, session, setPreference} from "./session.js";
import {passes} from "./thresholds.js";
import {boxFromCorners, boxWithin} from "./viewport.js";
import {Pane, PRESETS} from "./viewer.js";
import {day, has, known, moment, text} from "./words.js";
import {dueText, isLate, neighbour, nextOpen, patientLine, personName, setCurrent, statusText} from "./worklist.js";

const TOOLS = [["window", "w"], ["pan", "p"], ["measure", "m"], ["add", "n"]];

export class StudyView {
  constructor({id, reader, settings}) {
    Object.assign(this, {id, reader, settings, instanceIndex: 0, selected: null, styles: stylesOf(reader.labels),
      labels: reader.labels.map(one => one.name), history: new work.History(), base: null, lastLabel: reader.labels[0]?.name ?? "Finding"});
    this.draft = new Draft(session.user, id);
    this.node = el("section", {class: "study", "aria-labelledby": "study-title"});
    this.build();
    const mine = act => data => { if (data.study === this.id && !this.isClosed) act(data); };
    this.off = [onEvent("read", mine(() => this.newer())), onEvent("review", mine(data =>
      { if (data.reading !== this.ownReading) this.newer(); })), onEvent("failed", mine(() => this.newer())),
      onEvent("changed", mine(() => { this.newer(); this.loadDeliveries(); })),
      onEvent("delivered", mine(() => this.loadDeliveries())), onEvent("not_delivered", mine(() => this.loadDeliveries())),
      onEvent("begun", mine(() => { this.isBegun = true; this.progress(); })), onEvent("reset", () => this.newer())];
    this.draft.addEventListener("state", () => this.tellDraft());
    this.onLanguage = () => { if (this.study) { this.head(); this.jobs(); this.tellAnatomy(); this.update(); this.report.load(); this.slider?.tell();
      this.presets(); this.history_(); this.deliveries.tell(); } };
    document.addEventListener("language", this.onLanguage);
    this.offline = () => this.tellDraft();
    addEventListener("offline", this.offline);
    addEventListener("online", this.offline);
  }
  close() {
    this.isClosed = true;
    this.off.forEach(stop => stop());
    document.removeEventListener("language", this.onLanguage);
    removeEventListener("offline", this.offline);
    removeEventListener("online", this.offline);
    clearInterval(this.clock);
    this.draft.close();
    this.pane.close();
    this.other?.close();
  }

  // ---- the frame

  build() {
    this.title = el("h1", {id: "study-title", tabIndex: -1});
    this.about = el("p", {class: "about"});
    this.stat = el("button", {type: "button", class: "quiet", on: {click: () => this.setUrgency()}});
    this.scanLink = el("a", {class: "button quiet", href: `#/scan/${this.id}`, w: "study.scan", hidden: true});
    this.draftNote = el("p", {class: "draft-note", role: "status"});
    this.notice = el("div", {class: "notice-bar", role: "status", hidden: true});
    this.pane = new Pane({actions: {
      select: (key, isFocus) => this.select(key, isFocus), box: (key, box) => this.setBox(key, box), add: box => this.addBox(box),
      direction: () => preference("drag", {}),
    }});
    this.pane.addEventListener("window", () => this.tellPreset());
    this.pane.addEventListener("shown", () => this.tellPreset());
    this.active = this.pane;
    this.pane.node.addEventListener("focusin", () => this.activate(this.pane));
    this.panes = el("div", {class: "panes"}, this.pane.node);
    this.strip = el("div", {class: "strip", role: "group", words: {"aria-label": "viewer.images"}, hidden: true});
    this.otherChoice = el("select", {words: {"aria-label": "viewer.prior_choice"}, on: {change: () =>
      this.showOther(this.otherChoice.value)}});
    this.otherBar = el("div", {class: "other-bar", hidden: true},
      el("label", {}, el("span", {class: "label", w: "viewer.prior"}), this.otherChoice),
      el("button", {type: "button", class: "quiet", w: "close", on: {click: () => this.togglePrior()}}));

    const tool = (name, key) => el("button", {type: "button", class: "tool", data: {tool: name}, "aria-pressed": name === "window",
      words: {title: () => `${text(`tool.${name}`)} (${key})`, "aria-label": `tool.${name}`}, on: {click: () => this.setTool(name)}},
      icon(name), el("span", {class: "tool-word", w: `tool.${name}.short`}));
    const button = (name, key, act) => el("button", {type: "button", class: "tool", data: {act: name},
      words: {title: () => `${text(`tool.${name}`)} (${key})`, "aria-label": `tool.${name}`}, on: {click: act}}, icon(name));
    this.preset = el("select", {class: "preset", words: {"aria-label": "viewer.presets"},
      on: {change: () => { this.active.usePreset(this.preset.value); this.active.node.focus({preventScroll: true}); }}});
    this.presets();
    const field = name => el("input", {type: "number", class: "window-field", step: "any",
      words: {"aria-label": `window.${name}`, title: `window.${name}`}, on: {change: event => {
      const value = Number(event.target.value), {active} = this;
      if (active.window && Number.isFinite(value) && (name !== "width" || value > 0)) active.setWindow({...active.window, [name]: value});
    }}});
    this.fields = {width: field("width"), center: field("center")};
    this.anatomyButton = button("anatomy", "h", () => this.toggleAnatomy());
    this.boxButton = button("boxes", "b", () => this.toggleBoxes());
    this.priorButton = button("prior", "v", () => this.togglePrior());
    this.anatomyButton.setAttribute("aria-pressed", preference("anatomy", true));
    this.pane.hideAnatomy(!preference("anatomy", true));
    this.boxButton.setAttribute("aria-pressed", "true");
    this.priorButton.setAttribute("aria-pressed", "false");
    this.toolbar = el("div", {class: "toolbar", role: "group", words: {"aria-label": "viewer.tools"}},
      TOOLS.map(([name, key]) => tool(name, key)), this.preset, this.fields.width, this.fields.center,
      button("invert", "i", () => this.active.invert()), button("flip", "f", () => this.active.flip()),
        button("turn_left", "Shift+t", () => this.active.rotate(-1)), button("turn_right", "t", () => this.active.rotate(1)),
      button("zoom_out", "-", () => this.active.zoom(0.8)), button("zoom_in", "+", () => this.active.zoom(1.25)),
        button("fit", "0", () => this.active.fit()), button("one", "o", () => this.active.oneToOne()),
      this.boxButton, this.anatomyButton, this.priorButton, button("reset", "z", () => this.active.reset()));

    this.findings = new FindingsPanel({
      select: key => this.select(key), accept: () => this.accept(), reject: () => this.reject(), relabel: label => this.relabel(label),
        remove: () => this.remove(), undecide: () => this.undecide(),
      place: box => { const {about} = this.pane; if (this.selected && about) this.setBox(this.selected,
        boxWithin(box, about.columns, about.rows)); },
      explain: map => this.pane.setHeat(map),
      hover: label => this.slider?.hover(label ?? this.current?.label ?? null),
    });
    this.findingsCount = el("span", {class: "quiet-text"});
    this.measures = el("section", {class: "measures", hidden: true});
    this.quality = el("ul", {class: "plain", words: {"aria-label": "quality.title"}});
    this.qualityBar = el("div", {class: "quality-bar", role: "status", hidden: true}, this.quality);
    this.warnings = el("ul", {class: "plain warnings"});
    this.complete = el("input", {type: "checkbox", id: "complete", on: {change: () => this.setField("complete", this.complete.checked)}});
    this.comment = el("textarea", {id: "comment", rows: 2, dir: "auto", maxLength: 20000,
      on: {input: () => this.setField("comment", this.comment.value, "comment")}});
    this.undoButton = el("button", {type: "button", class: "icon", words: {"aria-label": "review.undo", title: "review.undo"},
      on: {click: () => this.undo()}}, icon("undo"));
    this.redoButton = el("button", {type: "button", class: "icon", words: {"aria-label": "review.redo", title: "review.redo"},
      on: {click: () => this.redo()}}, icon("redo"));
    this.report = new Report({onEdit: value => this.setField("text", value, "text")});
    this.readings = el("div", {class: "readings"});
    this.signButton = el("button", {type: "button", class: "primary", w: "review.sign", on: {click: () => this.submit(true)}});
    this.saveButton = el("button", {type: "button", w: "review.save", on: {click: () => this.submit(false)}});
    this.sliderPlace = el("div");
    const details = (word, name, content) => el("details", {open: preference(`open_${name}`, false),
      on: {toggle: event => { if (event.target.open !== preference(`open_${name}`, false)) setPreference(`open_${name}`, event.target.open);
      }}}, el("summary", {w: word}), content);
    this.deliveries = new StudyDeliveries(this.id);
    this.deliveriesPlace = details("deliveries.title", "deliveries", this.deliveries.node);
    this.deliveriesPlace.hidden = true;
    this.panel = el("aside", {class: "panel", words: {"aria-label": "review.title"}},
      el("div", {class: "panel-scroll", tabIndex: -1},
        this.sliderPlace,
        el("section", {}, el("div", {class: "row"}, el("h2", {class: "grow"}, el("span", {w: "findings.title"}), " ", this.findingsCount),
          el("button", {type: "button", class: "quiet", w: "finding.add", on: {click: () => this.setTool("add")}}), this.undoButton,
          this.redoButton), this.findings.node),
        this.measures, this.warnings,
        el("section", {}, el("label", {class: "check"}, this.complete, el("span", {w: "review.complete"})),
          el("label", {class: "field", for: "comment"}, el("span", {w: "review.comment"})), this.comment),
        details("report.title", "report", this.report.node), details("readings.title", "readings", this.readings),
        this.deliveriesPlace),
      el("div", {class: "sign-bar"}, this.draftNote, el("div", {class: "row"}, this.saveButton, this.signButton)));
    this.node.append(
      el("div", {class: "study-head"}, el("a", {class: "button quiet", href: "#/worklist",
        words: {"aria-label": "study.back", title: "study.back"}}, icon("back")),
        el("div", {class: "grow who"}, this.title, this.about), this.scanLink, this.stat,
        el("button", {type: "button", class: "quiet", words: {"aria-label": "study.previous", title: "study.previous"},
          on: {click: () => this.go(-1)}}, icon("left")),
        el("button", {type: "button", class: "quiet", words: {"aria-label": "study.next", title: "study.next"},
          on: {click: () => this.go(1)}}, icon("right"))),
      this.notice,
      el("div", {class: "study-body"}, el("div", {class: "reading"}, this.toolbar, this.otherBar, this.qualityBar, this.panes, this.strip), this.panel));
  }
  presets() {
    this.preset.replaceChildren(...[...PRESETS.map((name, index) =>
      el("option", {value: name, textContent: `${index + 1} ${text(`preset.${name}`)}`})),
      el("option", {value: "own", textContent: text("preset.own"), hidden: true})]);
    this.tellPreset();
  }
  tellPreset() {
    this.preset.value = this.active?.preset ?? (this.active?.about ? "own" : "file");
    for (const [name, input] of Object.entries(this.fields ?? {})) if (document.activeElement !== input) input.value = this.active?.window
      ? Math.round(this.active.window[name] * 10) / 10 : "";
  }
  activate(pane) {
    this.active = pane;
    for (const one of [this.pane, this.other].filter(Boolean)) one.node.classList.toggle("active", one === pane && Boolean(this.other));
    this.tellPreset();
  }

  // ---- loading

  async open() {
    setCurrent(this.id);
    try { await this.load(); } catch (error) {
      if (this.isClosed) return;
      this.node.replaceChildren(el("div", {class: "empty"}, el("p", {w: error.status === 404 ? "study.gone" : error.isOffline
        ? "error.offline" : "error.server"}), el("button", {type: "button", w: "again",
        on: {click: () => dispatchEvent(new Event("hashchange"))}}), el("a", {class: "button", href: "#/worklist", w: "study.back"})));
      return;
    }
    this.protocol = this.settings.protocols.find(one => one.name === this.study.protocol) ??
      this.settings.protocols.find(one => one.name === this.settings.default_protocol) ?? null;
    this.slider = new SensitivitySlider({reader: this.reader, protocol: this.protocol,
      onChange: () => { this.update(); if (!work.isEmpty(this.history.edits)) this.keep(); }});
    this.sliderPlace.append(this.slider.node);
    const draft = this.draft.load(this.study.draft);
    if (draft) {
      this.history = new work.History(work.rebaseEdits(draft.edits, this.base));
      if (draft.rate !== undefined && draft.rate !== null) this.slider.set(draft.rate);
      if (draft.basedOn && this.base.revision && draft.basedOn < this.base.revision) this.tell(["study.draft_older"]);
      else if (!work.isEmpty(draft.edits)) announce(text("study.draft_found"));
    }
    this.showInstance(0);
    this.update();
    this.report.setStudy(this.study, this.state.text);
    this.pane.node.focus({preventScroll: true});
    this.clock = setInterval(() => this.head(), 30000);
    announce(this.title.textContent);
  }
  async load() {
    const study = await json(`studies/${this.id}`);
    if (this.isClosed) return;
    this.study = study;
    this.base = work.baseOf(study);
    this.head();
    this.history_();
    this.jobs();
    this.progress();
    this.loadDeliveries();
  }
  /** Results are sent when the reading is there: it may take a while, and is asked for again as events tell of it. */
  async loadDeliveries() {
    try { const isThere = await this.deliveries.load(); if (!this.isClosed) this.deliveriesPlace.hidden = !isThere;
      } catch { /* The next event asks again. */ }
  }
  head() {
    const {study} = this;
    this.title.replaceChildren(outside(personName(study.patient.name) ?? study.patient.id ?? study.instances[0]?.name ??
      text("worklist.no_name")));
    const parts = [patientLine(study), study.order?.indication ? text("study.indication", {text: study.order.indication}) : "", study.patient.birth_date ? text("patient.born", {date: day(study.patient.birth_date)}) : "",
      day(study.study_date), study.description, study.accession].filter(Boolean);
    this.about.replaceChildren(...parts.flatMap((part, index) => [index ? " · " : "", outside(part)]),
      parts.length ? " · " : "", el("span", {class: `status-word ${study.status}`, textContent: statusText(study)}),
        ...dueText(study) ? [" · ", el("span", {class: isLate(study) ? "due late" : "due",
        textContent: isLate(study) ? dueText(study) : text("study.due", {when: dueText(study)})})] : []);
    const isStat = isUrgent(study);
    this.stat.textContent = text(isStat ? "study.routine" : "study.stat");
    this.stat.setAttribute("aria-pressed", isStat);
    this.stat.hidden = study.status === "signed";
    this.scanLink.hidden = !seriesOf(study).length;
  }
  async setUrgency() {
    try {
      Object.assign(this.study, await json(`studies/${this.id}/urgency`,
        {method: "POST", body: {urgency: isUrgent(this.study) ? "routine" : "stat"}}));
      this.head();
      toast(isUrgent(this.study) ? "study.is_stat" : "study.is_routine");
    } catch (error) { this.fail(error); }
  }
  jobs() {
    const told = [], isTold = new Set();
    for (const instance of this.study.instances) {
      const reading = this.study.readings.filter(one => one.instance === instance.id).at(-1);
      const quality = reading?.quality ?? [], isShown = instance === this.instance;
      // What stands above the image is not told twice.
      if (reading?.error && isShown && quality.some(one => one.level === "refused")) isTold.add(reading.error);
      else if (reading?.error) told.push(reading.error);
      // The server's sentence where the table has no words for its code.
      told.push(...(reading?.warnings ?? []).map((sentence, index) => {
        const code = reading.warning_codes?.[index], key = `warning.${code}`, own = quality.find(one => one.code === code);
        if (own) return isShown ? null : remarkText("quality", own);
        return has(key) ? text(key) : sentence;
      }).filter(Boolean));
    }
    if (this.study.failure) told.push(this.study.failure);
    for (const job of this.study.jobs) if (job.state === "failed" && job.error && !told.includes(job.error)) told.push(job.error);
    const left = [...new Set(told)].filter(sentence => !isTold.has(sentence));
    this.warnings.replaceChildren(...left.map(sentence => el("li", {}, "⚠ ", outside(sentence))));
    this.warnings.hidden = !left.length;
  }
  /** The model's latest reading of the image that is shown, even one that refused it. */
  get modelReading() {
    return this.study.readings.filter(one => one.reader.kind === "model" && one.instance === this.instance?.id).at(-1) ?? null;
  }
  /** What masks and the look at the image's quality say: lines over the image, sentences above it, the ratio beside it. */
  tellAnatomy() {
    const reading = this.modelReading, {anatomy = null, ratio = null, quality = []} = reading ?? {};
    this.pane.setAnatomy(anatomy || ratio ? {anatomy, ratio} : null);
    this.anatomyButton.hidden = !anatomy?.outlines?.length && !ratio;
    this.quality.replaceChildren(...quality.map(one => { const kind = one.level === "refused" ? "refused" : one.mended ? "mended" : "told";
      return el("li", {class: kind, data: {code: one.code}}, el("b", {w: `quality.level.${kind}`}), " ",
        el("span", {textContent: remarkText("quality", one)})); }));
    // What the model saw is another picture than the file's: one press shows it so.
    const inverted = quality.some(one => one.mended && one.code === "inverted"), turned = quality.find(one => one.mended && one.code === "turned");
    if (inverted || turned) this.quality.lastChild.append(" ", el("button", {type: "button", class: "quiet", data: {act: "as-seen"},
      w: "quality.show", on: {click: () => { this.pane.reset(); if (inverted) this.pane.invert();
        if (turned) this.pane.rotate((4 - Number(turned.values[2]) / 90) % 4); this.pane.node.focus({preventScroll: true}); }}}));
    this.qualityBar.hidden = !quality.length;
    const told = [];
    if (ratio) told.push(el("p", {class: "ratio", textContent: ratioText(ratio)}), el("p", {class: "quiet-text", w: "measures.limit"}));
    for (const note of anatomy?.notes ?? []) told.push(el("p", {class: "quiet-text", data: {code: note.code},
      textContent: remarkText("anatomy", note)}));
    this.measures.replaceChildren(...told.length ? [el("h2", {w: "measures.title"}), ...told] : []);
    this.measures.hidden = !told.length;
  }
  toggleAnatomy() {
    if (this.anatomyButton.hidden) return toast("viewer.no_anatomy");
    const isShown = !preference("anatomy", true);
    setPreference("anatomy", isShown);
    this.pane.hideAnatomy(!isShown);
    this.anatomyButton.setAttribute("aria-pressed", isShown);
    announce(text(isShown ? "viewer.anatomy_shown" : "viewer.anatomy_hidden"));
  }
  /** A word while the model reads: nothing is worse than an image that silently has no boxes. */
  progress() {
    const isRead = this.study.readings.some(one => one.reader.kind === "model" || one.reader.kind === "person");
    const job = this.study.jobs.find(one => one.kind === "read" && (one.state === "waiting" || one.state === "running"));
    this.message = isRead || this.study.status !== "waiting" && !job ? null : this.isBegun || job?.state === "running" ? "study.model_reads"
      : "study.model_waits";
    if (this.pane.levels) this.pane.say(this.message);
  }
  history_() {
    this.readings.replaceChildren(el("ol", {class: "plain"}, this.study.readings.map(one =>
      el("li", {}, el("b", {}, outside(one.reader.name)), one.reader.version ? [" ", outside(one.reader.version)] : null,
      ` · ${known("reading", one.status)} · ${moment(one.made)}`,
      one.comment ? el("p", {}, outside(one.comment)) : null, el("p", {class: "quiet-text",
        textContent: one.error ?? text("readings.findings", {count: one.findings.length, rejected: one.rejected?.length ?? 0})})))));
  }

  showInstance(index) {
    this.instanceIndex = index;
    const instance = this.instance, {instances} = this.study;
    this.pane.show(instance, {title: [instance.view, day(this.study.study_date),
      instances.length > 1 ? `${index + 1}/${instances.length}` : ""].filter(Boolean).join(" · "), sides: sidesOf(instance),
      message: this.message}).then(() => { if (!this.isClosed && this.instance === instance) this.update(); });
    this.tellAnatomy();
    this.jobs();
    this.strip.hidden = instances.length < 2;
    this.strip.replaceChildren(...instances.map((one, at) => el("button", {type: "button", "aria-pressed": at === index,
      words: {"aria-label": ["viewer.image_number", {number: at + 1, view: one.view ?? ""}]},
      on: {click: () => { this.select(null); this.showInstance(at); this.update(); this.strip.children[at]?.focus(); }}},
      el("img", {src: thumbnailOf(one.id), alt: "", width: 48, height: 48}), el("span", {}, outside(one.view ?? at + 1)))));
    this.others();
  }
  get instance() { return this.study.instances[this.instanceIndex]; }

  // ---- the other image beside it

  others() {
    const {instances, priors} = this.study, chosen = this.otherChoice.value;
    const entries = [...priors.map(one => [`${one.id} ${one.first_instance}`, [day(one.study_date),
      one.views.join(", ")].filter(Boolean).join(" · ") || moment(one.received)]),
      ...instances.filter(one => one !== this.instance).map(one =>
        [`${this.id} ${one.id}`, text("viewer.this_study", {view: one.view ?? one.name.slice(0, 30)})])];
    this.otherChoice.replaceChildren(...entries.map(([value, label]) => el("option", {value, textContent: label})));
    if (entries.some(([value]) => value === chosen)) this.otherChoice.value = chosen;
    this.priorButton.disabled = !entries.length;
    this.priorButton.setAttribute("data-count", priors.length);
    this.hasOthers = entries.length > 0;
  }
  togglePrior() {
    if (this.other) {
      this.other.close();
      this.other = null;
      this.activate(this.pane);
      this.pane.node.focus({preventScroll: true});
    } else {
      if (!this.hasOthers) return toast("viewer.no_priors");
      this.other = new Pane({label: "viewer.prior_image"});
      this.other.actions = {select: key => { this.other.setItems(this.other.items, this.styles, key); }, box: () => {}, add: () => {},
        direction: () => preference("drag", {})};
      // The boxes of a prior are only looked at.
      this.other.boxes.handleAt = () => null;
      this.other.grab = key => this.other.actions.select(key);
      this.other.addEventListener("window", () => this.tellPreset());
      this.other.addEventListener("shown", () => this.tellPreset());
      this.other.node.addEventListener("focusin", () => this.activate(this.other));
      this.panes.append(this.other.node);
      this.showOther(this.otherChoice.value);
    }
    this.otherBar.hidden = !this.other;
    this.panes.classList.toggle("two", Boolean(this.other));
    this.priorButton.setAttribute("aria-pressed", Boolean(this.other));
  }
  async showOther(choice) {
    const [studyId, instanceId] = choice.split(" "), {other} = this;
    const prior = this.study.priors.find(one => one.id === studyId);
    const own = this.study.instances.find(one => one.id === instanceId);
    other.show({id: instanceId}, {title: prior ? `${text("viewer.prior")} · ${day(prior.study_date)} · ${prior.views.join(", ")}`
      : text("viewer.this_study", {view: own?.view ?? ""}), sides: own ? sidesOf(own) : null});
    try {
      const study = studyId === this.id ? this.study : await json(`studies/${studyId}`);
      if (this.other !== other || this.otherChoice.value !== choice) return;
      other.sides = sidesOf(study.instances.find(one => one.id === instanceId) ?? {});
      const items = work.baseItems(study).filter(item => item.instance === instanceId &&
        (item.decision ? item.decision !== "rejected" : item.isShown));
      const show = () => other.setItems(items, this.styles, null);
      show();
      other.addEventListener("shown", show, {once: true});
    } catch { /* The image without its boxes is still worth seeing. */ }
  }

  // ---- state

  get state() { return work.applyEdits(this.base, this.history.edits); }
  isVisible(item) {
    if (item.decision || item.key === this.selected || item.source !== "model") return true;
    return this.slider?.isProtocol !== false ? item.isShown : passes(this.reader, item.modelLabel, item.score, this.slider.rate);
  }
  /** All that is to be seen, of the image that is shown. */
  visibleItems(state = this.state) { return grouped(state.items.filter(item => item.instance === this.instance?.id &&
    this.isVisible(item))); }
  get current() { return this.selected ? this.state.items.find(item => item.key === this.selected) ?? null : null; }

  update() {
    const state = this.state, items = this.visibleItems(state);
    if (this.selected && !items.some(item => item.key === this.selected)) this.selected = null;
    if (this.pane.levels) this.pane.setItems(items, this.styles, this.selected);
    this.findings.update(items, this.selected, this.styles, this.labels);
    const decided = items.filter(item => item.decision).length;
    this.findingsCount.textContent = items.length ? text("findings.decided", {decided, all: items.length}) : "";
    if (document.activeElement !== this.comment) this.comment.value = state.comment;
    this.complete.checked = state.complete;
    this.undoButton.disabled = !this.history.past.length;
    this.redoButton.disabled = !this.history.future.length;
    this.report.own = state.text;
    this.report.setStale(Object.values(this.history.edits.items).some(edit => !edit.isUndone));
    this.tellDraft();
  }
  tellDraft() {
    const {state} = this.draft, isAny = !work.isEmpty(this.history.edits);
    const word = !isAny && state !== "local" ? "" : state === "local" || state === "saving" && !navigator.onLine ? "draft.local"
      : state === "saving" ? "draft.saving" : state === "saved" ? "draft.saved" : "";
    const told = word ? text(word) : "";
    if (this.draftNote.textContent !== told) this.draftNote.textContent = told;
    this.draftNote.dataset.state = word;
    this.draftNote.classList.toggle("warning", word === "draft.local");
  }
  keep() { this.draft.keep(this.base.revision, this.history.edits, this.slider?.isProtocol ? null : this.slider?.rate); }
  change(edits, kind) {
    this.history.change(edits, kind);
    this.keep();
    this.update();
  }
  undo() { if (this.history.undo(Date.now())) { this.keep(); this.update(); this.report.setStudy(this.study, this.state.text);
    announce(text("review.undone")); } }
  redo() { if (this.history.redo(Date.now())) { this.keep(); this.update(); this.report.setStudy(this.study, this.state.text);
    announce(text("review.redone")); } }
  setField(name, value, kind = null) { this.change(work.setField(this.history.edits, name, value, Date.now()), kind); }

  select(key, isFocus = false) {
    if (key !== this.selected) this.pane.setHeat(null);
    if (key === this.selected) return;
    this.selected = key;
    this.update();
    const item = this.current;
    this.slider?.hover(item?.label ?? null);
    if (item) {
      if (!isFocus) announce(describe(item));
      this.showRow(this.findings.rows.get(key));
    }
  }
  /** Only the panel scrolls: on a phone, where the page does, the image must not run away from the finger. */
  showRow(row) {
    const scroller = this.panel.firstElementChild;
    if (!row || scroller.scrollHeight <= scroller.clientHeight || getComputedStyle(scroller).overflowY === "visible") return;
    const frame = scroller.getBoundingClientRect(), place = row.getBoundingClientRect();
    if (place.top < frame.top) scroller.scrollTop -= frame.top - place.top + 8;
    else if (place.bottom > frame.bottom) scroller.scrollTop += place.bottom - frame.bottom + 8;
  }
  /** Tab goes through the labels on the image by itself; these go through without leaving the image. */
  selectNext(step) {
    const items = this.visibleItems(), at = items.findIndex(item => item.key === this.selected);
    const next = items[at + step];
    if (!next) return false;
    this.select(next.key);
    this.pane.boxes.focus(next.key);
    this.bringIntoView(next);
    return true;
  }
  bringIntoView(item) {
    const {viewport} = this.pane;
    if (!viewport || viewport.isFitted) return;
    const [x, y, w, h] = viewport.boxToView(item.box);
    if (x < 0 || y < 0 || x + w > viewport.width || y + h > viewport.height) { viewport.bring(item.box[0] + item.box[2] / 2,
      item.box[1] + item.box[3] / 2, viewport.width / 2, viewport.height / 2); this.pane.draw(); }
  }

  accept() {
    const item = this.current;
    if (!item) return toast("review.select_first");
    if (item.source === "own") return;
    // Pressed once more, it is open again.
    if (item.decision && item.decision !== "rejected" && item.isTouched) this.change(work.undecide(this.history.edits, item, Date.now()));
    else this.change(work.accept(this.history.edits, item, Date.now()));
    announce(describe(this.current ?? item));
  }
  async reject() {
    const item = this.current;
    if (!item) return toast("review.select_first");
    if (item.source === "own") return this.remove();
    const reason = await askReason(this.settings.reject_reasons);
    if (!reason || this.isClosed) return;
    this.change(work.reject(this.history.edits, item, reason, Date.now()));
    announce(describe(this.current ?? item));
  }
  undecide() { const item = this.current; if (item && item.source === "model") this.change(work.undecide(this.history.edits, item,
    Date.now())); else if (item) this.change(work.accept(this.history.edits, item, Date.now())); }
  async relabel(label) {
    const item = this.current;
    if (!item) return toast("review.select_first");
    const wanted = label ?? await askLabel(this.labels, item.label, this.styles);
    if (!wanted || wanted === item.label || this.isClosed) return;
    this.change(work.setLabel(this.history.edits, item, wanted, Date.now()));
    announce(describe(this.current ?? item));
  }
  setBox(key, box, kind = null) {
    const item = this.state.items.find(one => one.key === key);
    if (item) this.change(work.setBox(this.history.edits, item, box, Date.now()), kind);
  }
  async addBox(box) {
    this.setTool("window");
    const instance = this.instance.id, label = await askLabel(this.labels, this.lastLabel, this.styles);
    if (!label || this.isClosed) return this.pane.draw();
    this.lastLabel = label;
    const key = `${instance}/o${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    this.selected = key;
    this.change(work.add(this.history.edits, {key, instance, label, box}, Date.now()));
    this.pane.paint();
    this.pane.boxes.focus(key);
    announce(text("review.added", {label}));
  }
  remove() {
    const item = this.current;
    if (!item) return;
    if (item.source !== "own") return this.reject();
    this.change(work.remove(this.history.edits, item, Date.now()));
    this.pane.node.focus({preventScroll: true});
    announce(text("review.removed"));
  }
  moveBy(dx, dy) {
    const item = this.current, {about} = this.pane;
    if (!item || !about) return;
    const [x, y, w, h] = item.box;
    this.setBox(item.key, boxWithin([x + dx, y + dy, w, h], about.columns, about.rows), `move ${item.key}`);
  }
  resizeBy(dx, dy) {
    const item = this.current, {about} = this.pane;
    if (!item || !about) return;
    const [x, y, w, h] = item.box;
    this.setBox(item.key, boxFromCorners(x, y, Math.max(x + 1, x + w + dx), Math.max(y + 1, y + h + dy), about.columns, about.rows),
      `size ${item.key}`);
  }

  setTool(name) {
    this.pane.setTool(name);
    this.other?.setTool(name === "add" ? "window" : name);
    for (const one of this.toolbar.querySelectorAll("[data-tool]")) one.setAttribute("aria-pressed", one.dataset.tool === name);
    if (name === "add" || name === "measure") { announce(text(`tool.${name}.help`));
      (name === "add" ? this.pane : this.active).node.focus({preventScroll: true}); }
  }
  toggleBoxes() {
    const areHidden = !this.pane.areBoxesHidden;
    if (areHidden && this.pane.chips.contains(document.activeElement)) this.pane.node.focus({preventScroll: true});
    this.pane.hideBoxes(areHidden);
    this.other?.hideBoxes(areHidden);
    this.boxButton.setAttribute("aria-pressed", !areHidden);
    announce(text(areHidden ? "viewer.boxes_hidden" : "viewer.boxes_shown"));
  }

  // ---- what came meanwhile

  async newer() {
    if (!this.base) return;
    const before = this.base.revision, hadEdits = !work.isEmpty(this.history.edits);
    let study;
    try { study = await json(`studies/${this.id}`, {isQuiet: true}); } catch { return; }
    if (this.isClosed) return;
    const fresh = study.readings.filter(one => one.id > (before ?? 0));
    if (!fresh.length || !hadEdits) {
      this.take(study);
      if (fresh.length) this.tell(["study.newer_shown", {name: fresh.at(-1).reader.name}]);
      return;
    }
    // One is working: it is told, and comes in when one wants it.
    Object.assign(this.study, {status: study.status, jobs: study.jobs, failure: study.failure});
    this.tell(["study.newer", {name: fresh.at(-1).reader.name}], ["study.look", () => { this.take(study); this.notice.hidden = true; }]);
  }
  /** The same edits over another ground. */
  take(study) {
    this.study = study;
    this.base = work.baseOf(study);
    this.history.edits = work.rebaseEdits(this.history.edits, this.base);
    this.head();
    this.history_();
    this.jobs();
    this.tellAnatomy();
    this.progress();
    this.others();
    this.update();
    this.report.setStudy(study, this.state.text);
  }
  tell(what, action) {
    this.notice.hidden = false;
    this.notice.replaceChildren(el("span", {class: "grow", w: what}),
      action ? el("button", {type: "button", w: action[0], on: {click: action[1]}}) : "",
      el("button", {type: "button", class: "quiet", w: "close",
      on: {click: () => { this.notice.hidden = true; this.pane.node.focus(); }}}));
  }
  fail(error) { toast(error.isOffline ? "error.offline" : error.status === 403 ? "error.forbidden" : error.status === 422
    ? "error.not_understood" : error.status === 507 ? "error.disk" : "error.server", true); }

  // ---- saving and signing

  async submit(isSign) {
    if (this.isSending) return;
    const state = this.state;
    // All images of the study count, not only the one that is shown.
    const undecided = isSign ? state.items.filter(item => !item.decision && this.isVisible(item)) : [];
    let rest = "leave";
    if (isSign) {
      const answer = await askSignature({patient: `${personName(this.study.patient.name) ?? this.study.instances[0]?.name ?? ""} · ${patientLine(this.study)}`, state, undecided, isSign, hasText: Boolean(state.text)});
      if (!answer || this.isClosed) return;
      rest = answer.rest;
    }
    await this.post(isSign, rest);
  }
  async post(isSign, rest) {
    this.isSending = true;
    this.signButton.disabled = this.saveButton.disabled = true;
    await this.draft.settle();
    try {
      const reading = await json(`studies/${this.id}/review`, {method: "POST", body: work.submission(this.state,
        {basedOn: this.base.revision || null, sign: isSign, rest, isVisible: item => this.isVisible(item)})});
      this.ownReading = reading.id;
      this.draft.drop();
      this.history = new work.History();
      toast(isSign ? "review.signed" : "review.saved");
      if (this.isClosed) return;
      const next = isSign ? nextOpen(this.id) : null;
      if (isSign) return void (location.hash = next ? `#/study/${next}` : "#/worklist");
      this.draft = new Draft(session.user, this.id);
      this.draft.addEventListener("state", () => this.tellDraft());
      this.take(await json(`studies/${this.id}`));
    } catch (error) {
      this.keep();
      if (error.status === 409) await this.conflict(error, isSign, rest);
      else { this.fail(error); if (error.isOffline) this.tell("review.kept"); }
    } finally {
      this.isSending = false;
      this.signButton.disabled = this.saveButton.disabled = false;
    }
  }
  async conflict(error, isSign, rest) {
    const wish = await askConflict(error.body.readings ?? []);
    if (this.isClosed) return;
    try { this.take(await json(`studies/${this.id}`)); } catch (fault) { return this.fail(fault); }
    this.keep();
    if (wish === "send") return this.post(isSign, rest);
    this.tell("conflict.merged");
  }
  go(step) {
    const id = neighbour(this.id, step);
    if (id) location.hash = `#/study/${id}`; else toast(step > 0 ? "study.no_next" : "study.no_previous");
  }

  key(event, name, isTyping) { return studyKey(this, event, name, isTyping); }
}

const isUrgent = study => (study.urgency ?? study.class) === "stat";
