"use strict";
// Numbers of charts, without the page: what is drawn is worked out here, and tested without a browser.
const anneal = (() => {
  const digits = (value, count) => {
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size < 1e-3 || size >= 1e6) return value.toExponential(count - 1).replace(/\.?0+e/, "e").replace("e+", "e");
    const text = value.toPrecision(count);
    return text.includes("e") ? String(Math.round(value)) : text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  };

  // The mean of all values, each weighted by exp(-distance / width): it looks to both sides, so a curve does not lag behind
  // itself, and by distance, so a curve of few points is left as it is where the width is less than their spacing.
  const smooth = (xs, ys, width) => {
    if (!(width > 0)) return ys;
    const known = xs.map((x, i) => i).filter(i => ys[i] != null);
    const pass = order => {
      const sums = new Map();
      let sum = 0, weight = 0, before = null;
      for (const i of order) {
        const kept = before === null ? 0 : Math.exp(-Math.abs(xs[i] - xs[before]) / width);
        sum = sum * kept + ys[i];
        weight = weight * kept + 1;
        before = i;
        sums.set(i, [sum, weight]);
      }
      return sums;
    };
    const left = pass(known), right = pass([...known].reverse());
    return ys.map((y, i) => y == null ? y : (left.get(i)[0] + right.get(i)[0] - y) / (left.get(i)[1] + right.get(i)[1] - 1));
  };

  const units = [["seconds", 1], ["minutes", 60], ["hours", 3600]];

  // The unit that keeps the numbers of an axis small.
  const unit = seconds => units[seconds < 600 ? 0 : seconds < 36000 ? 1 : 2];

  // The axes that every curve of a chart can be drawn over, its own first.
  const axes = chart => [chart.x, ...["epochs", "steps", "time"].filter(name => name !== chart.x && chart.series.every(series => name in series.axes))];

  const over = (chart, series, axis, divisor) => {
    if (axis === chart.x) return series.xs;
    const other = series.axes[axis];
    return typeof other === "number" ? series.xs.map(x => x * other) : other.map(x => x / divisor);
  };

  // A chart needs x that grows: of points at one time, or out of order, the later are kept.
  const rising = (series, xs) => {
    const kept = [];
    for (let i = xs.length - 1, next = Infinity; i >= 0; i--)
      if (xs[i] < next) { kept.unshift(i); next = xs[i]; }
    if (kept.length === xs.length) return { ...series, xs };
    return { ...series, xs: kept.map(i => xs[i]), ys: kept.map(i => series.ys[i]), labels: series.labels && kept.map(i => series.labels[i]) };
  };

  // The chart as its reader wants it: over which axis, smoothed over which share of its length, on which scale.
  const view = (chart, wish) => {
    const axis = axes(chart).includes(wish.axis) ? wish.axis : chart.x;
    let last = 0;
    if (axis === "time") for (const series of chart.series) for (const x of series.axes.time) last = Math.max(last, x);
    const [name, divisor] = axis === "time" ? unit(last) : [axis, 1];
    const moving = chart.series.map(one => rising(one, over(chart, one, axis, divisor)));
    const length = Math.max(...moving.map(one => one.xs.at(-1))) - Math.min(...moving.map(one => one.xs[0]));
    const width = chart.smoothable ? (wish.smoothing ?? 0) * length : 0;
    const series = [];
    for (const moved of moving) {
      const smoothed = smooth(moved.xs, moved.ys, width);
      const noisy = smoothed.some((y, i) => y != null && Math.abs(y - moved.ys[i]) > 1e-6 * Math.abs(y));
      // What was measured stays in sight behind its average, unless it is one of a crowd.
      if (noisy && moved.tone !== 0) series.push({ ...moved, name: moved.name + ", as measured", faint: true });
      series.push(noisy ? { ...moved, ys: smoothed } : moved);
    }
    const own = axis === chart.x;
    return {
      ...chart, series, x: name,
      from: own || chart.from === 0 ? chart.from : undefined,
      to: own ? chart.to : undefined,
      logY: wish.logY ?? chart.logY,
    };
  };

  // A logarithm is of positive numbers only.
  const positive = chart => chart.series.every(series => series.ys.every(y => y == null || y > 0));

  const cell = text => {
    const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };

  // The curves as a table, a row for each x between two.
  const csv = (chart, from = -Infinity, to = Infinity) => {
    const rows = new Map();
    chart.series.forEach((series, column) => series.xs.forEach((x, i) => {
      if (x < from || x > to || series.ys[i] == null) return;
      if (!rows.has(x)) rows.set(x, []);
      rows.get(x)[column] = series.ys[i];
    }));
    const lines = [[chart.x, ...chart.series.map(series => series.name)].map(cell).join(",")];
    for (const x of [...rows.keys()].sort((a, b) => a - b)) lines.push([x, ...chart.series.map((series, column) => rows.get(x)[column] ?? "")].join(","));
    return lines.join("\n") + "\n";
  };

  return { digits, smooth, axes, view, positive, csv };
})();
