"use strict";
(() => {
  const root = document.documentElement;
  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  const tones = ["--quiet", "--first", "--second", "--third", "--fourth", "--fifth"];
  const tip = document.getElementById("tip");
  const spoken = document.getElementById("spoken");
  const svgNamespace = "http://www.w3.org/2000/svg";

  const element = (name, text) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const swatch = series => {
    const svg = document.createElementNS(svgNamespace, "svg");
    svg.setAttribute("viewBox", "0 0 18 8");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "tone" + series.tone);
    const path = document.createElementNS(svgNamespace, "path");
    path.setAttribute("d", series.scattered ? "M9 4h.01" : "M1 4H17");
    if (series.scattered) path.setAttribute("stroke-width", "6");
    if (series.dashed) path.setAttribute("stroke-dasharray", "4 4");
    svg.append(path);
    return svg;
  };

  const digits = (value, count) => {
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size < 1e-3 || size >= 1e6) return value.toExponential(count - 1).replace(/\.?0+e/, "e").replace("e+", "e");
    const text = value.toPrecision(count);
    return text.includes("e") ? String(Math.round(value)) : text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  };
  const showY = (chart, value) => chart.percent ? (100 * value).toFixed(2) + "\u202f%" : digits(value, 4);
  const showX = (chart, value) => chart.x.replace(/s$/, "") + " " + (Number.isInteger(value) ? value : digits(value, 3));

  // Epochs, steps and trials are counted: no tick at 2.5.
  const whole = [0, 1, 2, 3, 4, 5, 6].flatMap(power => [1, 2, 5].map(lead => lead * 10 ** power));

  // The index with a value that lies nearest to x: curves of one chart are measured at different places.
  const nearest = (u, series, index, x) => {
    const xs = u.data[0], ys = u.data[series];
    if (index == null || ys[index] != null) return index;
    let left = index, right = index;
    while (left >= 0 && ys[left] == null) left--;
    while (right < ys.length && ys[right] == null) right++;
    const pixels = i => i < 0 || i >= ys.length ? Infinity : Math.abs(u.valToPos(xs[i], "x") - u.valToPos(x, "x"));
    const best = pixels(left) <= pixels(right) ? left : right;
    const inside = left >= 0 && right < ys.length;
    return inside || pixels(best) < 14 ? best : null;
  };

  const draw = (frame, chart) => {
    const join = uPlot.join(chart.series.map(series => [series.xs, series.ys]));
    const crowd = chart.series.some(series => series.tone === 0) && chart.series.length > 6;
    let hot = 0;

    const yRange = (u, low, high) => {
      if (low == null) return [0, 1];
      const ceiling = chart.ceiling ?? Infinity;
      if (chart.floor !== undefined && chart.floor < high) low = Math.max(low, chart.floor);
      if (chart.percent) high = Math.min(high, 1);
      high = Math.min(high, Math.max(ceiling, low * 1.05));
      if (high <= low) { const room = Math.abs(low) * .1 || .1; return [low - room, high + room]; }
      const room = (high - low) * .06;
      const bottom = low >= 0 && (low < (high - low) * .35 && !chart.percent) ? 0 : low - room;
      return [bottom, chart.percent ? Math.min(1, high + room) : high + room];
    };

    const logRange = (u, low, high) => {
      if (low == null) return [.1, 1];
      high = Math.min(high, Math.max(chart.ceiling ?? Infinity, low * 1.5));
      return [low / 1.08, Math.max(high, low * 1.2) * 1.08];
    };

    // Powers of ten alone would leave an axis from 0.2 to 2 with one number on it.
    const logSplits = (u, index, low, high) => {
      const splits = [];
      for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
        for (const lead of high / low > 300 ? [1] : high / low > 12 ? [1, 2, 5] : high / low > 3 ? [1, 2, 3, 5, 7] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]) {
          const split = +(lead * 10 ** power).toPrecision(3);
          if (split >= low && split <= high) splits.push(split);
        }
      return splits;
    };

    const axis = (dimension, more) => ({
      stroke: () => colour("--soft"), font: "11.5px " + getComputedStyle(document.body).fontFamily,
      grid: { stroke: () => colour("--line"), width: 1, show: dimension === "y" },
      ticks: { stroke: () => colour("--line"), width: 1, size: 5, show: dimension === "x" },
      ...more,
    });

    const marks = u => {
      const { ctx, bbox } = u;
      const scale = devicePixelRatio;
      ctx.save();
      ctx.font = `${11.5 * scale}px ${getComputedStyle(document.body).fontFamily}`;
      chart.marks.forEach((mark, i) => {
        const x = Math.round(u.valToPos(mark.x, "x", true));
        if (x < bbox.left || x > bbox.left + bbox.width) return;
        const y = bbox.top + (8 + i * 17) * scale;
        ctx.strokeStyle = ctx.fillStyle = colour(mark.chosen ? "--second" : "--soft");
        ctx.lineWidth = (mark.chosen ? 2 : 1) * scale;
        ctx.setLineDash(mark.chosen ? [] : [4 * scale, 4 * scale]);
        ctx.beginPath(); ctx.moveTo(x, y - 6 * scale); ctx.lineTo(x, bbox.top + bbox.height); ctx.stroke();
        const width = ctx.measureText(mark.label).width;
        const toLeft = x + width + 8 * scale > bbox.left + bbox.width;
        ctx.textAlign = toLeft ? "right" : "left";
        ctx.textBaseline = "middle";
        const start = x + (toLeft ? -6 : 6) * scale;
        const ink = ctx.fillStyle;
        ctx.globalAlpha = .85; ctx.fillStyle = colour("--paper");
        ctx.fillRect(toLeft ? start - width : start, y - 8 * scale, width, 16 * scale);
        ctx.globalAlpha = 1; ctx.fillStyle = ink;
        ctx.fillText(mark.label, start, y);
      });
      ctx.restore();
    };

    const rows = u => {
      const shown = [];
      let closest = 0, distance = 22;
      chart.series.forEach((series, i) => {
        const index = u.cursor.idxs[i + 1];
        if (index == null || !u.series[i + 1].show) return;
        const value = u.data[i + 1][index];
        if (value == null) return;
        if (series.tone !== 0 || !crowd) { shown.push([series, value]); return; }
        const away = Math.abs(u.valToPos(value, "y") - u.cursor.top);
        if (away < distance) { distance = away; closest = i + 1; }
      });
      if (closest !== hot) { hot = closest; u.redraw(false); }
      if (closest) shown.unshift([chart.series[closest - 1], u.data[closest][u.cursor.idxs[closest]]]);
      return shown;
    };

    const tell = u => {
      if (u.cursor.left < 0 || u.cursor.idx == null || !(frame.matches(":hover") || frame.contains(document.activeElement) || frame.dataset.touched)) {
        if (tip.owner === frame) tip.hidden = true;
        if (hot) { hot = 0; u.redraw(false); }
        return;
      }
      const shown = rows(u).reverse();
      if (shown.length === 0) { if (tip.owner === frame) tip.hidden = true; return; }
      const title = showX(chart, u.data[0][u.cursor.idx]);
      tip.replaceChildren(element("b", title), ...shown.map(([series, value]) => {
        const row = element("div");
        row.append(swatch(series.tone === 0 && crowd ? { ...series, tone: 4 } : series), element("span", series.name), element("span", showY(chart, value)));
        return row;
      }));
      tip.owner = frame;
      tip.hidden = false;
      const box = u.over.getBoundingClientRect();
      const x = box.left + u.cursor.left, y = box.top + u.cursor.top;
      const room = tip.getBoundingClientRect();
      tip.style.left = Math.max(6, x + room.width + 22 > innerWidth ? Math.min(x - room.width - 14, innerWidth - room.width - 6) : x + 14) + "px";
      tip.style.top = Math.max(6, Math.min(y - room.height / 2, innerHeight - room.height - 6)) + "px";
      if (document.activeElement === frame)
        spoken.textContent = title + ": " + shown.map(([series, value]) => series.name + " " + showY(chart, value)).join("; ");
    };

    const few = series => series.ys.length <= 14;
    const plot = new uPlot({
      width: Math.max(200, frame.clientWidth), height: frame.clientHeight,
      padding: [8, 10, 0, 0],
      legend: { show: false },
      cursor: {
        y: false, drag: { x: false, y: false },
        sync: chart.together ? { key: chart.together, setSeries: false } : undefined,
        dataIdx: nearest,
        points: { size: 7, show: (u, i) => i === 0 || (crowd && chart.series[i - 1].tone === 0) ? false : element("div") },
      },
      scales: {
        x: { time: false, distr: chart.logX ? 3 : 1, range: (u, low, high) => [Math.min(low, chart.from ?? low), Math.max(high, chart.to ?? high)] },
        y: { distr: chart.logY ? 3 : 1, range: chart.logY ? logRange : yRange },
      },
      axes: [
        axis("x", { label: chart.x, labelSize: 18, labelGap: 0, labelFont: "11.5px " + getComputedStyle(document.body).fontFamily, size: 28, space: 56,
          incrs: chart.logX || join[0].at(-1) < 4 ? undefined : whole,
          values: (u, splits) => splits.map(value => value == null ? null : chart.logX ? value.toExponential(0).replace("e+", "e") : digits(value, 5)) }),
        axis("y", { space: 34, splits: chart.logY ? logSplits : undefined, filter: (u, splits) => splits,
          values: (u, splits) => {
            if (chart.logY) return splits.map(value => digits(value, 3));
            const step = splits.length > 1 ? Math.abs(splits[1] - splits[0]) : 1;
            return splits.map(value => chart.percent ? (100 * value).toFixed(Math.max(0, Math.ceil(-Math.log10(100 * step) - 1e-9))) + "\u202f%" : digits(+value.toPrecision(12), 4));
          },
          size: (u, values) => 12 + 6.9 * Math.max(3, ...(values ?? []).map(value => (value ?? "").length)) }),
      ],
      series: [{}, ...chart.series.map((series, i) => ({
        label: series.name, spanGaps: true,
        stroke: () => colour(hot === i + 1 ? "--fourth" : tones[series.tone]),
        width: series.tone === 0 ? 1.1 : 2.1,
        alpha: series.tone === 0 && crowd ? .65 : 1,
        dash: series.dashed ? [6, 5] : undefined,
        paths: series.scattered ? () => null : series.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
        points: { show: series.scattered || (few(series) && !crowd) || series.ys.length === 1, size: series.scattered ? 6 : 4.5, width: 1.5, fill: () => colour(tones[series.tone]), stroke: () => colour(tones[series.tone]) },
      }))],
      hooks: { draw: chart.marks.length ? [marks] : [], setCursor: [tell] },
    }, join, frame);
    return plot;
  };

  const charts = JSON.parse(document.getElementById("charts").textContent);
  const plots = [];

  for (const frame of document.querySelectorAll(".plot")) {
    const chart = charts[+frame.dataset.chart];
    let plot = draw(frame, chart);
    plots.push(() => plot);

    const groups = new Map();
    chart.series.forEach((series, i) => groups.set(series.group, [...(groups.get(series.group) ?? []), i + 1]));
    if (groups.size > 1) {
      const legend = frame.parentElement.querySelector(".legend");
      for (const [name, members] of [...groups].reverse()) {
        const button = element("button");
        button.type = "button";
        button.setAttribute("aria-pressed", "true");
        button.append(swatch(chart.series[members[0] - 1]), element("span", name));
        button.addEventListener("click", () => {
          const show = button.getAttribute("aria-pressed") !== "true";
          button.setAttribute("aria-pressed", String(show));
          plot.batch(() => members.forEach(member => plot.setSeries(member, { show })));
        });
        legend.append(button);
      }
    }

    frame.addEventListener("keydown", event => {
      const xs = plot.data[0], last = xs.length - 1;
      const now = plot.cursor.left < 0 || plot.cursor.idx == null ? -1 : plot.cursor.idx;
      const stride = event.shiftKey ? Math.max(1, Math.round(last / 10)) : 1;
      const to = { ArrowRight: now + stride, ArrowLeft: now < 0 ? last : now - stride, Home: 0, End: last }[event.key];
      if (event.key === "Escape") { plot.setCursor({ left: -10, top: -10 }); tip.hidden = true; return; }
      if (to === undefined) return;
      event.preventDefault();
      plot.setCursor({ left: plot.valToPos(xs[Math.max(0, Math.min(last, to))], "x"), top: plot.over.clientHeight / 3 });
    });
    frame.addEventListener("blur", () => plot.setCursor({ left: -10, top: -10 }));
    frame.addEventListener("touchstart", () => { frame.dataset.touched = "1"; }, { passive: true });
    for (const kind of ["touchstart", "touchmove"])
      frame.addEventListener(kind, event => {
        const box = plot.over.getBoundingClientRect(), touch = event.touches[0];
        plot.setCursor({ left: touch.clientX - box.left, top: touch.clientY - box.top });
      }, { passive: true });

    let width = frame.clientWidth;
    new ResizeObserver(() => {
      if (frame.clientWidth === width && plot.height === frame.clientHeight) return;
      width = frame.clientWidth;
      plot.setSize({ width: Math.max(200, width), height: frame.clientHeight });
    }).observe(frame);
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach(plot => plot().redraw(false)));
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

  for (const button of document.querySelectorAll(".copy"))
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1600);
    });

  const links = new Map([...document.querySelectorAll(".contents a")].map(link => [link.hash.slice(1), link]));
  const places = [...links.keys()].map(id => document.getElementById(id));
  const follow = () => {
    const current = places.filter(place => place.getBoundingClientRect().top < innerHeight * .3).pop() ?? places[0];
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
