import { eachOf, type Logger } from '@spillway/runtime';
import type { LaunchAnswer, OpenTarget, Worker, WorkerTarget } from '../../app/ports.ts';
import { type DockerConfig, readDockerConfig } from './config.ts';
import { Engine, EngineError, type ListedContainer } from './engine.ts';
import { WORKER_LABEL, workerLike } from './worker-container.ts';

const AT_ONCE = 4;
/** Workers that failed are kept for their logs, the newest of them. */
const FAILED_KEPT = 5;
/** A container that was created and not started by then never will be: its launch broke off. */
const NEVER_STARTED_MS = 120_000;

const ALIVE: readonly string[] = ['created', 'running', 'restarting', 'paused'];

/**
 * Workers in containers beside a template container, through the Docker Engine API. The template is a
 * worker as well while it runs; it is never removed.
 */
export class DockerTarget implements WorkerTarget {
  readonly name = 'docker';
  readonly #engine: Engine;
  readonly #template: string;
  readonly #log: Logger;

  constructor({ socketPath, template }: DockerConfig, log: Logger) {
    this.#engine = new Engine(socketPath);
    this.#template = template;
    this.#log = log;
  }

  async list(): Promise<Worker[]> {
    const label = [`${WORKER_LABEL}=${this.#template}`];
    const [template, launched] = await Promise.all([
      this.#engine.list({ name: [`^/${this.#template}$`] }),
      this.#engine.list({ label }),
    ]);
    await this.#removeEnded(launched);
    return [
      ...template.filter(({ State }) => State === 'running'),
      ...launched.filter((container) => isAlive(container) || hasFailed(container)),
    ].map((container) => ({
      id: container.Id.slice(0, 12),
      startedAt: new Date(container.Created * 1000).toISOString(),
      state: stateOf(container),
    }));
  }

  async launch(count: number, token: string): Promise<LaunchAnswer> {
    const settings = workerLike(await this.#engine.inspect(this.#template), this.#template);
    const names = Array.from({ length: count }, (_, n) => `${this.#template}-${token}-${n}`);
    let launched = 0;
    let refused = 0;
    await eachOf(names, AT_ONCE, async (name) => {
      const id = await this.#start(name, settings);
      if (id === null) refused += 1;
      else launched += 1;
    });
    return { launched, refused: refused > 0 ? [{ reason: 'engine', count: refused }] : [] };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  /** Null when the engine refuses. */
  async #start(name: string, settings: object): Promise<string | null> {
    try {
      const id = await this.#engine.create(name, settings);
      await this.#engine.start(id);
      return id;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#log.error({ err: error, container: name }, 'the engine does not start a worker');
      await this.#engine.remove(name);
      return null;
    }
  }

  async #removeEnded(containers: readonly ListedContainer[]): Promise<void> {
    const ended = containers.filter((container) => !isAlive(container));
    const failed = ended
      .filter(hasFailed)
      .toSorted((one, other) => other.Created - one.Created)
      .slice(0, FAILED_KEPT);
    for (const { Id } of ended.filter((container) => !failed.includes(container))) {
      await this.#engine.remove(Id).catch((err: unknown) => {
        // Tidying is not worth a round: it is tried again at the next one.
        this.#log.warn(
          { err, container: Id },
          'the engine does not remove a worker that has ended',
        );
      });
    }
  }
}

const isAlive = ({ State, Created }: ListedContainer): boolean =>
  ALIVE.includes(State) && !(State === 'created' && Date.now() - Created * 1000 > NEVER_STARTED_MS);

const hasFailed = ({ State, Status }: ListedContainer): boolean =>
  State === 'exited' && !Status.startsWith('Exited (0)');

function stateOf(container: ListedContainer): Worker['state'] {
  if (hasFailed(container)) return 'failed';
  const { State, Status } = container;
  return State === 'running' && !Status.includes('health: starting') ? 'ready' : 'starting';
}

export const openDockerTarget: OpenTarget = async (environment, log) =>
  new DockerTarget(readDockerConfig(environment), log);
