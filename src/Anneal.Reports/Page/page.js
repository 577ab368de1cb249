"use strict";
// The page around the charts: legends, zoom, what readers ask of curves, tables that sort, code that copies.
(() => {
  const { element, swatch, tip } = anneal;
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const places = [];

  // Charts that are read together are zoomed together.
  const together = place => places.filter(other => other === place || (place.chart.together && other.chart.together === place.chart.together));

  const button = (text, title, press) => {
    const made = element("button", text);
    made.type = "button";
    made.title = title;
    made.addEventListener("click", press);
    return made;
  };

  const save = (name, text) => {
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const redraw = place => {
    place.plot?.destroy();
    place.shown = anneal.view(place.chart, place.wish);
    place.zoom.window = place.window;
    place.plot = anneal.draw(place.frame, place.shown, place.zoom);
    place.shown.series.forEach((series, i) => { if (place.hidden.has(series.group)) place.plot.setSeries(i + 1, { show: false }); });
    place.out.hidden = place.window === null;
  };

  const zoomTo = (place, low, high) => together(place).forEach(other => {
    const [first, last] = [other.plot.data[0][0], other.plot.data[0].at(-1)];
    const window = [Math.max(low, Math.min(first, other.shown.from ?? first)), Math.min(high, Math.max(last, other.shown.to ?? last))];
    if (!(window[1] - window[0] > (last - first) * 1e-6)) return;
    other.window = window;
    redraw(other);
  });

  const zoomOut = place => together(place).forEach(other => {
    if (other.window === null) return;
    other.window = null;
    redraw(other);
  });

  const legend = place => {
    const groups = new Map(place.chart.series.map(series => [series.group, series]));
    if (groups.size < 2) return;
    for (const [name, series] of [...groups].reverse()) {
      const entry = button(undefined, "", () => {
        const show = place.hidden.delete(name);
        if (!show) place.hidden.add(name);
        entry.setAttribute("aria-pressed", String(show));
        place.plot.batch(() => place.shown.series.forEach((one, i) => { if (one.group === name) place.plot.setSeries(i + 1, { show }); }));
      });
      entry.removeAttribute("title");
      entry.setAttribute("aria-pressed", "true");
      entry.append(swatch(series), element("span", name));
      place.frame.parentElement.querySelector(".legend").append(entry);
    }
  };

  const tools = place => {
    const bar = element("div");
    bar.className = "tools";
    place.out = button("Whole", "Show all of it again (double-click, or the key 0)", () => zoomOut(place));
    place.out.hidden = true;
    bar.append(place.out);
    if (!place.chart.percent && anneal.positive(place.chart)) {
      const scale = button("log", "A logarithmic axis", () => {
        place.wish = { ...place.wish, logY: !(place.wish.logY ?? place.chart.logY) };
        scale.setAttribute("aria-pressed", String(place.wish.logY));
        redraw(place);
      });
      scale.setAttribute("aria-pressed", String(place.chart.logY));
      bar.append(scale);
    }
    bar.append(button("CSV", "Save the curves that are shown as a table", () => {
      const shown = { ...place.shown, series: place.shown.series.filter(series => !place.hidden.has(series.group)) };
      const name = place.chart.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
      save(name + ".csv", anneal.csv(shown, ...(place.window ?? [])));
    }));
    place.frame.parentElement.querySelector("figcaption").append(bar);
  };

  // One bar for all curves of a section: what they are drawn over, and how smooth.
  const controls = section => {
    const mine = places.filter(place => section.contains(place.frame));
    const names = ["epochs", "steps", "time"].filter(name => mine.some(place => anneal.axes(place.chart).length > 1 && anneal.axes(place.chart).includes(name)));
    const smoothable = mine.some(place => place.chart.smoothable);
    if (names.length < 2 && !smoothable) return;
    const bar = element("div");
    bar.className = "controls";
    const wish = more => mine.forEach(place => {
      // A window is a stretch of one axis: over another it means nothing.
      if ("axis" in more) place.window = null;
      place.wish = { ...place.wish, ...more };
      redraw(place);
    });
    if (names.length > 1) {
      const label = element("label", "Over ");
      const select = element("select");
      const own = mine.find(place => anneal.axes(place.chart).length > 1).chart.x;
      for (const name of names) select.append(new Option(name, name, name === own, name === own));
      select.addEventListener("change", () => wish({ axis: select.value }));
      label.append(select);
      bar.append(label);
    }
    if (smoothable) {
      const label = element("label", "Smoothing ");
      const slider = element("input");
      Object.assign(slider, { type: "range", min: 0, max: 10, step: .1, value: 0 });
      const said = element("output", "none");
      slider.addEventListener("input", () => {
        said.textContent = slider.value === "0" ? "none" : slider.value + "\u202f% of the length";
        wish({ smoothing: slider.value / 100 });
      });
      label.append(slider, said);
      bar.append(label);
    }
    bar.append(element("span", "Drag over a chart to zoom, double-click for the whole."));
    const first = section.querySelector(".chart");
    (first.closest(".charts") ?? first).before(bar);
  };

  for (const frame of document.querySelectorAll(".plot")) {
    const place = { frame, chart: charts[+frame.dataset.chart], wish: {}, window: null, hidden: new Set() };
    place.zoom = { window: null, to: (low, high) => zoomTo(place, low, high), out: () => zoomOut(place) };
    places.push(place);
    tools(place);
    legend(place);
    redraw(place);

    frame.addEventListener("keydown", event => {
      const { plot } = place;
      const xs = plot.data[0], last = xs.length - 1;
      const now = plot.cursor.left < 0 || plot.cursor.idx == null ? -1 : plot.cursor.idx;
      if (event.key === "+" || event.key === "=" || event.key === "-") {
        const { min, max } = plot.scales.x, middle = now < 0 ? (min + max) / 2 : xs[now], half = (max - min) * (event.key === "-" ? 1 : .25);
        zoomTo(place, middle - half, middle + half);
        return;
      }
      if (event.key === "0") { zoomOut(place); return; }
      const stride = event.shiftKey ? Math.max(1, Math.round(last / 10)) : 1;
      const to = { ArrowRight: now + stride, ArrowLeft: now < 0 ? last : now - stride, Home: 0, End: last }[event.key];
      if (event.key === "Escape") { plot.setCursor({ left: -10, top: -10 }); tip.hidden = true; return; }
      if (to === undefined) return;
      event.preventDefault();
      plot.setCursor({ left: plot.valToPos(xs[Math.max(0, Math.min(last, to))], "x"), top: plot.over.clientHeight / 3 });
    });
    frame.addEventListener("blur", () => place.plot.setCursor({ left: -10, top: -10 }));
    frame.addEventListener("touchstart", () => { frame.dataset.touched = "1"; }, { passive: true });
    for (const kind of ["touchstart", "touchmove"])
      frame.addEventListener(kind, event => {
        const box = place.plot.over.getBoundingClientRect(), touch = event.touches[0];
        place.plot.setCursor({ left: touch.clientX - box.left, top: touch.clientY - box.top });
      }, { passive: true });

    let width = frame.clientWidth;
    new ResizeObserver(() => {
      if (frame.clientWidth === width && place.plot.height === frame.clientHeight) return;
      width = frame.clientWidth;
      place.plot.setSize({ width: Math.max(200, width), height: frame.clientHeight });
    }).observe(frame);
  }
  document.querySelectorAll("main section").forEach(controls);

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => places.forEach(place => place.plot.redraw(false)));
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const numbers = head.classList.contains("number");
      const before = head.getAttribute("aria-sort");
      // Numbers are most often wanted from the top; a second press turns the order round.
      const up = before ? before !== "ascending" : !numbers || column < 2;
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = row => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const empty = value => value === "" || (numbers && Number.isNaN(+value));
      body.append(...[...body.rows].sort((one, other) => {
        const a = key(one), b = key(other);
        if (empty(a) || empty(b)) return empty(a) - empty(b);
        return (up ? 1 : -1) * (numbers ? a - b : a.localeCompare(b));
      }));
    }));
  }

  for (const copy of document.querySelectorAll(".copy"))
    copy.addEventListener("click", async () => {
      const source = document.getElementById(copy.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        copy.textContent = "Selected";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 1600);
    });

  const links = new Map([...document.querySelectorAll(".contents a")].map(link => [link.hash.slice(1), link]));
  const headings = [...links.keys()].map(id => document.getElementById(id));
  const follow = () => {
    const current = headings.filter(heading => heading.getBoundingClientRect().top < innerHeight * .3).pop() ?? headings[0];
    for (const [id, link] of links) {
      if (id !== current.id) { link.removeAttribute("aria-current"); continue; }
      if (link.hasAttribute("aria-current")) continue;
      link.setAttribute("aria-current", "true");
      const list = link.closest("nav");
      if (list.scrollWidth > list.clientWidth) list.scrollTo({ left: link.offsetLeft - 24 });
    }
  };
  addEventListener("scroll", follow, { passive: true });
  follow();
})();
