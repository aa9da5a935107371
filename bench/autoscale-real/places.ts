// Systems whose workers come and go, with nobody there at the start: in one process, and as services.
import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LOCAL_KEY } from '../../test/support/compose-file.ts';
import { startSpillway } from '../../test/support/spillway.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MOST_WORKERS = 2;
const SLOTS = 2;

export interface Place {
  readonly name: string;
  /** From the first order until a job has begun: what was promised, in seconds. */
  readonly firstJobBar: number;
  readonly url: string;
  readonly apiKey: string | undefined;
  /** That are there now. */
  workers(): Promise<number>;
  /** That somebody else stopped until now. */
  stopped(): Promise<number>;
  close(): Promise<void>;
}

export async function standalone(folder: string): Promise<Place> {
  const spillway = await startSpillway(folder, {
    SPILLWAY_LOG_LEVEL: 'warn',
    SPILLWAY_MIN_WORKERS: '0',
    SPILLWAY_MAX_WORKERS: String(MOST_WORKERS),
    SPILLWAY_ENCODER_SLOTS: String(SLOTS),
  });
  const metric = async (line: RegExp): Promise<number> => {
    const response = await fetch(`${spillway.adminUrl}/metrics`);
    const matches = (await response.text()).matchAll(line);
    return [...matches].reduce((sum, [, value]) => sum + Number(value), 0);
  };
  return {
    name: 'in one process',
    firstJobBar: 2,
    url: spillway.url,
    apiKey: undefined,
    workers: async () => (await metric(/^spillway_encoder_slots\{lane="encode"\} (\d+)/gm)) / SLOTS,
    stopped: () => metric(/^spillway_encoder_attempts_total\{.*end="given_back"\} (\d+)/gm),
    close: async () => void (await spillway.stop()),
  };
}

/** Builds its images first. */
export async function compose(port: number): Promise<Place> {
  const project = `spillway-scale-${process.pid}`;
  const settings = { PORT: String(port), SPILLWAY_MAX_WORKERS: String(MOST_WORKERS) };
  const env = { ...process.env, ...settings, COMPOSE_PROJECT_NAME: project };
  const docker = async (...args: string[]): Promise<string> =>
    (await execute('docker', args, { cwd: ROOT, env })).stdout;
  const composed = (...args: string[]) => docker('compose', '--profile', 'autoscale', ...args);
  const begun = String(Math.floor(Date.now() / 1000));
  await composed('build', '--quiet');
  const names = ['--filter', `name=^${project}-worker`];
  const count = (text: string): number => text.split('\n').filter(Boolean).length;
  const place: Place = {
    name: 'in compose',
    firstJobBar: 5,
    url: `http://127.0.0.1:${port}`,
    apiKey: LOCAL_KEY,
    workers: async () =>
      count(await docker('ps', '--quiet', '--filter', 'status=running', ...names)),
    async stopped() {
      const until = String(Math.ceil(Date.now() / 1000));
      const kills = await docker(
        ...['events', '--since', begun, '--until', until, '--filter', 'event=kill'],
        ...['--format', '{{.Actor.Attributes.name}}'],
      );
      return count(
        kills
          .split('\n')
          .filter((name) => name.startsWith(`${project}-worker`))
          .join('\n'),
      );
    },
    close: async () => void (await composed('down', '--volumes', '--timeout', '5')),
  };
  try {
    await composed('up', '--detach');
    // The pattern of all workers is one itself, until it leaves.
    while ((await place.workers()) > 0) await wait(500);
    return place;
  } catch (error) {
    await place.close();
    throw error;
  }
}
