import { type SimulationResult, summarize } from '@spillway/scaling/simulation';

const WIDTH = 860;
const PANEL = 150;
const GAP = 46;
const LEFT = 44;
const RIGHT = 52;
const TOP = 40;
const TICK_SECONDS = 600;

// Readable on GitHub's light and dark page alike.
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 13px }
  .quiet { fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1; fill: none }
  .workers { fill: #0969da; fill-opacity: .25; stroke: #0969da; stroke-width: 1.5 }
  .backlog { fill: none; stroke: #bc4c00; stroke-width: 2 }
  .blue { fill: #0969da } .orange { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .quiet { fill: #9198a1 } .grid { stroke: #3d444d }
    .workers { fill: #4493f8; stroke: #4493f8 } .backlog { stroke: #f0883e }
    .blue { fill: #4493f8 } .orange { fill: #f0883e }
  }`;

interface Scale {
  readonly seconds: number;
  /** Workers at the top of the left axis. */
  readonly most: number;
}

const label = (x: number, y: number, text: string, kind = '', anchor = 'start') =>
  `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${text}</text>`;

/** One panel a run: workers as an area on the left axis, waiting jobs as a line on the right one. */
export function drawRuns(runs: readonly SimulationResult[], { seconds, most }: Scale): string {
  const longest = Math.max(seconds, ...runs.map(({ samples }) => samples.at(-1)?.at ?? 0));
  const waiting = Math.max(...runs.flatMap(({ samples }) => samples.map((each) => each.waiting)));
  const jobs = Math.ceil(waiting / 250) * 250;
  const height = TOP + runs.length * (PANEL + GAP);
  const x = (at: number) => Math.round(LEFT + (at / longest) * (WIDTH - LEFT - RIGHT));
  const panels = runs.map((run, index) => {
    const base = TOP + index * (PANEL + GAP) + PANEL;
    const y = (value: number, top: number) => Math.round(base - (value / top) * PANEL);
    const steps = run.samples.map(({ at, workers }) => `H${x(at)}V${y(workers, most)}`).join('');
    const points = run.samples.map(({ at, waiting }) => `${x(at)},${y(waiting, jobs)}`).join(' ');
    const last = x(run.samples.at(-1)?.at ?? 0);
    return [
      axes(base, x, longest),
      label(LEFT - 6, base - PANEL + 4, String(most), 'blue', 'end'),
      label(LEFT - 6, base + 4, '0', 'blue', 'end'),
      label(WIDTH - RIGHT + 6, base - PANEL + 4, String(jobs), 'orange'),
      label(WIDTH - RIGHT + 6, base + 4, '0', 'orange'),
      `<path class="workers" d="M${x(0)} ${base}${steps}V${base}Z"/>`,
      `<polyline class="backlog" points="${points}"/>`,
      `<path class="grid" d="M${last} ${base}H${WIDTH - RIGHT}"/>`,
      label(LEFT, base - PANEL - 8, run.scaler, 'title'),
      label(WIDTH - RIGHT, base - PANEL - 8, caption(run), 'quiet', 'end'),
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Workers and waiting jobs over time, by algorithm">
<style>${STYLE}</style>
${label(LEFT, 14, 'workers', 'blue')}
${label(WIDTH - RIGHT, 14, 'waiting jobs', 'orange', 'end')}
${panels.join('\n')}
</svg>
`;
}

function axes(base: number, x: (at: number) => number, longest: number): string {
  const ticks: string[] = [];
  for (let at = 0; at <= longest; at += TICK_SECONDS) {
    ticks.push(`<path class="grid" d="M${x(at)} ${base}v4"/>`);
    ticks.push(label(x(at), base + 17, `${at / 60} min`, 'quiet', 'middle'));
  }
  const frame = `M${x(0)} ${base - PANEL}H${WIDTH - RIGHT}M${x(0)} ${base}H${WIDTH - RIGHT}`;
  return `<path class="grid" d="${frame}"/>\n${ticks.join('\n')}`;
}

function caption(run: SimulationResult): string {
  const { waitSeconds, billedSeconds, workedSeconds, busyStopped } = summarize([run]);
  const billed = (billedSeconds / workedSeconds).toFixed(2);
  const stopped =
    busyStopped === 0 ? 'no busy worker stopped' : `${busyStopped} busy workers stopped`;
  return `p95 wait ${waitSeconds.p95.toFixed(0)} s, billed ${billed}x the work, ${stopped}`;
}
