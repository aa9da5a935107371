import { type Faults, noFaults, type Part } from './faults.ts';
import type { Process } from './process.ts';
import { Random } from './random.ts';
import { type Appointment, Timeline } from './timeline.ts';

/** What a breach of a law looked like. */
export interface Breach {
  readonly law: string;
  readonly what: string;
}

export interface Call<T> {
  readonly part: Part;
  /** For the trace. */
  readonly what: string;
  /** What the part does, in one go; may throw what the part would answer. */
  readonly effect: () => T;
  /** Does some of it, where a part of it can be done without the rest. */
  readonly partly?: () => void;
  /** What the caller gets to hear of a fault. */
  readonly error: () => Error;
}

const realImmediate = setImmediate;
/** Everything that follows from a step has run: microtasks and ticks; nothing here waits for real I/O. */
const drained = (): Promise<void> => new Promise((resolve) => realImmediate(resolve));

/** One schedule's time, chance and faults, and the way every call of every process goes. */
export class World {
  readonly timeline = new Timeline();
  readonly random: Random;
  readonly #traced: string[] | null;
  /** What may go wrong until it is calm. */
  readonly chaos: Faults;
  #faults: Faults;
  #breach: Breach | null = null;
  #steps = 0;
  /** What would have happened in processes that stand still. */
  readonly #late = new Map<Process, Appointment[]>();
  readonly #deaths = new Map<Process, (() => void)[]>();

  constructor(seed: number, faults: Faults, traced: string[] | null) {
    this.random = new Random(seed);
    this.chaos = faults;
    this.#faults = faults;
    this.#traced = traced;
  }

  get faults(): Faults {
    return this.#faults;
  }

  get steps(): number {
    return this.#steps;
  }

  get breach(): Breach | null {
    return this.#breach;
  }

  get isCalm(): boolean {
    return this.#faults === noFaults;
  }

  /** From now on nothing goes wrong. */
  calm(): void {
    this.trace?.('world', 'is calm from now on');
    this.#faults = noFaults;
    for (const process of this.#late.keys()) this.#thaw(process);
  }

  /** Null while nobody reads: `world.trace?.('...')` then makes no text. */
  get trace(): ((who: string, what: string) => void) | null {
    const traced = this.#traced;
    if (!traced) return null;
    return (who, what) => {
      const seconds = (this.timeline.now / 1000).toFixed(3).padStart(10);
      traced.push(`${seconds}  ${who.padEnd(10)} ${what}`);
    };
  }

  /** The first one counts. */
  breaks(law: string, what: string): void {
    this.#breach ??= { law, what };
    this.trace?.('BREACH', `law ${law}: ${what}`);
  }

  /** What the world does when the process is gone. */
  atDeathOf(process: Process, then: () => void): void {
    const list = this.#deaths.get(process);
    if (list) list.push(then);
    else this.#deaths.set(process, [then]);
  }

  /** At once, wherever it stands. */
  end(process: Process): void {
    if (!process.alive) return;
    process.alive = false;
    const deaths = this.#deaths.get(process) ?? [];
    this.#deaths.delete(process);
    for (const then of deaths) then();
  }

  crash(process: Process): void {
    if (process.alive) this.trace?.(process.name, 'CRASHES');
    this.end(process);
  }

  /** A process asks a part of the world: it may fail before or after, be slow, or never be answered. */
  call<T>(process: Process, { part, what, effect, partly, error }: Call<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.timeline.after(this.#latency(), null, () => {
        // What a dead process has sent may still arrive.
        if (!process.alive && this.random.chance(0.5)) return;
        const fail = (when: string) => {
          this.trace?.(process.name, `${what}: fails ${when}`);
          this.#answer(process, () => reject(error()));
        };
        if (this.#isAway(part) || this.random.chance(this.faults.failsBefore))
          return fail('before');
        if (this.random.chance(this.faults.failsAfter)) {
          if (partly && this.random.chance(0.5)) partly();
          else this.#tryEffect(effect);
          return fail('after');
        }
        const done = this.#tryEffect(effect);
        this.trace?.(process.name, 'value' in done ? what : `${what}: ${done.error}`);
        this.#answer(process, () => ('value' in done ? resolve(done.value) : reject(done.error)));
      });
    });
  }

  /** Runs what will happen, step by step, until `isOver`, a breach, or nothing is left. */
  async run(isOver: () => boolean): Promise<void> {
    while (!this.#breach && !isOver()) {
      const next = this.timeline.next();
      if (!next) return;
      const { owner, fire, time } = next;
      this.timeline.now = time;
      if (owner?.frozen) {
        this.#late.get(owner)?.push(next);
        continue;
      }
      this.#steps += 1;
      if (owner && fire) owner.run(fire);
      else fire?.();
      await drained();
    }
  }

  #freeze(process: Process): void {
    if (process.frozen) return;
    this.trace?.(process.name, 'stands still');
    process.frozen = true;
    this.#late.set(process, []);
    this.timeline.after(this.random.between(1_000, 120_000), null, () => this.#thaw(process));
  }

  #thaw(process: Process): void {
    process.frozen = false;
    for (const late of this.#late.get(process) ?? []) this.timeline.makeUp(late);
    this.#late.delete(process);
  }

  #latency(): number {
    const { random } = this;
    return random.chance(this.faults.slow) ? random.between(100, 60_000) : random.between(0.5, 10);
  }

  #isAway(part: Part): boolean {
    const { now } = this.timeline;
    return this.faults.outages.some((one) => one.part === part && one.from <= now && now < one.to);
  }

  #tryEffect<T>(effect: () => T): { value: T } | { error: unknown } {
    try {
      return { value: effect() };
    } catch (error) {
      return { error };
    }
  }

  #answer(process: Process, give: () => void): void {
    if (!process.alive) return;
    if (this.random.chance(this.faults.crash)) {
      this.crash(process);
      return;
    }
    if (this.random.chance(this.faults.freeze)) {
      this.#freeze(process);
    }
    if (this.random.chance(this.faults.slow) || process.frozen) {
      this.timeline.after(this.#latency(), process, give);
    } else {
      give();
    }
  }
}
