import { ValueError } from '@wsss/core';
import type { Chart, CurvesSection, Series } from './content';
import { formatValue } from './format-value';
import { type Html, html, raw } from './html';
import { linearTicks, logTicks } from './ticks';

const WIDTH = 520;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 46;

type Point = readonly [number, number];

/** Charts as inline SVG that takes its colours from the page. */
export function renderCurves({ charts }: CurvesSection, id: string): Html {
  return html`<div class="charts">${charts.map((chart, i) => renderChart(chart, `${id}-${i + 1}`))}</div>`;
}

function renderChart(chart: Chart, id: string): Html {
  const log = chart.yScale === 'log';
  const drawable = ([x, y]: Point) => Number.isFinite(x) && Number.isFinite(y) && !(log && y <= 0);
  const points = chart.series.flatMap((series) => series.points.filter(drawable));
  if (!points.length) {
    throw new ValueError('report', `charts '${chart.title}'`, 'to have at least one finite point', chart.series);
  }
  const left = chart.series.reduce((sum, { points }) => sum + points.filter((point) => !drawable(point)).length, 0);

  const xs = points.map(([x]) => x).concat(chart.mark ? [chart.mark.x] : []);
  const ys = points.map(([, y]) => y);
  const xTicks = linearTicks(least(xs), most(xs), 5);
  const yTicks = log ? logTicks(least(ys), most(ys), 5) : linearTicks(least(ys), most(ys), 5);
  // x ends where the points end, not at the next round number.
  const [x0, x1] = [least(xs), most(xs) > least(xs) ? most(xs) : least(xs) + 1];
  const [y0, y1] = [yTicks[0]!, yTicks.at(-1)!];
  const scale = log ? Math.log10 : (y: number) => y;
  const px = (x: number) => LEFT + ((x - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const py = (y: number) => TOP + (1 - (scale(y) - scale(y0)) / (scale(y1) - scale(y0))) * (HEIGHT - TOP - BOTTOM);

  const path = (points: readonly Point[]) => raw(pathOf(points, drawable, px, py));
  const yText = (y: number) =>
    formatValue(y, chart.yFormat ?? 'number', tickDigits(log ? [0, y] : yTicks, chart.yFormat));
  const xText = (x: number) => formatValue(x, 'number', tickDigits(xTicks, 'number'));
  const floor = HEIGHT - BOTTOM;

  return html`
<figure class="chart">
<figcaption><strong>${chart.title}</strong>${legend(chart.series)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${chart.title}: ${chart.yLabel} over ${chart.xLabel}</title>
<desc id="${id}-d">${chart.series.map((series) => inWords(series, drawable, chart)).join(' ')}</desc>
<g class="grid">${yTicks.map(
    (y) => html`<path d="M${LEFT} ${num(py(y))}H${WIDTH - RIGHT}"/>
<text x="${LEFT - 8}" y="${num(py(y) + 4)}" text-anchor="end">${yText(y)}</text>`,
  )}${xTicks
    .filter((x) => x >= x0 - 1e-9 && x <= x1 + 1e-9)
    .map(
      (x) => html`<path d="M${num(px(x))} ${floor}v4"/>
<text x="${num(px(x))}" y="${floor + 18}" text-anchor="middle">${xText(x)}</text>`,
    )}</g>
<text class="axis" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${chart.xLabel}</text>
<text class="axis" transform="translate(13 ${(TOP + floor) / 2}) rotate(-90)" text-anchor="middle">${chart.yLabel}</text>
${chart.mark && renderMark(chart.mark, px, floor)}
${chart.series.map((series, i) => {
  const smooth = (series.smooth ?? 1) > 1;
  return html`<g class="s${(i % 6) + 1}">${smooth && html`<path class="faint" d="${path(series.points)}"/>`}
<path class="line" d="${path(smooth ? runningMean(series.points, series.smooth!) : series.points)}"/></g>`;
})}
</svg>
${left > 0 && html`<p class="warn">${left} ${left === 1 ? 'point is' : 'points are'} not drawn: ${log ? 'not positive, or ' : ''}not finite.</p>`}
${values(chart)}
</figure>`;
}

function renderMark(mark: { x: number; label: string }, px: (x: number) => number, floor: number): Html {
  const x = px(mark.x);
  const right = x > WIDTH * 0.65;
  return html`<g class="mark"><path d="M${num(x)} ${TOP}V${floor}"/>
<text x="${num(x + (right ? -6 : 6))}" y="${floor - 8}" text-anchor="${right ? 'end' : 'start'}">${mark.label}</text></g>`;
}

function legend(series: readonly Series[]): Html {
  return html`<span class="legend">${series.map(
    ({ name }, i) =>
      html`<span><svg class="s${(i % 6) + 1}" viewBox="0 0 22 8" aria-hidden="true"><path class="line" d="M1 4H21"/></svg>${name}</span>`,
  )}</span>`;
}

/** The same numbers as a table, at most a dozen of them, for those who cannot see the curve. */
function values({ series, xLabel, yFormat }: Chart): Html {
  const longest = series.reduce((a, b) => (b.points.length > a.points.length ? b : a));
  const count = Math.min(12, longest.points.length);
  const picked = Array.from({ length: count }, (_, i) =>
    Math.round((i * (longest.points.length - 1)) / Math.max(1, count - 1)),
  );
  const rows = picked.map((at) => longest.points[at]![0]);
  const lookUp = series.map(({ points }) => new Map(points));
  return html`<details class="values"><summary>Values</summary><div class="scroll"><table>
<thead><tr><th scope="col">${xLabel}</th>${series.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (x) =>
      html`<tr><th scope="row">${formatValue(x)}</th>${lookUp.map(
        (map) => html`<td>${formatValue(map.get(x) ?? null, yFormat)}</td>`,
      )}</tr>`,
  )}</tbody></table></div></details>`;
}

function inWords(series: Series, drawable: (point: Point) => boolean, { yFormat, xLabel }: Chart): string {
  const points = series.points.filter(drawable);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `${series.name}: no points.`;
  const y = (point: Point) => `${formatValue(point[1], yFormat)} at ${xLabel} ${formatValue(point[0])}`;
  const low = points.reduce((a, b) => (b[1] < a[1] ? b : a));
  const high = points.reduce((a, b) => (b[1] > a[1] ? b : a));
  return `${series.name}: from ${y(first)} to ${y(last)}; lowest ${y(low)}, highest ${y(high)}.`;
}

function pathOf(
  points: readonly Point[],
  drawable: (point: Point) => boolean,
  px: (x: number) => number,
  py: (y: number) => number,
): string {
  let d = '';
  let pen = false;
  for (const point of points) {
    const draws = drawable(point);
    if (draws) d += `${pen ? 'L' : 'M'}${num(px(point[0]))} ${num(py(point[1]))}`;
    // A point alone between gaps would be invisible as a move; a line to itself has round ends.
    if (draws && !pen) d += 'h0';
    pen = draws;
  }
  return d;
}

/** An exponential running mean that starts unbiased and steps over what is not finite. */
function runningMean(points: readonly Point[], over: number): Point[] {
  const keep = 1 - 1 / over;
  let sum = 0;
  let weight = 0;
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    sum = keep * sum + y;
    weight = keep * weight + 1;
    return [x, sum / weight];
  });
}

/** As many digits as tell neighbouring ticks apart. */
function tickDigits(ticks: readonly number[], format: string | undefined): number | undefined {
  if (format === 'seconds') return undefined;
  const step = (ticks[1]! - ticks[0]!) * (format === 'percent' ? 100 : 1);
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
const num = (value: number) => Number(value.toFixed(1));
