import { readFile } from 'node:fs/promises';
import { ConfigError } from '@spillway/runtime';
import { z } from 'zod';

const queueList = z.array(
  z.strictObject({
    name: z.string(),
    attributes: z.record(z.string(), z.string()).default({}),
    tags: z.record(z.string(), z.string()).default({}),
  }),
);

/** A queue to create at start. */
export type QueueDefinition = z.infer<typeof queueList>[number];

/** Reads a file of queues. @throws ConfigError naming what is wrong with it */
export async function readQueues(path: string): Promise<QueueDefinition[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`--queues ${path}: ${(error as Error).message}`);
  }
  const result = queueList.safeParse(parsed);
  if (!result.success) throw new ConfigError(`--queues ${path}: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** Creates the queues as any client would. @throws ConfigError when the broker refuses one */
export async function createQueues(url: string, queues: QueueDefinition[]): Promise<void> {
  for (const { name, attributes, tags } of queues) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'AmazonSQS.CreateQueue',
      },
      body: JSON.stringify({ QueueName: name, Attributes: attributes, tags }),
    });
    if (response.ok) continue;
    const { message } = (await response.json()) as { message: string };
    throw new ConfigError(`queue "${name}": ${message}`);
  }
}
