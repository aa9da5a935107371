import type { Random } from '../../simulation/src/random.ts';

/** A program of docker-compose.yml, in whichever profile. */
export const services = ['video-encoder', 'order-api', 'notifier', 'broker', 'postgres'] as const;
export type Service = (typeof services)[number];

/** SIGKILL, and a start later; stopped in its tracks (SIGSTOP); without its networks. */
export const blows = ['kill', 'pause', 'cut'] as const;
export type Blow = (typeof blows)[number];

/** What is done to one container, in ms since the start. */
export interface Fault {
  readonly atMs: number;
  readonly healedAtMs: number;
  readonly blow: Blow;
  readonly service: Service;
  /** Of the service's containers; the fault is of this modulo their number. */
  readonly copy: number;
}

/** What an order is of, and so what may become of it. */
export const orderKinds = ['short', 'long', 'broken', 'canceled'] as const;
export type OrderKind = (typeof orderKinds)[number];

export interface PlannedOrder {
  readonly atMs: number;
  readonly kind: OrderKind;
  readonly key: string;
  readonly hasWebhook: boolean;
  /** Of `canceled`: after it was accepted. */
  readonly cancelAfterMs: number;
}

const PER_MINUTE: Record<Blow, number> = { kill: 8, pause: 2, cut: 2 };
/** Seconds until it is healed. A lease of 20 s and a heartbeat of 10 s lie within the longest. */
const LASTS: Record<Blow, readonly [number, number]> = {
  kill: [0, 4],
  pause: [3, 30],
  cut: [3, 30],
};
/** Two encoders take turns; the others have one container each. */
const TARGETS: readonly Service[] = [
  ...['video-encoder', 'video-encoder', 'video-encoder', 'order-api', 'order-api'],
  ...['notifier', 'broker', 'broker', 'postgres'],
] as readonly Service[];

/** So many blows a minute, at random moments; a container that is down gets its next one when it is up. */
export function planFaults(random: Random, minutes: number): Fault[] {
  const wanted = blows.flatMap((blow) =>
    Array.from({ length: Math.ceil(PER_MINUTE[blow] * minutes) }, () => ({
      blow,
      atMs: random.between(0, minutes * 60_000),
    })),
  );
  const freeAtMs = new Map<string, number>();
  return wanted
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ blow, atMs }) => {
      const service = random.pick(TARGETS);
      const copy = service === 'video-encoder' ? random.integer(2) : 0;
      const container = `${service}/${copy}`;
      const startMs = Math.max(atMs, freeAtMs.get(container) ?? 0);
      const healedAtMs = startMs + random.between(...LASTS[blow]) * 1000;
      freeAtMs.set(container, healedAtMs + 1000);
      return { atMs: startMs, healedAtMs, blow, service, copy };
    });
}

/** Of a hundred orders: a few long enough to be encoded in chunks, some that must fail, some that are canceled. */
function kindOf(random: Random, index: number): OrderKind {
  if (index % 50 === 7) return 'long';
  if (random.chance(0.08)) return 'broken';
  return random.chance(0.08) ? 'canceled' : 'short';
}

export function planOrders(random: Random, orders: number, minutes: number): PlannedOrder[] {
  return Array.from({ length: orders }, (_, index) => ({
    atMs: random.between(0, minutes * 60_000),
    kind: kindOf(random, index),
    key: `chaos-${index}-${random.hex()}`,
    hasWebhook: random.chance(0.5),
    cancelAfterMs: random.between(0, 4_000),
  })).sort((a, b) => a.atMs - b.atMs);
}
