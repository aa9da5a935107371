// docker-compose.yml as a user runs it, beside whatever else runs on this machine: a project and a port of its own.
import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SpillwayClient } from '@spillway/client';
import { hasEnded, type OrderJobs } from '@spillway/contracts';
import { RandomPortGenerator } from 'testcontainers';
import { LOCAL_KEY } from '../../support/compose-file.ts';

const execute = promisify(execFile);

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface ComposeStack {
  /** Of the API. */
  readonly url: string;
  /** With the operator's key. */
  readonly client: SpillwayClient;
  /** For commands that are to mean this project: `docker compose ...`. */
  readonly env: Record<string, string | undefined>;
  /** Its standard output; rejects with all that it said when it fails. */
  docker(...args: string[]): Promise<string>;
  /** Builds the images of today's sources. */
  build(): Promise<void>;
  /** Every attempt at the order's jobs. */
  attemptsAt(orderId: string): Promise<Attempt[]>;
  /** Resolves when an encoder runs ffmpeg: with the id of its container. Throws when the order ends before. */
  encoderAt(orderId: string): Promise<string>;
  /** `data` of an answer of Prometheus; throws what it complains of. */
  prometheus(path: string): Promise<unknown>;
  /** The jobs of its targets, once so many have been scraped. */
  scraped(targets: number): Promise<string[]>;
  /** Containers, volumes and networks that there are of the project. */
  leftOver(): Promise<string[]>;
  /** With its data. */
  down(): Promise<void>;
}

export type Attempt = OrderJobs['jobs'][number]['attempts'][number];

interface PrometheusAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: unknown;
}
interface Targets {
  readonly activeTargets: readonly { readonly health: string; readonly labels: { job: string } }[];
}

export async function composeStack(name: string): Promise<ComposeStack> {
  const ports = new RandomPortGenerator();
  const port = await ports.generatePort();
  const project = `spillway-test-${name}-${process.pid}`;
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: project,
    PORT: String(port),
    SPILLWAY_PROMETHEUS_PORT: String(await ports.generatePort()),
  };
  const prometheus = async (path: string): Promise<unknown> => {
    const api = `http://127.0.0.1:${env.SPILLWAY_PROMETHEUS_PORT}/api/v1`;
    const answer = (await (await fetch(`${api}/${path}`)).json()) as PrometheusAnswer;
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  };
  const docker = async (...args: string[]): Promise<string> => {
    const { stdout } = await execute('docker', args, { cwd: ROOT, env, maxBuffer: 16 * 1024 ** 2 });
    return stdout;
  };
  const compose = (...args: string[]) => docker('compose', '--profile', '*', ...args);
  const url = `http://127.0.0.1:${port}`;
  const ofProject = ['--filter', `label=com.docker.compose.project=${project}`];
  const client = new SpillwayClient({ url, apiKey: LOCAL_KEY });
  const attemptsAt = async (id: string): Promise<Attempt[]> => {
    const { data } = await client.api.GET('/v1/orders/{id}/jobs', { params: { path: { id } } });
    return (data?.jobs ?? []).flatMap(({ attempts }) => attempts);
  };
  return {
    ...{ url, client, env, docker, attemptsAt, prometheus },
    async scraped(targets) {
      for (;;) {
        const { activeTargets } = (await prometheus('targets?state=active')) as Targets;
        const up = activeTargets.filter(({ health }) => health === 'up');
        if (up.length >= targets) return up.map(({ labels }) => labels.job).sort();
        await wait(200);
      }
    },
    build: async () => void (await compose('build', '--quiet')),
    async encoderAt(id) {
      const ofEncoders = ['--filter', 'name=video-encoder', ...ofProject];
      const encoders = (await docker('ps', '--quiet', ...ofEncoders)).trim().split('\n');
      for (;;) {
        for (const encoder of encoders) {
          if ((await docker('top', encoder, '-o', 'pid,comm')).includes('ffmpeg')) return encoder;
        }
        const { status } = await client.getOrder(id);
        if (hasEnded(status)) throw new Error(`${id} is ${status}, and no ffmpeg was seen`);
      }
    },
    down: async () => void (await compose('down', '--volumes', '--timeout', '30')),
    async leftOver() {
      const lists = await Promise.all([
        docker('ps', '--all', '--quiet', ...ofProject),
        docker('volume', 'ls', '--quiet', ...ofProject),
        docker('network', 'ls', '--quiet', ...ofProject),
      ]);
      return lists.flatMap((list) => list.split('\n').filter(Boolean));
    },
  };
}
