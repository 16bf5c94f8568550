// Opens a report page in Chromium and checks that it works. One line per assertion; exit code 1 if any fails.
//
//   node page.mjs report.html
//
// Needs playwright-core, and Chromium at $CHROMIUM (/usr/bin/chromium unless told).

import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';

const path = process.argv[2];
if (!path) {
  console.error('usage: node page.mjs report.html');
  process.exit(2);
}
const address = pathToFileURL(resolve(path)).href;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

let failed = 0;
function check(what, holds, seen = '') {
  if (!holds) failed += 1;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}${seen === '' ? '' : ` (${seen})`}`);
}

/** Opens the page and notes whatever it complains of or asks for. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const noted = { complaints: [], requests: [], dialogs: 0 };
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && noted.complaints.push(message.text()));
  page.on('pageerror', (error) => noted.complaints.push(error.message));
  page.on('request', (request) => noted.requests.push(request.url()));
  page.on('dialog', (dialog) => { noted.dialogs += 1; dialog.dismiss(); });
  await page.goto(address);
  // One frame drawn; without script frames call nobody back.
  if (options.javaScriptEnabled !== false) await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { context, page, noted };
}

const number = (text) => Number((text.match(/\d+/) || ['NaN'])[0]);
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const begun = performance.now();
const { context, page, noted } = await open();
// Told, not asserted: how long it takes depends on the machine.
console.log(`     opened and drawn in ${Math.round(performance.now() - begun)} ms`);

// How it is built
check('the page has one first heading and a main part', await page.locator('h1').count() === 1 && await page.locator('main').count() === 1);
const levels = await page.locator('h1, h2, h3').evaluateAll((all) => all.map((one) => Number(one.tagName[1])));
check('headings are in order', levels.every((level, at) => at === 0 || level <= levels[at - 1] + 1));
const twice = await page.evaluate(() => {
  const ids = Array.from(document.querySelectorAll('[id]'), (one) => one.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
});
check('no anchor stands twice', twice.length === 0, twice.slice(0, 3).join(' '));
const bare = await page.locator('table').evaluateAll((all) => all.filter((one) => !one.caption || one.querySelector('th:not([scope="col"])')).length);
check('every table has a caption and headings with a scope', bare === 0);
const dead = await page.locator('nav a').evaluateAll((all) => all.filter((one) => !document.querySelector(one.hash)).length);
check('every way leads to a section', dead === 0);
const handlers = await page.evaluate(() => Array.from(document.querySelectorAll('*'))
  .filter((one) => Array.from(one.attributes).some((attribute) => /^on/i.test(attribute.name))).length);
check('no element carries a handler', handlers === 0);
check('the only script is the page\'s own', await page.locator('script').count() === 1);
const missing = await page.evaluate(() => Array.from(document.styleSheets[0].cssRules, (rule) => rule.cssText).join('\n')
  .match(/url\("#[^"]+"\)/g).map((url) => url.slice(6, -2)).filter((id) => !document.getElementById(id)));
check('every pattern that the style names is there', missing.filter((id) => !id.startsWith('map-')).length === 0, missing.join(' '));

// Tables
const column = (table, at) => table.locator('tbody tr').evaluateAll((rows, at) => rows.map((row) => {
  const cell = row.cells[at];
  return cell.dataset.sort === undefined ? null : Number(cell.dataset.sort);
}), at);
const table = page.locator('.table table').filter({ has: page.locator('th.numeric') }).first();
if (await table.count()) {
  const heads = await table.locator('th').evaluateAll((all) => all.map((one) => one.classList.contains('numeric')));
  const at = heads.indexOf(true);
  const head = table.locator('th').nth(at);
  const ordered = (values, direction) => {
    const known = values.filter((value) => value !== null);
    const last = values.slice(known.length).every((value) => value === null);
    return last && known.every((value, place) => place === 0 || direction * (value - known[place - 1]) >= 0);
  };
  await head.locator('button').click();
  check('a click on a heading sorts upwards', ordered(await column(table, at), 1) && await head.getAttribute('aria-sort') === 'ascending');
  await head.locator('button').press('Enter');
  check('the Enter key on it sorts downwards', ordered(await column(table, at), -1) && await head.getAttribute('aria-sort') === 'descending');
}
const filtered = page.locator('.table').filter({ has: page.locator('.tools input') }).first();
if (await filtered.count()) {
  await filtered.locator('.tools input').fill('\u0007 nowhere');
  check('the filter of a table hides what does not match', await filtered.locator('tbody tr:visible').count() === 0, await filtered.locator('output').textContent());
  await filtered.locator('.tools input').fill('');
  check('and shows it again', await filtered.locator('tbody tr:visible').count() > 0, await filtered.locator('output').textContent());
}

// What a row is about is chosen by its name.
const linked = page.locator('.table tr[data-about] button.subject').first();
if (await linked.count()) {
  const about = await linked.evaluate((one) => one.closest('tr').dataset.about);
  await linked.click();
  check('a click on a name in a table chooses it', await page.locator('.findings .clear').isVisible() || await page.locator('.chosen').isVisible());
  const own = await page.locator('.finding').evaluateAll((all, about) => all.filter((one) => one.dataset.about === about).length, about);
  check('and shows its findings', number(await page.locator('.findings output').textContent()) === own, own);
  check('and marks its rows', await page.locator('tr.marked').count() > 0);
  await page.keyboard.press('Escape');
  // The map went to it.
  if (await page.locator('.map').count()) await page.locator('[data-zoom="fit"]').click();
}

// Findings
const count = async () => number(await page.locator('.findings output').textContent());
const everything = await count();
const listed = await page.locator('.finding').count();
check('all findings are counted', everything === listed, everything);
check('at most a hundred are laid out at first', await page.locator('.finding:visible').count() === Math.min(100, listed));
if (listed > 100) {
  await page.locator('.findings .more button').click();
  check('a button shows more', await page.locator('.finding:visible').count() === Math.min(200, listed));
}
if (listed > 1) {
  const word = await page.locator('.finding code').last().textContent();
  await page.locator('.findings input[name="text"]').fill(word);
  check('the search of the findings changes the count', await count() < everything && await count() > 0, await count());
  await page.locator('.findings input[name="text"]').fill('');
  for (const name of ['outcome', 'requirement', 'place']) {
    const select = page.locator(`.findings select[name="${name}"]`);
    if (await select.locator('option').count() < 3) continue;
    await select.selectOption({ index: 1 });
    check(`choosing by ${name} changes the count`, await count() < everything && await count() > 0, await count());
    await select.selectOption({ index: 0 });
  }
  check('without a filter all are back', await count() === everything);
}

// The map
if (await page.locator('.map').count()) {
  // A shape that findings are about, pressed where nothing lies on it.
  const target = await page.evaluate(() => {
    const about = new Set(Array.from(document.querySelectorAll('.finding'), (one) => one.dataset.about));
    document.querySelector('.map').scrollIntoView({ block: 'center' });
    for (const shape of document.querySelectorAll('.map path.shape[role="button"], .map circle.shape[role="button"]')) {
      if (!about.has(shape.dataset.about)) continue;
      const box = shape.getBoundingClientRect();
      for (let step = 1; step < 20; step += 1) {
        const [x, y] = [box.left + box.width * 0.5, box.top + (box.height * step) / 20];
        if (document.elementFromPoint(x, y) === shape) return { x, y, about: shape.dataset.about };
      }
    }
    return null;
  });
  if (target) {
    const own = await page.locator('.finding').evaluateAll((all, about) => all.filter((one) => one.dataset.about === about).length, target.about);
    await page.mouse.move(target.x, target.y);
    check('pointing at a shape tells of it', await page.locator('.tip').isVisible());
    await page.mouse.click(target.x, target.y);
    check('a click on a shape filters the findings', await count() === own && own < everything, `${own} of ${everything}`);
    check('the shape is outlined', await page.locator('.outline > *').count() > 0);
    await page.mouse.click(target.x, target.y);
    check('a second click clears', await count() === everything);
    await page.mouse.click(target.x, target.y);
    await page.keyboard.press('Escape');
    check('so does Esc', await count() === everything && await page.locator('.outline > *').count() === 0);
    await page.evaluate((about) => Array.from(document.querySelectorAll('.shape')).find((one) => one.dataset.about === about).focus(), target.about);
    await page.keyboard.press('Enter');
    check('Enter on a shape chooses it', await count() === own);
    await page.keyboard.press('Escape');
  }
  const stops = page.locator('.shape[tabindex="0"]');
  if (await page.locator('.shape').count() > 1) {
    check('the shapes are one stop of the Tab key', await stops.count() === 1);
    const label = () => stops.getAttribute('aria-label');
    await stops.focus();
    const before = await label();
    await page.keyboard.press('PageDown');
    const after = await label();
    check('on a shape PageDown goes to the next one', before !== after && await stops.evaluate((one) => one === document.activeElement));
    await page.keyboard.press('PageUp');
    check('and PageUp back', await label() === before);
    const where = () => stops.evaluate((one) => one.getBoundingClientRect().left + one.getBoundingClientRect().width / 2);
    let went = 0;
    for (const [key, way] of [['ArrowRight', 1], ['ArrowLeft', -1]]) {
      const start = await where();
      const from = await label();
      await page.keyboard.press(key);
      if (await label() === from) continue;
      went += 1;
      check(`${key} goes that way`, way * (await where() - start) > 0);
    }
    check('arrows go from shape to shape', went > 0);
    await page.keyboard.press('Escape');
    await page.locator('[data-zoom="fit"]').click();
  }
  const frame = () => page.locator('.map-view').evaluate((svg) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(svg.getAttribute('viewBox'))))));
  const start = await frame();
  await page.locator('[data-zoom="in"]').click();
  const near = await frame();
  check('the map zooms', Number(near.split(' ')[2]) < Number(start.split(' ')[2]));
  const box = await page.locator('.map-box').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2 + 40, { steps: 5 });
  await page.mouse.up();
  check('the map can be dragged, and that chooses nothing', await frame() !== near && await count() === everything);
  await page.locator('[data-zoom="fit"]').click();
  check('and fits again', await frame() === start);
  const layer = page.locator('.map-side input[type="checkbox"]').first();
  await layer.uncheck();
  check('a layer can be hidden', await page.locator(`#${await layer.inputValue()}`).evaluate((one) => getComputedStyle(one).display === 'none'));
  await layer.check();
  const label = await page.locator('.shape[role="button"]').first().evaluate((one) => one.getAttribute('aria-label').split('\n')[0]);
  await page.locator('.map .search input').fill(label.slice(0, 40));
  check('a shape can be found by its name', await page.locator('.results button').count() > 0);
  await page.locator('.map .search input').press('Enter');
  check('what is found is chosen', await page.locator('.outline > *').count() > 0);
  await page.keyboard.press('Escape');
}

