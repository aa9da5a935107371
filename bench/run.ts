// npm run bench -- <name> [args]: runs bench/<name>.ts, which measures a baseline in the same run, and
// prints one JSON object as the last line of standard output.
import { existsSync, readdirSync } from 'node:fs';

export interface Measure {
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  /** The figure that `value` is held against, in the same unit; null where the bar is absolute. */
  readonly baseline: number | null;
  /** What was promised, in words, for example "ratio >= 0.7". */
  readonly bar: string;
  /** Null where a figure is reported without a bar. */
  readonly ok: boolean | null;
}

export interface BenchResult {
  readonly name: string;
  readonly measures: readonly Measure[];
}

export type Bench = (args: string[]) => Promise<BenchResult>;

const [name = '', ...args] = process.argv.slice(2);
const file = new URL(`./${name}.ts`, import.meta.url);
if (!/^[a-z-]+$/.test(name) || name === 'run' || !existsSync(file)) {
  const names = readdirSync(new URL('.', import.meta.url))
    .filter((entry) => entry.endsWith('.ts') && entry !== 'run.ts')
    .map((entry) => entry.slice(0, -3));
  console.error(`usage: npm run bench -- <name>; names: ${names.join(', ')}`);
  process.exit(2);
}
const bench = (await import(file.href)) as { default: Bench };
const result = await bench.default(args);
console.log(JSON.stringify(result));
process.exit(0);
