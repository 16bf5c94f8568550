// What the page does when one works with it. Without this script it is complete and readable; this adds
// choosing, filtering, sorting and zooming. Data is only ever set as text, never as markup.
(function () {
  'use strict';

  const root = document.documentElement;
  root.classList.add('js');
  const t = (zh, en) => (root.lang.startsWith('zh') ? zh : en);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const compare = new Intl.Collator(['zh', 'en'], { numeric: true }).compare;
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const later = (run) => {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; run(); });
    };
  };

  // One thing at most is chosen. Map, tables and findings are told of it alike.
  let chosen = '';
  const listeners = [];
  function choose(about, label) {
    chosen = about === chosen ? '' : about;
    listeners.forEach((listener) => listener(chosen, label || ''));
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && chosen) choose('');
  });

  document.addEventListener('click', (event) => {
    const subject = event.target.closest('button.subject');
    if (subject) choose(subject.closest('[data-about]').dataset.about, subject.textContent);
  });

  function navigation() {
    const links = all('nav a');
    const sections = links.map((link) => document.getElementById(link.hash.slice(1))).filter(Boolean);
    const show = later(() => {
      // The last section whose heading has passed the upper third of the window.
      const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 3);
      const now = passed.length ? passed[passed.length - 1].id : '';
      links.forEach((link) => {
        if (link.hash !== '#' + now) link.removeAttribute('aria-current');
        else if (!link.hasAttribute('aria-current')) {
          link.setAttribute('aria-current', 'true');
          link.closest('ul').scrollLeft = link.offsetLeft - 40;
        }
      });
    });
    addEventListener('scroll', show, { passive: true });
    show();
  }

  function tables() {
    all('table').forEach((table) => {
      const body = table.tBodies[0];
      const heads = all('th', table);
      heads.forEach((head, column) => {
        head.firstElementChild.addEventListener('click', () => {
          const down = head.getAttribute('aria-sort') === 'ascending';
          heads.forEach((other) => other.removeAttribute('aria-sort'));
          head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
          sort(body, column, down ? -1 : 1);
        });
      });
    });
    all('.table').forEach((block) => {
      const input = block.querySelector('.tools input');
      if (!input) return;
      const rows = all('tbody tr', block).map((row) => ({ row, text: row.textContent.toLowerCase() }));
      const filter = () => {
        const wanted = input.value.trim().toLowerCase();
        let shown = 0;
        rows.forEach(({ row, text }) => {
          row.hidden = !text.includes(wanted);
          shown += row.hidden ? 0 : 1;
        });
        block.querySelector('output').textContent = `${shown} / ${rows.length}`;
      };
      input.addEventListener('input', filter);
      filter();
    });
    listeners.push((about) => {
      all('tr[data-about]').forEach((row) => row.classList.toggle('marked', row.dataset.about === about));
    });
  }

  // By number where there is one, then by text; what is empty or has no number comes last either way.
  function sort(body, column, direction) {
    const keyed = Array.from(body.rows).map((row) => {
      const cell = row.cells[column];
      const text = cell ? cell.textContent.trim() : '';
      return { row, text, number: cell && 'sort' in cell.dataset ? Number(cell.dataset.sort) : NaN };
    });
    const numbers = keyed.some((one) => !Number.isNaN(one.number));
    const last = (one) => (numbers ? Number.isNaN(one.number) : one.text === '');
    keyed.sort((a, b) => {
      if (last(a) || last(b)) return last(a) - last(b);
      return direction * (numbers ? a.number - b.number : compare(a.text, b.text));
    });
    body.append(...keyed.map((one) => one.row));
  }

  function stages() {
    const section = document.getElementById('stages');
    const tools = section && section.querySelector('.tools');
    if (!tools) return;
    const estates = all('.estate', section);
    const [name, unmet] = all('input', tools);
    const filter = () => {
      const wanted = name.value.trim().toLowerCase();
      estates.forEach((estate) => {
        const named = estate.querySelector('.name').textContent.toLowerCase().includes(wanted);
        estate.hidden = !named || (unmet.checked && estate.dataset.unmet === '0');
      });
      tools.querySelector('output').textContent = `${estates.filter((one) => !one.hidden).length} / ${estates.length}`;
    };
    [name, unmet].forEach((input) => input.addEventListener('input', filter));
    all('[data-fold]', tools).forEach((button) => button.addEventListener('click', () => {
      estates.forEach((estate) => { estate.open = button.dataset.fold === 'open'; });
    }));
    listeners.push((about) => estates.forEach((estate) => {
      const is = about !== '' && estate.dataset.about === about;
      // One that was opened for a choice is folded with it; one that the reader opened stays.
      if (is !== estate.classList.contains('marked')) estate.open = is;
      estate.classList.toggle('marked', is);
    }));
    filter();
  }

  const PAGE = 100;

  function findings(block) {
    const form = block.querySelector('form');
    const [more] = all('.more button', block);
    const about = form.querySelector('.about');
    const rows = all('.finding', block).map((row) => ({
      row,
      about: row.dataset.about,
      outcome: row.dataset.outcome,
      requirement: row.querySelector('.requirement').textContent,
      place: (row.querySelector('.place') || { textContent: '' }).textContent,
      text: null,
    }));
    const outcomes = new Map(rows.map((one) => [one.outcome, one.row]));
    outcomes.forEach((row, value) => {
      form.elements.outcome.append(make('option', { value, textContent: row.querySelector('.badge').textContent }));
    });
    let room = PAGE;
    let matching = rows;
    const show = () => {
      // Only the first are laid out: a thousand findings open as fast as a hundred.
      rows.forEach((one) => { one.row.hidden = true; });
      matching.slice(0, room).forEach((one) => { one.row.hidden = false; });
      const left = matching.length - room;
      more.hidden = left <= 0;
      more.textContent = t(`再显示 ${Math.min(left, PAGE)} 条（还有 ${left} 条）`, `show ${Math.min(left, PAGE)} more (${left} left)`);
      form.querySelector('output').textContent = t(`${matching.length} / ${rows.length} 条`, `${matching.length} of ${rows.length}`);
    };
    const filter = () => {
      const { text, outcome, requirement, place } = form.elements;
      const wanted = text.value.trim().toLowerCase();
      const says = (one) => {
        if (one.text === null) one.text = one.row.textContent.toLowerCase();
        return one.text.includes(wanted);
      };
      matching = rows.filter((one) => (!chosen || one.about === chosen)
        && (!outcome.value || one.outcome === outcome.value)
        && (!requirement.value || one.requirement === requirement.value)
        && (!place.value || one.place === place.value)
        && (!wanted || says(one)));
      room = PAGE;
      show();
    };
    more.addEventListener('click', () => {
      const next = matching[room].row;
      room += PAGE;
      show();
      next.querySelector('summary').focus();
    });
    form.addEventListener('input', (event) => { if (event.target.name !== 'working') filter(); });
    form.addEventListener('submit', (event) => event.preventDefault());
    about.addEventListener('click', () => choose(''));
    listeners.push((now, label) => {
      about.hidden = !now;
      about.textContent = `${label} ✕`;
      about.setAttribute('aria-label', t(`取消选择 ${label}`, `clear ${label}`));
      filter();
    });
    // Printed, everything that the filter lets through is there.
    addEventListener('beforeprint', () => matching.forEach((one) => { one.row.hidden = false; }));
    addEventListener('afterprint', show);
    filter();
    block.querySelector('.cards').classList.add('ready');
  }

  function map(block) {
    const svg = block.querySelector('.map-view');
    const box = block.querySelector('.map-box');
    const tip = block.querySelector('.tip');
    const outline = svg.querySelector('.outline');
    const patterns = all('pattern', svg);
    const shapes = all('.shape', svg);
    const { width, height } = svg.viewBox.baseVal;
    const view = { x: width / 2, y: height / 2, zoom: 1 };
    const said = (shape) => {
      const text = shape.getAttribute('aria-label');
      const end = text.indexOf('\n');
      return { label: text.slice(0, end), tip: text.slice(end + 1).trim() };
    };

    const centre = (shape) => {
      const bounds = shape.getBBox();
      return { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 };
    };

    // Pixels to a unit of the map.
    const pixels = () => Math.min(box.clientWidth / width, box.clientHeight / height) * 0.97 * view.zoom;

    function look(x, y, wide, high, pixelsPerUnit) {
      svg.setAttribute('viewBox', `${x} ${y} ${wide} ${high}`);
      // Points, names and patterns keep their size on the screen; points grow a little.
      svg.style.setProperty('--unit', 1 / pixelsPerUnit);
      svg.style.setProperty('--dot', `${4.5 * Math.min(2, Math.sqrt(view.zoom))}px`);
      patterns.forEach((one) => one.setAttribute('patternTransform', `scale(${1 / pixelsPerUnit})`));
    }
    const names = namesOf(svg, shapes, said);
    const draw = () => {
      const scale = pixels();
      if (!(scale > 0)) return;
      view.x = Math.min(width, Math.max(0, view.x));
      view.y = Math.min(height, Math.max(0, view.y));
      const [wide, high] = [box.clientWidth / scale, box.clientHeight / scale];
      look(view.x - wide / 2, view.y - high / 2, wide, high, scale);
      names(scale);
      bar(scale);
    };
    const redraw = later(draw);
    const zoom = (factor, at) => {
      const before = pixels();
      view.zoom = Math.min(60, Math.max(1, view.zoom * factor));
      if (at) {
        // What is under the pointer stays there.
        const frame = box.getBoundingClientRect();
        const gone = 1 / before - 1 / pixels();
        view.x += (at.x - frame.left - frame.width / 2) * gone;
        view.y += (at.y - frame.top - frame.height / 2) * gone;
      }
      redraw();
    };
    const fit = () => { Object.assign(view, { x: width / 2, y: height / 2, zoom: 1 }); redraw(); };
    const move = (across, down) => { view.x += across / pixels(); view.y += down / pixels(); redraw(); };

    // A scale bar of a round length that fits, whatever the zoom.
    const scaleBar = block.querySelector('.scale');
    const bar = (() => {
      if (!scaleBar) return () => {};
      const text = scaleBar.firstElementChild;
      const metres = parseFloat(text.textContent) * (/千米|km/.test(text.textContent) ? 1000 : 1);
      const perMetre = Number(scaleBar.dataset.units) / metres;
      return (scale) => {
        const most = Math.min(220, box.clientWidth / 3) / (perMetre * scale);
        const power = 10 ** Math.floor(Math.log10(most));
        const length = [5, 2, 1].map((step) => step * power).find((one) => one <= most);
        scaleBar.style.width = `${length * perMetre * scale}px`;
        text.textContent = length >= 1000 ? `${length / 1000} ${t('千米', 'km')}` : `${Number(length.toPrecision(1))} ${t('米', 'm')}`;
      };
    })();

    // Pointers: one drags, two pinch. A press that hardly moved is a click.
    const pointers = new Map();
    let moved = 0;
    svg.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (pointers.size === 1) moved = 0;
    });
    svg.addEventListener('pointermove', (event) => {
      const last = pointers.get(event.pointerId);
      if (!last) return;
      const now = { x: event.clientX, y: event.clientY };
      const other = Array.from(pointers).filter(([id]) => id !== event.pointerId).map(([, at]) => at)[0];
      const part = other ? 0.5 : 1;
      moved += Math.hypot(now.x - last.x, now.y - last.y);
      if (moved < 5) return;
      // Captured only now: a captured pointer would click on the map and not on the shape.
      svg.setPointerCapture(event.pointerId);
      svg.classList.add('moving');
      tip.hidden = true;
      if (other) {
        const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) || 1;
        zoom(apart(now, other) / apart(last, other), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      }
      move((last.x - now.x) * part, (last.y - now.y) * part);
      pointers.set(event.pointerId, now);
    });
    ['pointerup', 'pointercancel', 'lostpointercapture'].forEach((kind) => svg.addEventListener(kind, (event) => {
      pointers.delete(event.pointerId);
      if (!pointers.size) svg.classList.remove('moving');
    }));
    svg.addEventListener('wheel', (event) => {
      event.preventDefault();
      zoom(2 ** (-event.deltaY / (event.deltaMode ? 10 : 300)), { x: event.clientX, y: event.clientY });
    }, { passive: false });
    const keys = {
      ArrowLeft: () => move(-60, 0), ArrowRight: () => move(60, 0), ArrowUp: () => move(0, -60), ArrowDown: () => move(0, 60),
      '+': () => zoom(1.5), '=': () => zoom(1.5), '-': () => zoom(1 / 1.5), 0: fit,
    };
    // Shapes share one stop of the Tab key. On the map arrows move the map; on a shape they go to the next shape that way.
    let stop = shapes[0];
    const stopAt = (shape) => {
      stop.setAttribute('tabindex', '-1');
      stop = shape;
      stop.setAttribute('tabindex', '0');
    };
    shapes.forEach((shape) => shape.setAttribute('tabindex', '-1'));
    if (stop) stopAt(stop);
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const shown = (shape) => shape.getBBox().width > 0 && !shape.parentNode.classList.contains('off');
    const step = (from, [right, down]) => {
      const start = centre(from);
      const found = shapes.filter((shape) => shape !== from && shown(shape)).map((shape) => {
        const [x, y] = [centre(shape).x - start.x, centre(shape).y - start.y];
        const [along, aside] = [x * right + y * down, Math.abs(x * down) + Math.abs(y * right)];
        return { shape, far: along > 0 ? along + 2 * aside : Infinity };
      }).reduce((best, one) => (one.far < best.far ? one : best), { far: Infinity });
      if (found.shape) found.shape.focus();
    };
    // In the order of the page, past the last to the first: this way none is out of reach.
    const turn = (from, by) => {
      const some = shapes.filter((shape) => shape === from || shown(shape));
      some[(some.indexOf(from) + by + some.length) % some.length].focus();
    };
    svg.addEventListener('keydown', (event) => {
      const shape = event.target.closest('.shape');
      const ofShape = shape && {
        Enter: () => pick(shape), ' ': () => pick(shape), PageDown: () => turn(shape, 1), PageUp: () => turn(shape, -1),
      };
      const run = shape && ways[event.key] ? () => step(shape, ways[event.key]) : (ofShape && ofShape[event.key]) || keys[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey || !run) return;
      event.preventDefault();
      run();
    });
    const buttons = { in: () => zoom(1.5), out: () => zoom(1 / 1.5), fit };
    all('[data-zoom]', block).forEach((button) => button.addEventListener('click', buttons[button.dataset.zoom]));

    const pick = (shape) => { if (shape.dataset.about) choose(shape.dataset.about, said(shape).label); };
    svg.addEventListener('click', (event) => {
      const shape = event.target.closest('.shape');
      if (shape && moved < 5) pick(shape);
    });

    // The tip, beside the pointer or the shape that has the focus, and within the box.
    const showTip = (shape, x, y) => {
      const words = said(shape);
      const frame = box.getBoundingClientRect();
      tip.firstElementChild.textContent = words.label;
      tip.lastElementChild.textContent = words.tip;
      tip.hidden = false;
      const within = (at, size, room) => Math.max(4, at + 14 + size > room ? at - 14 - size : at + 14);
      tip.style.left = `${within(x - frame.left, tip.offsetWidth, frame.width)}px`;
      tip.style.top = `${within(y - frame.top, tip.offsetHeight, frame.height)}px`;
    };
    svg.addEventListener('pointermove', (event) => {
      const shape = event.target.closest('.shape');
      if (shape && !pointers.size) showTip(shape, event.clientX, event.clientY);
      else tip.hidden = true;
    });
    svg.addEventListener('pointerleave', () => { tip.hidden = true; });
    svg.addEventListener('focusout', () => { tip.hidden = true; });
    svg.addEventListener('focusin', (event) => {
      const shape = event.target.closest('.shape');
      if (!shape) return;
      stopAt(shape);
      if (!shape.matches(':focus-visible')) return;
      const { x, y } = centre(shape);
      const scale = pixels();
      if (Math.abs(x - view.x) * scale > box.clientWidth / 2 || Math.abs(y - view.y) * scale > box.clientHeight / 2) {
        Object.assign(view, { x, y });
        draw();
      }
      const at = shape.getBoundingClientRect();
      showTip(shape, at.left + at.width / 2, at.top + at.height / 2);
    });

    // Layers
    const layers = all('.map-side [type="checkbox"]', block);
    const apply = () => {
      layers.forEach((input) => document.getElementById(input.value).classList.toggle('off', !input.checked));
      redraw();
    };
    layers.forEach((input) => input.addEventListener('change', apply));

    // Brings a shape into view, and its layer.
    const show = (shape) => {
      const layer = layers.find((input) => input.value === shape.parentNode.id);
      if (layer && !layer.checked) { layer.checked = true; apply(); }
      const bounds = shape.getBBox();
      const room = Math.max(bounds.width / width, bounds.height / height, 0.02);
      Object.assign(view, centre(shape), { zoom: Math.min(12, Math.max(1, 0.3 / room)) });
      redraw();
    };

    // What is chosen: outlined above everything, with what is said of it beside the map.
    const note = block.querySelector('.chosen');
    note.querySelector('.clear').addEventListener('click', () => choose(''));
    listeners.push((about) => {
      const found = about ? shapes.filter((shape) => shape.dataset.about === about) : [];
      outline.replaceChildren(...found.map((shape) => {
        const copy = document.createElementNS(svg.namespaceURI, shape.tagName);
        ['d', 'cx', 'cy', 'r'].forEach((name) => shape.hasAttribute(name) && copy.setAttribute(name, shape.getAttribute(name)));
        return copy;
      }));
      shapes.forEach((shape) => shape.getAttribute('role') === 'button' && shape.setAttribute('aria-pressed', String(found.includes(shape))));
      note.hidden = !found.length;
      if (!found.length) return;
      const words = said(found[0]);
      const open = all('.finding').filter((row) => row.dataset.about === about).length;
      note.querySelector('strong').textContent = words.label;
      note.querySelector('.said').textContent = words.tip;
      note.querySelector('a').textContent = t(`看它的 ${open} 条结论`, `see its findings (${open})`);
    });
    document.addEventListener('click', (event) => {
      const subject = event.target.closest('button.subject');
      const shape = subject && chosen && shapes.find((one) => one.dataset.about === chosen);
      if (!shape) return;
      show(shape);
      box.scrollIntoView({ block: 'center' });
    });

    // Search: what starts with the words first.
    const input = block.querySelector('.search input');
    const results = block.querySelector('.results');
    const find = () => {
      const wanted = input.value.trim().toLowerCase();
      const found = shapes.map((shape) => ({ shape, label: said(shape).label }))
        .map((one) => ({ ...one, at: one.label.toLowerCase().indexOf(wanted) }))
        .filter((one) => wanted && one.at >= 0)
        .sort((a, b) => (a.at > 0) - (b.at > 0) || a.label.length - b.label.length)
        .slice(0, 8);
      results.replaceChildren(...found.map(({ shape, label }) => {
        const item = make('li');
        const button = make('button', { type: 'button', dir: 'auto', textContent: label });
        button.addEventListener('click', () => {
          show(shape);
          if (shape.dataset.about !== chosen) pick(shape);
          results.replaceChildren();
        });
        item.append(button);
        return item;
      }));
      if (wanted && !found.length) results.append(make('li', { textContent: t('没有找到', 'nothing found') }));
    };
    input.addEventListener('input', find);
    input.addEventListener('keydown', (event) => {
      const first = results.querySelector('button');
      if (event.key === 'Enter' && first) first.click();
    });

    // Paper shows the whole map, about 690 pixels wide.
    let printing = false;
    addEventListener('beforeprint', () => {
      printing = true;
      view.zoom = 1;
      look(0, 0, width, height, 690 / width);
      names(690 / width);
      bar(690 / width);
    });
    addEventListener('afterprint', () => { printing = false; draw(); });
    new ResizeObserver(() => { if (!printing) redraw(); }).observe(box);
    apply();
  }

  // Names of areas, where there is room for them and no other name: larger areas first.
  function namesOf(svg, shapes, said) {
    const group = svg.querySelector('.names');
    let areas = null;
    return (scale) => {
      areas = areas || shapes.filter((shape) => shape.tagName === 'path').map((shape) => {
        const { x, y, width, height } = shape.getBBox();
        const label = said(shape).label;
        const wide = Array.from(label).reduce((sum, letter) => sum + (letter > '\u2e80' ? 11 : 6.5), 0);
        // A community's name stands above its estates and rooms, which lie around its middle.
        const down = shape.parentNode.id === 'layer-communities' ? 0.2 : 0.5;
        return { shape, label, wide, x: x + width / 2, y: y + height * down, width, height };
      }).sort((a, b) => b.width - a.width);
      const taken = [];
      const texts = [];
      const { x, y, width, height } = svg.viewBox.baseVal;
      areas.forEach((one) => {
        const away = one.x < x || one.y < y || one.x > x + width || one.y > y + height;
        if (away || one.wide > one.width * scale || one.height * scale < 14 || one.shape.parentNode.classList.contains('off')) return;
        const near = (other) => Math.abs(one.x - other.x) * scale < (one.wide + other.wide) / 2 && Math.abs(one.y - other.y) * scale < 14;
        if (taken.some(near)) return;
        taken.push(one);
        const text = document.createElementNS(svg.namespaceURI, 'text');
        text.setAttribute('x', one.x);
        text.setAttribute('y', one.y);
        text.textContent = one.label;
        texts.push(text);
      });
      group.replaceChildren(...texts);
    };
  }

  // What is folded is open on paper, and then as it was. The working of a finding is there if it is open, or asked for.
  function printing() {
    let folded = [];
    addEventListener('beforeprint', () => {
      const working = document.querySelector('[name="working"]');
      folded = all('details:not([open])').filter((one) => (working && working.checked) || !one.closest('.finding'));
      folded.forEach((one) => { one.open = true; });
    });
    addEventListener('afterprint', () => folded.forEach((one) => { one.open = false; }));
  }

  navigation();
  tables();
  stages();
  all('.findings').forEach(findings);
  all('.map').forEach(map);
  printing();
})();
