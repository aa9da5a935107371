import { Clock } from './clock.ts';
import { createFigures, type Figures, type Noise } from './noise.ts';
import { createThrottle, type Platform } from './platforms.ts';
import { type Order, Queue } from './queue.ts';
import { createRandom, type Random } from './random.ts';
import type { Scaler, ScalerFactory, ScalerSettings } from './scaler.ts';
import type { SimulatedJob, Trace } from './traces.ts';
import { type Run, viewOf, type Worker } from './view.ts';

export interface SimulationOptions {
  readonly trace: Trace;
  readonly scaler: ScalerFactory;
  readonly platform: Platform;
  readonly settings: ScalerSettings;
  readonly noise: Noise;
  readonly order: Order;
  readonly seed: number;
}

export interface Sample {
  readonly at: number;
  readonly workers: number;
  readonly waiting: number;
}

export interface SimulationResult {
  readonly scaler: string;
  /** Of each job: seconds between its arrival and its end in which no work was done that counted. */
  readonly waits: readonly number[];
  /** From the beginning to the end of the last job. */
  readonly makespanSeconds: number;
  /** Worker-seconds times lanes, from launch to end, a minute a worker at least. */
  readonly billedSeconds: number;
  readonly workedSeconds: number;
  /** Work that was begun and not ended, because its worker was stopped or reclaimed. */
  readonly lostSeconds: number;
  /** Busy workers that the algorithm stopped. */
  readonly busyStopped: number;
  readonly reclaimed: number;
  readonly launched: number;
  readonly samples: readonly Sample[];
}

const SAMPLE_SECONDS = 10;
/** Long enough for every algorithm to come back to its minimum. */
const LONGEST_TAIL_SECONDS = 2 * 3600;

