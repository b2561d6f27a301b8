// The findings' page: filters, counts, keys. It reads what the page already shows and adds no text that came from a file.
'use strict';
const find = (selector) => document.querySelector(selector);
const score = find('#score'), which = find('#which');
const filters = [...document.querySelectorAll('.filter')];
const counts = new Map([...document.querySelectorAll('[data-count]')].map((cell) => [cell.dataset.count, cell]));
const marks = new Map([...document.querySelectorAll('.mark')].map((mark) => [mark.id, mark]));
const images = [...document.querySelectorAll('.image')].map((element) => ({
  element,
  empty: element.querySelector('.findings + .none'),
  noted: element.matches('.failed, .warned'),
  failed: element.matches('.failed'),
  findings: [...element.querySelectorAll('.findings li')].map((item) => ({
    item, kind: item.dataset.class, score: Number(item.dataset.score), mark: marks.get(item.querySelector('button').dataset.mark),
    surer: marks.get(item.dataset.surer),
  })),
}));

function apply() {
  const least = Number(score.value);
  const off = new Set(filters.filter((box) => !box.checked).map((box) => box.value));
  const shownByKind = new Map(), allByKind = new Map();
  let shownFindings = 0, imagesWith = 0, visible = 0;
  for (const image of images) {
    let shown = 0;
    for (const finding of image.findings) {
      // The slider's step is coarser than a score: the run's own threshold shows everything the run found.
      const show = !off.has(finding.kind) && (finding.score >= least || score.value === score.dataset.threshold);
      finding.item.hidden = !show;
      if (finding.mark) finding.mark.toggleAttribute('hidden', !show);
      allByKind.set(finding.kind, (allByKind.get(finding.kind) || 0) + 1);
      // The surer finding of a place stands before its other readings, so it is already shown or hidden.
      const alone = !finding.surer || finding.surer.hasAttribute('hidden');
      if (finding.surer && finding.mark) finding.mark.classList.toggle('alone', alone);
      if (show && alone) shown += 1;
      if (show) { shownByKind.set(finding.kind, (shownByKind.get(finding.kind) || 0) + 1); }
    }
    if (image.empty) image.empty.hidden = shown > 0;
    shownFindings += shown;
    if (shown) imagesWith += 1;
    const keep = which.value === 'all' || (which.value === 'with' && shown > 0)
      || (which.value === 'without' && shown === 0 && !image.failed) || (which.value === 'noted' && image.noted);
    image.element.hidden = !keep;
    if (keep) visible += 1;
  }
  for (const [kind, cell] of counts) cell.textContent = (shownByKind.get(kind) || 0) + ' / ' + (allByKind.get(kind) || 0);
  find('#score-shown').value = Number(score.value).toFixed(2);
  const failed = images.filter((image) => image.failed).length;
  find('#counts').textContent = shownFindings + (shownFindings === 1 ? ' finding' : ' findings') + ' shown, on ' + imagesWith + ' of ' + images.length + ' images'
    + (visible < images.length ? '; ' + visible + ' images listed' : '') + (failed ? '; ' + failed + ' could not be done' : '');
}
let waiting = false;
function later() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => { waiting = false; apply(); }, 16);
}
function look() {
  const root = document.documentElement;
  document.body.classList.toggle('no-boxes', !find('#boxes').checked);
  document.body.classList.toggle('no-labels', !find('#labels').checked);
  root.style.setProperty('--invert', find('#inverted').checked ? 1 : 0);
  root.style.setProperty('--brightness', find('#brightness').value);
  root.style.setProperty('--contrast', find('#contrast').value);
}
score.addEventListener('input', later);
which.addEventListener('change', apply);
for (const box of filters) box.addEventListener('change', apply);
for (const [name, on] of [['#all', true], ['#none', false]]) {
  find(name).addEventListener('click', () => { for (const box of filters) box.checked = on; apply(); });
}
for (const name of ['#boxes', '#labels', '#inverted', '#brightness', '#contrast']) find(name).addEventListener('input', look);
find('#reset').addEventListener('click', () => {
  find('#brightness').value = 1; find('#contrast').value = 1; find('#inverted').checked = false; look();
});

const main = find('#images');
const markOf = (event) => {
  const button = event.target.closest && event.target.closest('[data-mark]');
  return button ? [button, marks.get(button.dataset.mark)] : [null, null];
};
const heat = (on) => (event) => {
  const [button, mark] = markOf(event);
  if (mark && button.getAttribute('aria-pressed') !== 'true') mark.classList.toggle('hot', on);
};
main.addEventListener('mouseover', heat(true));
main.addEventListener('mouseout', heat(false));
main.addEventListener('focusin', heat(true));
main.addEventListener('focusout', heat(false));
main.addEventListener('click', (event) => {
  const [button, mark] = markOf(event);
  if (button) {
    const pressed = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(pressed));
    if (mark) mark.classList.toggle('hot', pressed);
    return;
  }
  const view = event.target.closest('.view');
  if (view) enlarge(view.closest('.image'));
});
function enlarge(image) {
  image.classList.toggle('large');
  image.scrollIntoView({block: 'start'});
}

function step(by) {
  const listed = images.map((image) => image.element).filter((element) => !element.hidden);
  const now = listed.indexOf(document.activeElement && document.activeElement.closest('.image'));
  const next = listed[Math.max(0, Math.min(listed.length - 1, now + (now < 0 && by < 0 ? listed.length : by)))];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({preventScroll: true});
  next.scrollIntoView({block: 'start'});
}
const keys = {
  b: () => toggle('#boxes'), l: () => toggle('#labels'), i: () => toggle('#inverted'), j: () => step(1), k: () => step(-1),
  e: () => { const image = document.activeElement && document.activeElement.closest('.image'); if (image) enlarge(image); },
};
function toggle(name) { find(name).checked = !find(name).checked; look(); }
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('select')) return;
  const act = keys[event.key.toLowerCase()];
  if (act) { act(); event.preventDefault(); }
});
find('#controls').hidden = false;
apply();
look();
