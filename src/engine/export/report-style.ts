/**
 * The report's style sheet. Light by default and on paper, dark where the reader prefers it. Fonts are the system's:
 * the file must look the same without a network.
 */
export const lightColours = `
  --page: #ffffff; --panel: #f6f7f9; --ink: #16191d; --muted: #596069; --line: #dcdfe4; --hatch: #9aa0a8;
  --bar: #c3cad4; --winner: #3f9d86; --accent: #0f6b57; --warning: #8a5a00; --error: #b3261e;`;

const darkColours = `
  --page: #16181b; --panel: #1e2125; --ink: #eceef0; --muted: #a3a9b1; --line: #34383e; --hatch: #7b8089;
  --bar: #4a515b; --winner: #2f8872; --accent: #63cbb0; --warning: #e0b060; --error: #ff8a80;`;

export const reportStyle = `
:root { color-scheme: light dark;${lightColours}
}
.dark { display: none; }
@media screen and (prefers-color-scheme: dark) {
  :root {${darkColours}
  }
  .dark { display: inline; }
  .light { display: none; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header p, footer { color: var(--muted); }
header p { margin: 0.15rem 0 0; }
h1 { font-size: 1.05rem; margin: 0; font-weight: 600; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 0.75rem; line-height: 1.25; }
p, ul { margin: 0.6rem 0; max-width: 46rem; }
ul { padding-left: 1.2rem; }
.verdict { margin: 1.5rem 0 0; padding: 1.1rem 1.4rem 1.2rem; background: var(--panel); border-radius: 10px;
  border-left: 6px solid var(--accent); }
.verdict p { margin: 0.2rem 0 0; max-width: none; font-size: 1.3rem; line-height: 1.45; text-wrap: pretty; }
.verdict .state { font-size: 0.85rem; font-weight: 600; letter-spacing: 0.03em; color: var(--accent); }
.verdict.no-difference { border-color: var(--warning); }
.verdict.no-difference .state { color: var(--warning); }
.verdict.failed { border-color: var(--error); }
.verdict.failed .state { color: var(--error); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.94rem; }
th, td { padding: 0.45rem 0.7rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 600; }
tr.winner th { color: var(--accent); }
td small, thead small { display: block; color: var(--muted); font-size: 0.82rem; }
td.words { text-align: left; white-space: normal; }
tr.explained > * { border-bottom: 0; padding-bottom: 0; }
td.why { color: var(--muted); padding-left: 0; padding-top: 0.1rem; text-wrap: pretty; }
table.runs { font-size: 0.86rem; }
table.runs th, table.runs td { padding-top: 0.22rem; padding-bottom: 0.22rem; font-weight: 400; }
table.runs thead th { font-weight: 500; }
tr.uncounted { color: var(--muted); }
s { color: var(--muted); text-decoration-thickness: 1px; }
.note { color: var(--muted); font-size: 0.9rem; }
.drawing { display: block; width: 100%; height: auto; overflow: visible; }
.cores { margin: 1.1rem 0 0; }
figcaption { margin-bottom: 0.2rem; }
figcaption span { color: var(--muted); font-size: 0.9rem; margin-left: 0.4rem; }
.cores text { fill: var(--muted); font-size: 12.5px; }
.cores image { image-rendering: pixelated; }
.no-sample { fill: url(#hatch); }
.hatch { stroke: var(--hatch); stroke-width: 2.4; }
.axis { stroke: var(--muted); fill: none; }
.mark { stroke: var(--ink); stroke-width: 1.2; fill: none; }
.cores .mark-label { fill: var(--ink); stroke: var(--page); stroke-width: 6px; paint-order: stroke; }
.definitions { position: absolute; }
.legend { display: flex; align-items: center; gap: 0.5rem; color: var(--muted); font-size: 0.9rem; }
.legend img { width: 9rem; height: 0.75rem; image-rendering: pixelated; border: 1px solid var(--line); }
.legend .swatch { width: 2.25rem; height: 0.75rem; margin-left: 1.2rem; border: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1.4rem; margin: 0.6rem 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--panel); padding: 0.8rem 1rem; border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 0.86rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
footer { margin-top: 3rem; padding-top: 0.8rem; border-top: 1px solid var(--line); font-size: 0.88rem; }
@media print {
  @page { margin: 16mm 14mm; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  .verdict p { font-size: 13pt; }
  h2 { margin-top: 1.6rem; break-after: avoid; }
  .verdict, figure, .drawing, tr, pre, li { break-inside: avoid; }
  .verdict, pre, .drawing { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
  footer { margin-top: 1rem; }
}
`;
