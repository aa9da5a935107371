import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface WantedProtection {
  readonly ProtectionEnabled: boolean;
  readonly ExpiresInMinutes?: number;
}

export const granted = ({ ProtectionEnabled }: WantedProtection) => ({
  protection: { ProtectionEnabled, TaskArn: 'arn:task' },
});

export const refused = { failure: { Arn: 'arn:task', Reason: 'DEPLOYMENT_BLOCKED' } };

export interface FakeAgent {
  /** `ECS_AGENT_URI`. */
  readonly url: string;
  /** What it was asked for. */
  readonly calls: WantedProtection[];
  /** Resolves when it was asked so often. */
  called(count: number): Promise<void>;
  close(): Promise<void>;
}

/** The protection endpoint of the ECS agent. */
export async function startFakeAgent(
  answer: (wanted: WantedProtection, call: number) => unknown = granted,
): Promise<FakeAgent> {
  const calls: WantedProtection[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer(async (request, response) => {
    if (`${request.method} ${request.url}` !== 'PUT /api/1/task-protection/v1/state') {
      response.writeHead(404).end();
      return;
    }
    const wanted: WantedProtection = JSON.parse(await text(request));
    calls.push(wanted);
    response.end(JSON.stringify(answer(wanted, calls.length)));
    for (const { count, resolve } of waiting) if (calls.length >= count) resolve();
    waiting = waiting.filter(({ count }) => calls.length < count);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/1`,
    calls,
    async called(count) {
      if (calls.length >= count) return;
      await new Promise<void>((resolve) => waiting.push({ count, resolve }));
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