/** Plays a trace against an algorithm, event by event. */
export function simulate(options: SimulationOptions): SimulationResult {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #scaler: Scaler;
  readonly #random: Random;
  readonly #figures: Figures;
  readonly #clock = new Clock();
  readonly #queue: Queue;
  #workers: Worker[] = [];
  /** What a service holds; null where workers are launched one by one. */
  #desired: number | null = null;
  readonly #throttleSeconds: (now: number) => number;
  #open: number;
  readonly #waits: number[] = [];
  readonly #samples: Sample[] = [];
  readonly #tally = {
    makespanSeconds: 0,
    billedSeconds: 0,
    workedSeconds: 0,
    lostSeconds: 0,
    busyStopped: 0,
    reclaimed: 0,
    launched: 0,
  };

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#scaler = options.scaler(options.settings);
    this.#random = createRandom(options.seed);
    this.#figures = createFigures(options.noise, this.#random);
    this.#queue = new Queue(options.order);
    this.#open = options.trace.jobs.length;
    this.#throttleSeconds = createThrottle(options.platform);
  }

  run(): SimulationResult {
    const { trace } = this.#options;
    for (const job of trace.jobs) this.#clock.after(job.arrival, () => this.#arrive(job));
    for (let worker = 0; worker < this.#scaler.minWorkers; worker += 1) this.#launch();
    this.#clock.after(this.#random.uniform() * this.#scaler.everySeconds, () => this.#tick());
    this.#clock.after(0, () => this.#sample());
    while (!this.#isOver() && this.#clock.step()) {
      // Everything happens in the steps.
    }
    for (const worker of [...this.#workers]) this.#end(worker);
    return {
      scaler: this.#scaler.name,
      waits: this.#waits,
      samples: this.#samples,
      ...this.#tally,
    };
  }

  #isOver(): boolean {
    const { now } = this.#clock;
    if (this.#open > 0 || now < this.#options.trace.seconds) return false;
    const over = this.#workers.length <= this.#scaler.minWorkers;
    return over || now > this.#tally.makespanSeconds + LONGEST_TAIL_SECONDS;
  }

  #sample(): void {
    const { now } = this.#clock;
    this.#samples.push({ at: now, workers: this.#workers.length, waiting: this.#queue.length });
    this.#clock.after(SAMPLE_SECONDS, () => this.#sample());
  }

  #tick(): void {
    const { everySeconds } = this.#scaler;
    const view = viewOf({
      now: this.#clock.now,
      workers: this.#workers,
      queue: this.#queue,
      figures: this.#figures,
      lanesPerWorker: this.#options.settings.lanesPerWorker,
    });
    const decision = this.#scaler.decide(view);
    // Sequential: the next figures are taken after the last decision took effect.
    const stale = Math.min(everySeconds, this.#options.noise.staleSeconds);
    this.#clock.after(this.#random.uniform() * stale, () => {
      if ('workers' in decision) this.#hold(decision.workers);
      else for (let count = 0; count < decision.launch; count += 1) this.#launch();
    });
    this.#clock.after(everySeconds, () => this.#tick());
  }

  #hold(workers: number): void {
    this.#desired = workers;
    const kept = this.#workers.filter(({ state }) => state !== 'stopping');
    for (let count = kept.length; count < workers; count += 1) this.#launch();
    for (let count = kept.length; count > workers; count -= 1) this.#stopOne();
  }

  /** Who is stopped first is one that does not run yet, both by a ReplicaSet and by ECS; beyond that nobody looks at what a worker does. */
  #stopOne(): void {
    const starting = this.#workers.filter(({ state }) => state === 'starting');
    const ready = this.#workers.filter(({ state }) => state === 'ready');
    const candidates = starting.length > 0 ? starting : ready;
    const worker = candidates[this.#random.below(candidates.length)];
    if (!worker) return;
    if (worker.running.size > 0) this.#tally.busyStopped += 1;
    this.#stop(worker);
  }

  #launch(): void {
    const { settings, platform } = this.#options;
    if (this.#workers.length >= settings.maxWorkers) return;
    this.#tally.launched += 1;
    const worker: Worker = {
      launchedAt: this.#clock.now,
      state: 'starting',
      running: new Set(),
      taken: 0,
      idleSince: 0,
    };
    this.#workers.push(worker);
    const start = this.#throttleSeconds(this.#clock.now) + platform.startSeconds(this.#random);
    this.#clock.after(start, () => this.#ready(worker));
    if (platform.reclaimsPerHour > 0) {
      this.#clock.after(this.#random.exponential(platform.reclaimsPerHour / 3600), () => {
        if (worker.state === 'gone' || worker.state === 'stopping') return;
        this.#tally.reclaimed += 1;
        this.#stop(worker);
        if (this.#desired !== null) this.#hold(this.#desired);
      });
    }
  }

  #ready(worker: Worker): void {
    if (worker.state !== 'starting') return;
    worker.state = 'ready';
    this.#becomeIdle(worker);
    this.#takeJobs(worker);
  }

  #arrive(job: SimulatedJob): void {
    this.#queue.put(job);
    const free = this.#workers.filter((worker) => this.#canTake(worker));
    // Whose long poll the queue answers is chance.
    const worker = free[this.#random.below(free.length)];
    if (worker) this.#takeJobs(worker);
  }

  #canTake({ state, running, taken }: Worker): boolean {
    const { lanesPerWorker } = this.#options.settings;
    const allowed = this.#scaler.oneJob ? lanesPerWorker - taken : Number.POSITIVE_INFINITY;
    return state === 'ready' && running.size < lanesPerWorker && allowed > 0;
  }

  #takeJobs(worker: Worker): void {
    while (this.#canTake(worker)) {
      const job = this.#queue.take();
      if (!job) return;
      const run = { job, startedAt: this.#clock.now };
      worker.running.add(run);
      worker.taken += 1;
      this.#clock.after(job.workSeconds, () => this.#finish(worker, run));
    }
  }

  #finish(worker: Worker, run: Run): void {
    if (!worker.running.delete(run)) return;
    const { now } = this.#clock;
    this.#open -= 1;
    this.#tally.makespanSeconds = now;
    this.#tally.workedSeconds += run.job.workSeconds;
    this.#waits.push(now - run.job.arrival - run.job.workSeconds);
    this.#takeJobs(worker);
    if (worker.running.size > 0) return;
    if (worker.state === 'stopping') this.#end(worker);
    else this.#becomeIdle(worker);
  }

  #becomeIdle(worker: Worker): void {
    const { now } = this.#clock;
    const { leavesAfterSeconds, oneJob } = this.#scaler;
    worker.idleSince = now;
    if (oneJob && worker.taken > 0) {
      this.#end(worker);
      return;
    }
    if (leavesAfterSeconds === null) return;
    this.#clock.after(leavesAfterSeconds, () => {
      const idle = worker.state === 'ready' && worker.running.size === 0;
      if (idle && worker.idleSince === now) this.#end(worker);
    });
  }

  /** Takes no more jobs, ends what its estimate says fits, and gives the rest back at once. */
  #stop(worker: Worker): void {
    const { now } = this.#clock;
    const { stopSeconds } = this.#options.platform;
    worker.state = 'stopping';
    for (const run of worker.running) {
      if (run.job.estimateSeconds - (now - run.startedAt) > stopSeconds)
        this.#giveBack(worker, run);
    }
    const stopNow = () => {
      for (const run of worker.running) this.#giveBack(worker, run);
      this.#end(worker);
    };
    if (worker.running.size === 0) stopNow();
    else this.#clock.after(stopSeconds, stopNow);
  }

  #giveBack(worker: Worker, run: Run): void {
    worker.running.delete(run);
    this.#tally.lostSeconds += this.#clock.now - run.startedAt;
    this.#arrive(run.job);
  }

  #end(worker: Worker): void {
    if (worker.state === 'gone') return;
    worker.state = 'gone';
    const { platform, settings } = this.#options;
    const lived = Math.max(this.#clock.now - worker.launchedAt, platform.minimumSeconds);
    this.#tally.billedSeconds += lived * settings.lanesPerWorker;
    this.#workers = this.#workers.filter((other) => other !== worker);
  }
}
