import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): void;
}

/** A customer's server on loopback: files by name, 404 for others. */
export async function serveFiles(files: Readonly<Record<string, string>>): Promise<FileServer> {
  const server = createServer((request, response) => {
    const file = files[(request.url ?? '').slice(1)];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => void server.close(),
  };
}
