"use strict";
// Draws one chart: its axes, its curves, what the pointer and the keyboard tell of them.
Object.assign(anneal, (() => {
  const root = document.documentElement;
  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  const tones = ["--quiet", "--first", "--second", "--third", "--fourth", "--fifth"];
  const tip = document.getElementById("tip");
  const spoken = document.getElementById("spoken");
  const { digits } = anneal;
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

  // Draws a chart into its frame. `zoom.window` is the stretch of x that is shown, null for all; `zoom.to(low, high)` and
  // `zoom.out()` ask for another.
  const draw = (frame, chart, zoom) => {
    const join = uPlot.join(chart.series.map(series => [series.xs, series.ys]));
    const crowd = chart.series.some(series => series.tone === 0) && chart.series.length > 6;
    let hot = 0;

    const yRange = (u, low, high) => {
      if (low == null) return [0, 1];
      // Who looks close wants to see everything that is there.
      const near = zoom.window !== null;
      const ceiling = near ? Infinity : chart.ceiling ?? Infinity;
      if (!near && chart.floor !== undefined && chart.floor < high) low = Math.max(low, chart.floor);
      if (chart.percent) high = Math.min(high, 1);
      high = Math.min(high, Math.max(ceiling, low * 1.05));
      if (high <= low) { const room = Math.abs(low) * .1 || .1; return [low - room, high + room]; }
      // A curve that is all but flat is drawn flat: a thousandth is not worth a mountain range.
      const room = Math.max((high - low) * .06, Math.abs(high) * 1e-3);
      const bottom = low >= 0 && (low < (high - low) * .35 && !chart.percent) ? 0 : low - room;
      return [bottom, chart.percent ? Math.min(1, high + room) : high + room];
    };

    const logRange = (u, low, high) => {
      if (low == null) return [.1, 1];
      if (zoom.window === null) high = Math.min(high, Math.max(chart.ceiling ?? Infinity, low * 1.5));
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
        if (value == null || series.faint) return;
        if (series.tone !== 0 || !crowd) { shown.push([series, value]); return; }
        const away = Math.abs(u.valToPos(value, "y") - u.cursor.top);
        if (away < distance) { distance = away; closest = i + 1; }
      });
      if (closest !== hot) { hot = closest; u.redraw(false); }
      if (closest) shown.unshift([chart.series[closest - 1], u.data[closest][u.cursor.idxs[closest]]]);
      return shown;
    };

    // A point with a name of its own is called by it.
    const called = (u, series) => {
      const index = u.cursor.idxs[chart.series.indexOf(series) + 1];
      const label = series.labels?.[series.xs.indexOf(u.data[0][index])];
      return label === undefined ? series.name : label + ", " + series.name;
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
        row.append(swatch(series.tone === 0 && crowd ? { ...series, tone: 4 } : series), element("span", called(u, series)), element("span", showY(chart, value)));
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
        spoken.textContent = title + ": " + shown.map(([series, value]) => called(u, series) + " " + showY(chart, value)).join("; ");
    };

    const few = series => series.ys.length <= 14;
    const plot = new uPlot({
      width: Math.max(200, frame.clientWidth), height: frame.clientHeight,
      padding: [8, 10, 0, 0],
      legend: { show: false },
      cursor: {
        y: false, drag: { x: true, y: false, setScale: false, dist: 6 },
        // Charts of one kind point together; each hears of a zoom from the page, not from the other's mouse.
        sync: chart.together ? { key: chart.together, setSeries: false, filters: { pub: kind => kind === "mousemove" || kind === "mouseleave" } } : undefined,
        bind: { dblclick: () => () => { zoom.out(); return null; } },
        dataIdx: nearest,
        points: { size: 7, show: (u, i) => i === 0 || (crowd && chart.series[i - 1].tone === 0) ? false : element("div") },
      },
      scales: {
        x: { time: false, distr: chart.logX ? 3 : 1, range: (u, low, high) => zoom.window ?? [Math.min(low, chart.from ?? low), Math.max(high, chart.to ?? high)] },
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
        width: series.tone === 0 || series.faint ? 1.1 : 2.1,
        alpha: series.faint ? .3 : series.tone === 0 && crowd ? .65 : 1,
        dash: series.dashed ? [6, 5] : undefined,
        paths: series.scattered ? () => null : series.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
        points: { show: series.scattered || (few(series) && !crowd && !series.faint) || series.ys.length === 1, size: series.scattered ? 6 : 4.5, width: 1.5, fill: () => colour(tones[series.tone]), stroke: () => colour(tones[series.tone]) },
      }))],
      hooks: {
        draw: chart.marks.length ? [marks] : [], setCursor: [tell],
        setSelect: [u => {
          const { left, width } = u.select;
          u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          if (width >= 6) zoom.to(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
        }],
      },
    }, join, frame);
    return plot;
  };

  return { draw, swatch, element, tip };
})());
