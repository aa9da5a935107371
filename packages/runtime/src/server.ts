import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from './config.ts';

export interface HttpServer {
  /** As a client on this machine reaches it, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, ends idle and streaming connections, resolves when all are closed. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long a request may take to come, body and all; 0: the handler sees to that. Default a minute. */
  readonly requestTimeoutMs?: number;
}

/**
 * An idle connection stays for so long: longer than load balancers hold theirs (ecs/ and k8s/ set 120 s).
 * One that we close first may have the next request on its way, which the load balancer answers with 502.
 */
export const KEEP_ALIVE_SECONDS = 130;

/** Listens. A port in use is a `ConfigError` that says so. */
export async function listen(
  handler: RequestListener,
  { host, port, requestTimeoutMs = 60_000 }: ListenOptions,
): Promise<HttpServer> {
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000,
      headersTimeout: 60_000,
      requestTimeout: requestTimeoutMs,
    },
    handler,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new ConfigError(
              `Port ${port} on ${host} is in use: choose another one (PORT, SPILLWAY_ADMIN_PORT).`,
            )
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shownHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    url: `http://${shownHost.includes(':') ? `[${shownHost}]` : shownHost}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Requests in hand get a moment to end; streams (server-sent events) are then cut.
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}
