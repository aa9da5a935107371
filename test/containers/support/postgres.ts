import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { getContainerRuntimeClient, RandomPortGenerator } from 'testcontainers';

export interface StartedPostgres {
  readonly url: string;
  /** The output of a statement, without decoration. */
  sql(statement: string): Promise<string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** After `kill`, with what was on its disk; it may still be recovering. */
  start(): Promise<void>;
  /** Nothing in it moves, and connections stay open. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  remove(): Promise<void>;
}

/** Postgres 17 in a container, on a port of the host that it keeps over restarts. */
export async function startPostgres(): Promise<StartedPostgres> {
  const port = await new RandomPortGenerator().generatePort();
  const container = await new PostgreSqlContainer('postgres:17')
    .withUsername('spillway')
    .withDatabase('spillway')
    .withExposedPorts({ container: 5432, host: port })
    .start();
  const client = await getContainerRuntimeClient();
  const raw = client.container.getById(container.getId());
  return {
    url: container.getConnectionUri(),
    async sql(statement) {
      const command = ['psql', '-U', 'spillway', '-d', 'spillway', '-AtXc', statement];
      const { output, exitCode } = await container.exec(command);
      if (exitCode !== 0) throw new Error(output);
      return output.trim();
    },
    kill: async () => void (await raw.kill()),
    start: async () => void (await raw.start()),
    pause: async () => void (await raw.pause()),
    resume: async () => void (await raw.unpause()),
    remove: async () => void (await container.stop()),
  };
}
