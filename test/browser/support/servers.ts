import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openStorage } from '@spillway/storage';

export interface TestServer {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  close(): void;
}

async function serve(listener: RequestListener): Promise<TestServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    return listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
}

const DASH_JS = fileURLToPath(
  new URL('../node_modules/dashjs/dist/modern/umd/dash.all.min.js', import.meta.url),
);

/** A page of the customer's, of another origin than the API, that plays `?manifest=...` by dash.js. */
const DASH_PAGE = `<!doctype html><link rel="icon" href="data:,"><video></video><script src="/dash.js"></script><script>
  window.failures = [];
  window.player = dashjs.MediaPlayer().create();
  player.on('error', ({ error }) => failures.push(error.message));
  player.initialize(document.querySelector('video'), new URLSearchParams(location.search).get('manifest'), false);
</script>`;

/** Serves the customer's page, and files of theirs by their path. */
export const serveCustomer = (files: Record<string, string>): Promise<TestServer> =>
  serve((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    if (path === '/dash.js') return createReadStream(DASH_JS).pipe(response);
    const text = path === '/dash' ? DASH_PAGE : files[path];
    if (text === undefined) return response.writeHead(404).end();
    const type = path === '/dash' ? 'text/html' : 'text/vtt';
    response.writeHead(200, { 'content-type': type }).end(text);
  });

/** A CDN in front of the object store of a data folder: it asks the function of docs/cdn what it may give. */
export async function serveObjects(dataDir: string): Promise<TestServer> {
  const functions = new URL('../../../docs/cdn/nginx-playback.js', import.meta.url).href;
  const { default: nginx } = (await import(functions)) as {
    default: { object(request: { uri: string }): string };
  };
  const storage = await openStorage(pathToFileURL(join(dataDir, 'objects')).href);
  return serve(async (request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    const key = nginx.object({ uri: request.url ?? '' }).slice(1);
    if (key === '') return response.writeHead(403).end();
    const object = await storage.get(key).catch(() => null);
    if (!object) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-length': object.bytes,
      'cache-control': 'max-age=31536000',
    });
    object.body.pipe(response);
  });
}
