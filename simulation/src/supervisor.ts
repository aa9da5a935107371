import { createLogger, type Logger } from '@spillway/runtime';
import { Worker } from '../../services/video-encoder/src/app/worker.ts';
import { Broker } from './broker.ts';
import { Database } from './database.ts';
import { connectDatabase } from './database-connection.ts';
import type { Film } from './films.ts';
import { type Studio, simulatedDownload, simulatedMedia } from './media.ts';
import { connectMessaging } from './messaging.ts';
import { Objects } from './objects.ts';
import { type SimulatedApi, startApi } from './order-api.ts';
import type { Plant } from './plants.ts';
import type { ApiPorts, EncoderPorts } from './ports.ts';
import { currentProcess, Process } from './process.ts';
import { type EncoderSettings, JOB_ATTEMPTS, startEncoder } from './video-encoder.ts';
import type { Watcher } from './watcher.ts';
import type { World } from './world.ts';

/** What one schedule is made of, drawn from its seed. */
export interface Setting {
  readonly films: readonly Film[];
  readonly apis: number;
  readonly encoders: readonly (EncoderSettings & { readonly build: string })[];
  readonly orderTimeoutHours: number;
}

interface Program {
  close(): Promise<void>;
}

/** What outlives every process. */
export interface Site {
  readonly broker: Broker;
  readonly database: Database;
  readonly objects: Objects;
}

export const openSite = (world: World, watcher: Watcher): Site => ({
  broker: new Broker(world, watcher),
  database: new Database(world, watcher),
  objects: new Objects(world, watcher),
});

const KILL_AFTER_MS = 60_000;
const silent = createLogger('simulation', 'silent');

/** What the programs log is part of the trace. */
function tracingLog(world: World): Logger {
  if (!world.trace) return silent;
  return createLogger('simulation', 'info', {
    write(line) {
      const { msg, err } = JSON.parse(line) as { msg: string; err?: { message: string } };
      const why = err ? ` (${err.message})` : '';
      world.trace?.(currentProcess()?.name ?? 'world', `  says: ${msg}${why}`);
    },
  });
}

export interface Supervised {
  readonly world: World;
  readonly site: Site;
  readonly watcher: Watcher;
  readonly setting: Setting;
  readonly studio: Studio;
  readonly plant: Plant | null;
}

/** Starts the programs, and starts them again when they crash or have stopped, as an orchestrator does. */
export class Supervisor {
  readonly #parts: Supervised;
  readonly #apis = new Map<Process, SimulatedApi>();
  readonly #programs = new Map<Process, Program>();
  readonly #log: Logger;

  constructor(parts: Supervised) {
    this.#parts = parts;
    this.#log = tracingLog(parts.world);
    const { apis, encoders } = parts.setting;
    for (let index = 1; index <= apis; index += 1) this.#startApi(`api-${index}`);
    for (const [index, settings] of encoders.entries()) {
      this.#startEncoder(`worker-${index + 1}`, settings);
    }
  }

  /** One that a client reaches; null while none is up. */
  api(): { process: Process; api: SimulatedApi } | null {
    const up = [...this.#apis];
    if (up.length === 0) return null;
    const [process, api] = this.#parts.world.random.pick(up);
    return { process, api };
  }

  #startApi(name: string): void {
    const process = this.#begin(name, () => this.#startApi(name));
    this.#parts.world.atDeathOf(process, () => this.#apis.delete(process));
    const { plant, setting } = this.#parts;
    const ports: ApiPorts = {
      ...this.#portsOf(process),
      workflow: (real) => real,
      reconciles: true,
    };
    const planted = plant?.api?.(ports) ?? ports;
    const starting = process.run(() => startApi(planted, this.#log, setting.orderTimeoutHours));
    void starting.then((api) => {
      this.#apis.set(process, api);
      this.#programs.set(process, api);
    });
  }

  #startEncoder(name: string, settings: EncoderSettings & { readonly build: string }): void {
    const process = this.#begin(name, () => this.#startEncoder(name, settings));
    const { plant, studio } = this.#parts;
    const ports: EncoderPorts = {
      ...this.#portsOf(process),
      media: simulatedMedia(studio, process, settings.build),
      download: simulatedDownload(studio, process),
      sendResult: (real) => real,
      worker: (parts) => new Worker(parts),
      maxAttempts: JOB_ATTEMPTS,
    };
    const planted = plant?.encoder?.(ports) ?? ports;
    const program = process.run(() => startEncoder(process.name, planted, settings, this.#log));
    this.#programs.set(process, program);
  }

  #portsOf(process: Process) {
    const { world, watcher, site } = this.#parts;
    return {
      database: connectDatabase(world, site.database, process),
      messaging: connectMessaging({ world, watcher, broker: site.broker, process }),
      storage: site.objects.connect(process),
    };
  }

  #begin(name: string, again: () => void): Process {
    const { world } = this.#parts;
    const process = new Process(name);
    world.trace?.(name, 'starts');
    world.atDeathOf(process, () => {
      this.#programs.delete(process);
      world.timeline.after(world.random.between(10, 5_000), null, again);
    });
    return process;
  }

  /** Tells a process to stop; it is killed when it does not. */
  stop(process: Process): void {
    const program = this.#programs.get(process);
    if (!program || process.stopping) return;
    const { world } = this.#parts;
    world.trace?.(process.name, 'is told to stop');
    process.stopping = true;
    this.#apis.delete(process);
    void process
      .run(() => program.close())
      .then(() => {
        world.trace?.(process.name, 'has stopped');
        this.#parts.watcher.stopped(process);
        world.end(process);
      });
    world.timeline.after(KILL_AFTER_MS, process, () => {
      this.#parts.watcher.killed(process);
      world.crash(process);
    });
  }

  /** Somebody is told to stop, now and then. */
  stopAny(): void {
    const { world } = this.#parts;
    const running = [...this.#programs.keys()].filter(({ stopping }) => !stopping);
    if (running.length > 0) this.stop(world.random.pick(running));
  }
}
