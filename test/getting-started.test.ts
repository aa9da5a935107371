// docs/getting-started.md, followed as it stands: every block of it is run, in its order.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeClip } from '@spillway/media/testing';
import { freePort } from './support/free-port.ts';
import { blocksOf, type PageBlock } from './support/page.ts';
import { openShell, type Program, type Shell, startProgram } from './support/terminal.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = new URL('../docs/getting-started.md', import.meta.url);
const README = new URL('../README.md', import.meta.url);
const TIMEOUT = 300_000;

let folder: string;
let clone: string;
let env: Record<string, string | undefined>;
/** All that differs from the page. */
let substitutions: Readonly<Record<string, string>>;
let blocks: PageBlock[];
let shell: Shell;
const programs = new Map<string, Program>();
/** What the commands of a section printed. */
const printed = new Map<string, string>();

/** What a clone has, without copying it: links, so that files of the reader do not come here. */
async function linkClone(path: string): Promise<void> {
  await mkdir(path);
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' });
  const names = new Set(files.split('\n').map((file) => file.split('/')[0] ?? ''));
  names.delete('');
  for (const name of [...names, 'node_modules']) await symlink(join(ROOT, name), join(path, name));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-started-'));
  clone = join(folder, 'spillway');
  await linkClone(clone);
  await makeClip({ seconds: 2, name: 'holiday.mp4', folder });
  const [port, receiver] = [await freePort(), await freePort()];
  const { SPILLWAY_DATA_DIR: _unset, INIT_CWD: _ours, ...inherited } = process.env;
  env = { ...inherited, PORT: String(port), SPILLWAY_ADMIN_PORT: String(await freePort()) };
  substitutions = {
    'git clone <this repository> spillway': '',
    '127.0.0.1:8080': `127.0.0.1:${port}`,
    '127.0.0.1:9000': `127.0.0.1:${receiver}`,
    'listen(9000': `listen(${receiver}`,
  };
  blocks = await blocksOf(PAGE);
  shell = openShell(clone, env);
}, TIMEOUT);

afterAll(async () => {
  shell?.close();
  for (const program of programs.values()) await program.interrupt();
  await rm(folder, { recursive: true, force: true });
}, TIMEOUT);

const substituted = (code: string): string =>
  Object.entries(substitutions).reduce((text, [ours, here]) => text.replaceAll(ours, here), code);

async function follow({ heading, language, terminal, code: asWritten }: PageBlock): Promise<void> {
  const code = substituted(asWritten);
  if (language === 'html') return; // test/browser plays it.
  if (language === 'js') {
    const [, name] = /^\/\/ (\w+\.mjs)/.exec(code) ?? [];
    if (name === undefined) throw new Error(`the first line names no file: ${code}`);
    return writeFile(join(clone, name), code);
  }
  if (language !== 'sh') throw new Error(`nobody runs ${language}: ${code}`);
  if (terminal === null) {
    printed.set(heading, `${printed.get(heading) ?? ''}${await shell.run(code)}\n`);
    return;
  }
  await programs.get(terminal)?.interrupt();
  const program = startProgram(code, asWritten.includes('git clone') ? folder : clone, env);
  programs.set(terminal, program);
  await program.says(/ready on|listening/);
  if (asWritten.includes('holiday.mp4')) await program.says(/Watch it: http/);
}

test(
  'every block does what the page says',
  async () => {
    for (const block of blocks) await follow(block);
    expect(blocks.length).toBeGreaterThan(15);
  },
  TIMEOUT,
);

test.each([
  ['Your file, over HTTP', /^completed$/m],
  ['Play it', /\/play\/ord_\w+$.*#EXT-X-STREAM-INF/ms],
  ['Large files: resumable uploads', /^complete$/m],
  ['With keys, as in production', /^open orders\s+100/m],
  ['Webhooks', /^delivered$/m],
  ['A signed stream', /#EXT-X-STREAM-INF.*^403$/ms],
  ['When something is wrong', /problems\/invalid-body.*^source_not_media$.*"attempts"/ms],
])('%s: the reader sees what was promised', (heading, promised) => {
  expect(printed.get(heading)).toMatch(promised);
});

test('the receiver verified what it was told', async () => {
  const told = await programs.get('receiver')?.says(/^order\.failed /m);
  expect(told).toMatch(/^webhook\.test /m);
  expect(told).toMatch(/^order\.completed .*"status":"completed"/m);
});

test('the README begins with the same commands', async () => {
  const [start] = blocks;
  expect(start?.code.split('\n').filter(Boolean)).toHaveLength(3);
  const readme = await readFile(README, 'utf8');
  expect(readme).toContain(`\`\`\`sh\n${start?.code}\`\`\``);
});