// Paper
const paper = await page.pdf({ preferCSSPageSize: true, printBackground: true });
check('it prints', paper.subarray(0, 5).toString() === '%PDF-', `${Math.round(paper.length / 1024)} KiB`);
check('what was opened for paper is folded again', await page.locator('details[open]').count() === 0);
await page.emulateMedia({ media: 'print' });
check('ways and filters are not on paper', await page.locator('nav:visible, form:visible, .zoom:visible').count() === 0);
const printed = () => page.evaluate(() => {
  dispatchEvent(new Event('beforeprint'));
  const seen = Array.from(document.querySelectorAll('.finding dl')).filter((one) => one.checkVisibility({ contentVisibilityAuto: false })).length;
  dispatchEvent(new Event('afterprint'));
  return seen;
});
check('working is not on paper unless it is asked for', await printed() === 0);
await page.emulateMedia({ media: 'screen' });
if (listed) {
  await page.locator('[name="working"]').check();
  check('asking for it changes no filter', await count() === everything);
  await page.emulateMedia({ media: 'print' });
  check('asked for, the working of every finding is on paper', await printed() === listed, listed);
  await page.emulateMedia({ media: 'screen' });
  await page.locator('[name="working"]').uncheck();
}

// Light and dark, wide and narrow, with and without script
const light = await background(page);
await page.emulateMedia({ colorScheme: 'dark' });
check('dark mode changes the background', await background(page) !== light, `${light} to ${await background(page)}`);
await page.emulateMedia({ colorScheme: 'light' });
for (const width of [1280, 768, 390]) {
  await page.setViewportSize({ width, height: 844 });
  check(`nothing stands out sideways at ${width}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}
check('no complaints', noted.complaints.length === 0, noted.complaints.slice(0, 3).join('; '));
check('nothing is asked for but the file', noted.requests.every((url) => url === address), noted.requests.length);
check('no dialog was opened', noted.dialogs === 0);
await context.close();

const plain = await open({ javaScriptEnabled: false });
check('without script every finding is there', await plain.page.locator('.finding').count() === listed);
check('without script no control is shown that needs one', await plain.page.locator('.needs-script:visible').count() === 0);
await plain.context.close();

await browser.close();
console.log(failed ? `${failed} failed` : 'all hold');
process.exit(failed ? 1 : 0);
