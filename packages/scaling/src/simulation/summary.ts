import type { SimulationResult } from './simulate.ts';

/** Several runs of one algorithm, of which each job and each second counts alike. */
export interface Summary {
  readonly scaler: string;
  readonly waitSeconds: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Of the runs, in the mean. */
  readonly makespanSeconds: number;
  readonly billedSeconds: number;
  readonly workedSeconds: number;
  readonly lostSeconds: number;
  readonly busyStopped: number;
  readonly mostWorkers: number;
}

export function summarize(runs: readonly SimulationResult[]): Summary {
  const waits = Float64Array.from(runs.flatMap((run) => run.waits)).sort();
  const share = (part: number) => waits[Math.max(0, Math.ceil(waits.length * part) - 1)] ?? 0;
  const sum = (value: (run: SimulationResult) => number) =>
    runs.reduce((total, run) => total + value(run), 0);
  return {
    scaler: runs[0]?.scaler ?? '',
    waitSeconds: { p50: share(0.5), p95: share(0.95), p99: share(0.99) },
    makespanSeconds: sum((run) => run.makespanSeconds) / runs.length,
    billedSeconds: sum((run) => run.billedSeconds),
    workedSeconds: sum((run) => run.workedSeconds),
    lostSeconds: sum((run) => run.lostSeconds),
    busyStopped: sum((run) => run.busyStopped),
    mostWorkers: runs.reduce(
      (most, { samples }) => samples.reduce((high, { workers }) => Math.max(high, workers), most),
      0,
    ),
  };
}
