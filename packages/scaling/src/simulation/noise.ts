import type { Random } from './random.ts';

/** How far figures are off, of every algorithm alike. */
export interface Noise {
  /** Of a job that it is not counted, and as often that it is counted twice. */
  readonly miscount: number;
  /** A decision takes effect so many seconds after its figures were taken, at most. */
  readonly staleSeconds: number;
}

/** The attributes of an SQS queue are approximate, for up to a minute after messages were sent. */
export const QUEUE_NOISE: Noise = { miscount: 0.05, staleSeconds: 10 };
export const NO_NOISE: Noise = { miscount: 0, staleSeconds: 0 };

/** Counts as somebody makes them who cannot count exactly. */
export interface Figures {
  /** How often one job is counted: mostly once. */
  seen(): number;
  count(jobs: number): number;
}

export function createFigures({ miscount }: Noise, random: Random): Figures {
  const seen = () => {
    if (miscount === 0) return 1;
    const draw = random.uniform();
    if (draw < miscount) return 0;
    return draw < 2 * miscount ? 2 : 1;
  };
  const count = (jobs: number) => {
    let counted = 0;
    for (let job = 0; job < jobs; job += 1) counted += seen();
    return counted;
  };
  return { seen, count };
}
