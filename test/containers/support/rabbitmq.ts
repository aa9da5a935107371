import { setTimeout as wait } from 'node:timers/promises';
import { RabbitMQContainer } from '@testcontainers/rabbitmq';
import { connect } from 'amqplib';
import { getContainerRuntimeClient, RandomPortGenerator } from 'testcontainers';

export interface StartedRabbitMq {
  readonly url: string;
  readonly managementUrl: string;
  /** Runs a command in the container; its output. */
  exec(command: string[]): Promise<string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** After `kill`, with what was on its disk; resolves when it takes connections. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** RabbitMQ 4 in a container, on ports of the host that it keeps over restarts. */
export async function startRabbitMq(): Promise<StartedRabbitMq> {
  const ports = new RandomPortGenerator();
  const [amqp, management] = [await ports.generatePort(), await ports.generatePort()];
  const container = await new RabbitMQContainer('rabbitmq:4-management')
    .withExposedPorts({ container: 5672, host: amqp }, { container: 15672, host: management })
    .start();
  const host = container.getHost();
  const url = `amqp://guest:guest@${host}:${amqp}`;
  const client = await getContainerRuntimeClient();
  const raw = client.container.getById(container.getId());
  return {
    url,
    managementUrl: `http://guest:guest@${host}:${management}`,
    async exec(command) {
      const { output, exitCode } = await container.exec(command);
      if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${output}`);
      return output;
    },
    kill: async () => void (await raw.kill()),
    async start() {
      await raw.start();
      await untilReachable(url);
    },
    remove: async () => void (await container.stop()),
  };
}

async function untilReachable(url: string): Promise<void> {
  for (;;) {
    try {
      return await (await connect(url)).close();
    } catch {
      await wait(100);
    }
  }
}
