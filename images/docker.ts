import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';

const execute = promisify(execFile);

/** What a docker command prints on standard output; rejects with what it said when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await execute('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** A docker command that tells the terminal how far it is. */
export async function dockerAloud(...args: string[]): Promise<void> {
  const child = spawn('docker', args, { stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`docker ${args[0]} ended with ${code}; its message is above`);
}

/**
 * Bytes of `docker save IMAGE | gzip`: about what a registry sends to a host that has no layer of it. Throws when there is
 * no such image.
 */
export async function pulledBytes(image: string): Promise<number> {
  const child = spawn('docker', ['save', image], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let bytes = 0;
  for await (const chunk of child.stdout.pipe(createGzip())) bytes += chunk.length;
  const [code] = await ended;
  if (code !== 0) throw new Error(`docker save ${image} ended with ${code}`);
  return bytes;
}

/** A file of an image, which need not be one that runs here. */
export async function copyFromImage(image: string, path: string, to: string): Promise<void> {
  const container = await docker('create', image);
  try {
    await docker('cp', `${container}:${path}`, to);
  } finally {
    await docker('rm', container);
  }
}
