import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findFfmpeg } from '@spillway/media';
import { bundleService, services } from './bundle.ts';

let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-bundle-'));
  for (const name of Object.keys(services)) {
    await bundleService({ name, folder: join(folder, name), version: '0.0.0' });
  }
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Of a program from its bundle, outside of the project: nothing else of it can be found there. */
function start(name: string, args: readonly string[], settings: Record<string, string>) {
  const child = spawn(process.execPath, [join(folder, name, `${name}.mjs`), ...args], {
    cwd: folder,
    env: { HOME: folder, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const lines = [child.stdout, child.stderr].map((stream) => createInterface(stream));
  const said: string[] = [];
  for (const line of lines) line.on('line', (text) => said.push(text));
  return {
    child,
    /** The first line that has it; rejects with all that was said when the program ends before. */
    line: (words: string | RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const hear = (text: string) => {
          if (text.match(words)) resolve(text);
        };
        said.forEach(hear);
        for (const line of lines) line.on('line', hear);
        child.on('close', (code) =>
          reject(new Error(`${name} ended with ${code}: ${said.join('\n')}`)),
        );
      }),
    async stop(): Promise<number | null> {
      child.kill('SIGTERM');
      const [code] = await once(child, 'close');
      return code;
    },
  };
}

test('broker, notifier, video-encoder and autoscaler start from their bundles, and stop', async () => {
  const broker = start('broker', ['--port', '0', '--data-dir', join(folder, 'data')], {});
  const url = (await broker.line('is ready on')).split(' ').at(-1) ?? '';
  const { ffmpegPath, ffprobePath } = await findFfmpeg();
  const path = [dirname(ffmpegPath), dirname(ffprobePath), process.env.PATH ?? ''];
  const settings = {
    PATH: path.join(delimiter),
    LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH ?? '',
    BROKER_URL: 'sqs:',
    AWS_ENDPOINT_URL_SQS: url,
    AWS_ENDPOINT_URL_SNS: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    STORAGE_URL: `file://${folder}/objects`,
    SPILLWAY_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    SPILLWAY_ADMIN_PORT: '0',
    SPILLWAY_API_URL: 'http://127.0.0.1:1',
    SPILLWAY_API_KEY: 'any',
    SPILLWAY_SCALING_TARGET: 'docker',
    SPILLWAY_DOCKER_SOCKET: join(folder, 'no-docker.sock'),
    SPILLWAY_DOCKER_TEMPLATE: 'any',
  };
  const programs = ['notifier', 'video-encoder', 'autoscaler'].map((name) =>
    start(name, [], settings),
  );
  for (const program of programs) {
    const { url: admin } = JSON.parse(await program.line('admin port'));
    expect((await fetch(`${admin}/healthz`)).status).toBe(200);
    expect(await program.stop()).toBe(0);
  }
  expect(await broker.stop()).toBe(0);
});

test('order-api and migrate load from their bundle as far as the settings', async () => {
  for (const program of ['order-api', 'migrate']) {
    const child = spawn(process.execPath, [join(folder, 'order-api', `${program}.mjs`)], {
      env: {},
    });
    const [said] = await once(child.stderr, 'data');
    expect(String(said)).toMatch('DATABASE_URL');
  }
});

const BESIDE = /new URL\(['"`]([^'"`$]+)[^'"`]*['"`], import\.meta\.url\)/g;

test('whatever a program opens by name lies beside it', async () => {
  for (const name of Object.keys(services)) {
    const files = (await readdir(join(folder, name))).filter((file) => file.endsWith('.mjs'));
    for (const file of files) {
      const text = await readFile(join(folder, name, file), 'utf8');
      const opened = [...text.matchAll(BESIDE)].map(([, path = '']) => path);
      const missing = opened.filter((path) => !existsSync(join(folder, name, path)));
      expect(missing.filter((path) => path !== './pglite-worker.ts')).toEqual([]);
    }
  }
  for (const path of services['order-api']?.packageFiles ?? []) {
    expect(existsSync(join(folder, 'order-api', 'node_modules', path))).toBe(true);
  }
});

test('the list of what a bundle holds names packages with versions and licences, and nothing of standalone', async () => {
  const sbom = JSON.parse(await readFile(join(folder, 'order-api', 'sbom.cdx.json'), 'utf8'));
  const names = sbom.components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['express', 'pg', 'zod', 'hls.js', 'node']));
  expect(names).not.toContain('@electric-sql/pglite');
  const licenses = await readFile(join(folder, 'order-api', 'LICENSES.txt'), 'utf8');
  for (const { name, version } of sbom.components) {
    if (name !== 'node') expect(licenses).toContain(`${name} ${version}`);
  }
});
