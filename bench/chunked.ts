// One long video over many workers: in chunks against one ffmpeg, over 1 to 64 workers, playable early,
// with workers killed in the middle. `--only` takes some of the parts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { againstOneFfmpeg } from './chunked/against-one-ffmpeg.ts';
import { killedWorkers } from './chunked/killed-workers.ts';
import { makespans } from './chunked/makespans.ts';
import { simulatedSchedules } from './chunked/simulated-schedules.ts';
import { timesToPlayable } from './chunked/times-to-playable.ts';
import type { BenchResult, Measure } from './run.ts';

export interface Options {
  /** For the part's files; removed behind it. */
  readonly folder: string;
  /** A film for the comparison of pictures; default a made one. */
  readonly source: string | null;
}

const parts: Readonly<Record<string, (options: Options) => Promise<Measure[]>>> = {
  quality: againstOneFfmpeg,
  makespan: makespans,
  playable: timesToPlayable,
  killed: killedWorkers,
  simulation: simulatedSchedules,
};

export default async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    options: { only: { type: 'string' }, source: { type: 'string' } },
  });
  const measures: Measure[] = [];
  for (const name of values.only?.split(',') ?? Object.keys(parts)) {
    const part = parts[name];
    if (!part) throw new Error(`--only: ${name} is none of ${Object.keys(parts).join(', ')}`);
    const folder = await mkdtemp(join(tmpdir(), `spillway-${name}-`));
    try {
      const measured = await part({ folder, source: values.source ?? null });
      console.error(name, measured);
      measures.push(...measured);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { name: 'chunked', measures };
}
