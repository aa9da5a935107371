import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import { newAttemptId } from '@spillway/contracts';
import { currentProcess } from './process.ts';
import { Random } from './random.ts';
import type { Appointment, Timeline } from './timeline.ts';

// Timers, clocks and chance are global in the code under test, as in every Node program, so they are
// replaced for the whole thread, once: before the first schedule, and for no program but a simulation.
// No library's fake timers: a timer here belongs to a process and dies with it.

const RealDate = Date;
/** When every schedule begins. */
export const EPOCH = RealDate.parse('2026-11-23T00:00:00.000Z');

let timeline: Timeline | null = null;
let random = new Random(0);

function standing(): Timeline {
  if (!timeline) throw new Error('no schedule is running');
  return timeline;
}

/** Milliseconds since 1970, virtual. */
const now = (): number => Math.floor(EPOCH + (timeline?.now ?? 0));

/** As much of NodeJS.Timeout as programs use. */
class VirtualTimer {
  #appointment: Appointment | null = null;

  constructor(ms: number, repeats: boolean, fire: () => void) {
    const owner = currentProcess() ?? null;
    const set = () => {
      this.#appointment = standing().after(Math.max(1, ms), owner, () => {
        if (repeats) set();
        fire();
      });
    };
    set();
  }

  cancel(): void {
    if (this.#appointment) this.#appointment.fire = null;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

class VirtualDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    super(given.length === 0 ? now() : given[0]);
  }

  static override now(): number {
    return now();
  }
}

type Callback = (...values: unknown[]) => void;

const setTimer =
  (repeats: boolean) =>
  (callback: Callback, ms = 0, ...values: unknown[]) =>
    new VirtualTimer(ms, repeats, () => callback(...values));

const clearTimer = (timer: unknown): void => {
  if (timer instanceof VirtualTimer) timer.cancel();
};

function wait(
  ms = 0,
  value?: unknown,
  { signal }: { signal?: AbortSignal } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = new VirtualTimer(ms, false, () => resolve(value));
    signal?.addEventListener('abort', () => {
      timer.cancel();
      reject(signal.reason);
    });
  });
}

function randomUUID(): string {
  const digits = random.hex() + random.hex() + random.hex() + random.hex();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

let fillings = 0;

function fillRandom(bytes: Uint8Array): Uint8Array {
  fillings += 1;
  for (let place = 0; place < bytes.length; place += 1) bytes[place] = random.integer(256);
  return bytes;
}

/** Replaces timers, clocks and chance in this thread, for good. */
export function installVirtualTime(): void {
  Object.assign(globalThis, {
    Date: VirtualDate,
    setTimeout: setTimer(false),
    setInterval: setTimer(true),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
  });
  Object.defineProperty(performance, 'now', { value: () => timeline?.now ?? 0 });
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: fillRandom });
  Math.random = () => random.next();
  Object.assign(timersPromises, { setTimeout: wait });
  Object.assign(crypto, { randomUUID });
  syncBuiltinESMExports();
}

/** From now on time is this schedule's, and chance comes from its seed. */
export function useTimeline(next: Timeline, seed: number): void {
  timeline = next;
  random = new Random(seed ^ 0x5bd1e995);
  // Ids come from a store of random bytes: what an earlier schedule left of it is used up.
  const before = fillings;
  while (fillings === before) newAttemptId();
}
