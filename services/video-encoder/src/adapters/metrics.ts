import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Observer } from '../app/ports.ts';

/** Counts the jobs of all workers of the process in the registry; one observer for each registry. */
export function metricsObserver(registry: Registry): Observer {
  const registers = [registry];
  const jobs = new Counter({
    name: 'spillway_encoder_attempts_total',
    help: 'Attempts at jobs, by how they ended.',
    labelNames: ['kind', 'end'],
    registers,
  });
  const seconds = new Histogram({
    name: 'spillway_encoder_attempt_seconds',
    help: 'How long attempts took.',
    labelNames: ['kind'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200],
    registers,
  });
  const cpu = new Counter({
    name: 'spillway_encoder_ffmpeg_cpu_seconds_total',
    help: 'User and system time of ffmpeg.',
    labelNames: ['kind'],
    registers,
  });
  const running = new Gauge({
    name: 'spillway_encoder_running',
    help: 'Attempts under way.',
    labelNames: ['kind'],
    registers,
  });
  const capacity = new Gauge({
    name: 'spillway_encoder_slots',
    help: 'Jobs that may be under way at once.',
    labelNames: ['lane'],
    registers,
  });
  const bytes = new Counter({
    name: 'spillway_encoder_bytes_total',
    help: 'Bytes of sources fetched and of outputs uploaded.',
    labelNames: ['direction'],
    registers,
  });
  const add = (factor: 1 | -1, { encode, ingest }: { encode: number; ingest: number }) => {
    capacity.inc({ lane: 'encode' }, factor * encode);
    capacity.inc({ lane: 'ingest' }, factor * ingest);
  };
  return {
    offers(slots) {
      add(1, slots);
      return () => add(-1, slots);
    },
    began: (kind) => running.inc({ kind }),
    ended(kind, end, elapsedSeconds) {
      running.dec({ kind });
      jobs.inc({ kind, end });
      seconds.observe({ kind }, elapsedSeconds);
    },
    usedCpu: (kind, used) => cpu.inc({ kind }, used),
    moved: (direction, count) => bytes.inc({ direction }, count),
  };
}
