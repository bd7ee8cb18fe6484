/** The page's look: light and dark by the reader's choice, and on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f5f1; --card: #fff; --ink: #1c1d22; --soft: #5d6068; --line: #e3e1da; --tint: #e6ecfb; --accent: #3256c4;
  --s1: #3256c4; --s2: #d9480f; --s3: #2b8a3e; --s4: #9c36b5; --s5: #0b7285; --s6: #c2255c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121317; --card: #1b1d23; --ink: #eceae4; --soft: #a2a5ae; --line: #31343d; --tint: #27335a; --accent: #91a7ff;
    --s1: #91a7ff; --s2: #ffa94d; --s3: #69db7c; --s4: #e599f7; --s5: #66d9e8; --s6: #faa2c1;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
.wrap { max-width: 70rem; margin-inline: auto; padding-inline: 1.5rem; }
header { padding-block: 3.2rem 1.4rem; }
h1 { margin: 0; font-size: clamp(1.8rem, 4.5vw, 2.9rem); line-height: 1.12; letter-spacing: -.025em; font-weight: 700; text-wrap: balance; }
header p { margin: .8rem 0 0; font-size: 1.15rem; color: var(--soft); max-width: 46rem; text-wrap: pretty; }
.facts { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; margin: 1.1rem 0 0; padding: 0; font-size: .85rem; }
.facts li { padding: .15rem .7rem; border: 1px solid var(--line); border-radius: 99px; color: var(--soft); background: var(--card); }
.cover { margin-top: 1.6rem; display: grid; gap: 4px; border-radius: 16px; overflow: hidden; }
.cover div { display: grid; grid-auto-columns: 1fr; grid-auto-flow: column; gap: 4px; }
.cover img { display: block; width: 100%; height: auto; aspect-ratio: 1; object-fit: cover; }
nav { position: sticky; top: 0; z-index: 1; background: color-mix(in srgb, var(--page) 92%, transparent); backdrop-filter: blur(8px); border-bottom: 1px solid var(--line); }
nav ul { list-style: none; display: flex; gap: .3rem 1.3rem; margin-block: 0; padding-block: .65rem; overflow-x: auto; scrollbar-width: none; font-size: .9rem; white-space: nowrap; }
@media (min-width: 48rem) { nav ul { flex-wrap: wrap; } }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
section { margin: 2.4rem 0; scroll-margin-top: 3rem; }
h2 { margin: 0 0 .6rem; font-size: 1.32rem; letter-spacing: -.012em; line-height: 1.25; }
.lead, .note { margin: 0 0 1rem; color: var(--soft); max-width: 50rem; text-wrap: pretty; }
.note { color: inherit; }
ul { max-width: 50rem; padding-left: 1.2rem; }
pre { margin: 0; padding: .9rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-x: auto; font: .88rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
figure { margin: 0; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .8rem; margin: 0; }
.figures div, .chart, .row, .card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
.figures div { padding: 1rem 1.15rem; }
.figures dt { color: var(--soft); font-size: .88rem; }
.figures dd { margin: 0; }
.figures b { display: block; font-size: 1.95rem; line-height: 1.25; letter-spacing: -.025em; }
.figures span { color: var(--soft); font-size: .82rem; line-height: 1.35; display: block; }

.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .5rem 1.1rem; text-align: left; border-top: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
thead th, thead td { border-top: 0; color: var(--soft); font-size: .85rem; vertical-align: bottom; }
.number { text-align: right; }
tbody tr:hover { background: color-mix(in srgb, var(--tint) 28%, transparent); }
.total > * { font-weight: 650; border-top-width: 2px; }
.bar { position: relative; min-width: 8.5rem; }
.bar i { position: absolute; inset: .32rem auto .32rem 0; border-radius: 0 5px 5px 0; background: var(--tint); }
.bar span { position: relative; }
.swatch { display: inline-block; width: .8rem; height: .8rem; border-radius: 3.5px; margin-right: .6rem; vertical-align: -.07rem; box-shadow: inset 0 0 0 1px rgb(128 128 128 / .35); }
.timings small { display: block; color: var(--soft); font-size: .82rem; white-space: normal; }
.timings .span { width: 45%; min-width: 9rem; }
.span i { display: block; height: .75rem; min-width: 3px; border-radius: 4px; background: var(--accent); }

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: .8rem; }
.chart { padding: .9rem 1.1rem 1rem; max-width: 46rem; }
.chart > figcaption { display: grid; gap: .1rem; margin-bottom: .5rem; }
.chart > svg { display: block; width: 100%; height: auto; overflow: visible; }
.chart svg text { font-size: 12px; fill: var(--soft); }
.grid path { stroke: var(--line); fill: none; }
.line, .faint { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
.faint { stroke-width: 1; opacity: .28; }
.s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); }
.s2 .line, .s2 > .line { stroke-dasharray: 7 4; } .s3 .line { stroke-dasharray: 2 4; } .s4 .line { stroke-dasharray: 9 3 2 3; } .s5 .line { stroke-dasharray: 4 3; } .s6 .line { stroke-dasharray: 12 4; }
.mark path { stroke: var(--ink); stroke-dasharray: 3 3; opacity: .7; } .chart svg .mark text { fill: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .88rem; color: var(--soft); }
.legend svg { width: 22px; height: 8px; margin-right: .4rem; vertical-align: .1rem; }
.swatches { list-style: none; margin: 0 0 .9rem; padding: 0; max-width: none; }
.warn { margin: .5rem 0 0; font-size: .88rem; color: var(--s2); }
.values { margin-top: .6rem; font-size: .85rem; color: var(--soft); }
.values summary { cursor: pointer; width: fit-content; }
.values .scroll { margin-top: .4rem; border-radius: 8px; } .values th, .values td { padding: .2rem .8rem; }

.rows { display: grid; gap: .8rem; }
.row { padding: .9rem 1.1rem 1rem; }
.row > figcaption { margin-bottom: .55rem; }
.row > figcaption span { color: var(--soft); margin-left: .5rem; font-size: .9rem; }
.pictures { display: grid; grid-template-columns: repeat(var(--n), minmax(0, 1fr)); gap: .9rem; align-items: start; }
.pictures img { display: block; width: 100%; height: auto; border-radius: 8px; background: var(--line); }
.crisp { image-rendering: pixelated; }
.pictures figcaption { margin-top: .35rem; font-size: .85rem; line-height: 1.35; color: var(--soft); text-wrap: balance; }

.settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 0 2.5rem; margin: 0; }
.settings div { display: flex; justify-content: space-between; gap: 1rem; padding: .4rem 0; border-bottom: 1px solid var(--line); }
.settings dt { color: var(--soft); } .settings dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-block: 1rem 2.5rem; color: var(--soft); font-size: .85rem; }
footer p { margin: 0; padding-top: 1rem; border-top: 1px solid var(--line); }

@media (max-width: 40rem) {
  .wrap { padding-inline: 1rem; } header { padding-top: 2rem; } th, td { padding: .45rem .7rem; }
  .pictures { grid-template-columns: repeat(auto-fill, minmax(6rem, 1fr)); gap: .6rem; }
  .cover div > :nth-child(n + 6) { display: none; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #ccc; --tint: #dfe6fa; --accent: #3256c4;
    --s1: #3256c4; --s2: #d9480f; --s3: #2b8a3e; --s4: #9c36b5; --s5: #0b7285; --s6: #c2255c; color-scheme: light; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 14mm; }
  body { font-size: 10.5pt; } header { padding-top: 0; } nav, .values { display: none; }
  .wrap { max-width: none; padding-inline: 0; }
  h2 { break-after: avoid; } .lead { break-after: avoid; }
  .row, .chart, .figures, tr, pre { break-inside: avoid; } .scroll { overflow: visible; }
  .pictures { grid-template-columns: repeat(max(var(--n), 5), minmax(0, 1fr)); }
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); } .figures b { font-size: 1.35rem; white-space: nowrap; }
}
`;
