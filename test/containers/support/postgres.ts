import { isIP } from 'node:net';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { getContainerRuntimeClient, RandomPortGenerator } from 'testcontainers';

export interface StartedPostgres {
  readonly url: string;
  /** The output of a statement, without decoration. */
  sql(statement: string): Promise<string>;
  /** From then on it takes no connection without TLS; the certificate, which is its own CA. */
  turnTlsOn(): Promise<string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** After `kill`, with what was on its disk; it may still be recovering. */
  start(): Promise<void>;
  /** Nothing in it moves, and connections stay open. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  remove(): Promise<void>;
}

const tlsOn = (host: string): string => `set -e
cd "$PGDATA"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \\
  -subj /CN=localhost -addext subjectAltName=${isIP(host) ? 'IP' : 'DNS'}:${host} \\
  -keyout server.key -out server.crt
chmod 600 server.key
chown postgres server.key
sed -i 's/^host /hostssl /' pg_hba.conf
psql -U spillway -d spillway -c 'ALTER SYSTEM SET ssl = on' -c 'SELECT pg_reload_conf()'`;

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
  async function exec(command: string[]): Promise<string> {
    const { output, exitCode } = await container.exec(command);
    if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${output}`);
    return output.trim();
  }
  return {
    url: container.getConnectionUri(),
    sql: (statement) => exec(['psql', '-U', 'spillway', '-d', 'spillway', '-AtXc', statement]),
    async turnTlsOn() {
      await exec(['sh', '-c', tlsOn(container.getHost())]);
      return exec(['sh', '-c', 'cat "$PGDATA/server.crt"']);
    },
    kill: async () => void (await raw.kill()),
    start: async () => void (await raw.start()),
    pause: async () => void (await raw.pause()),
    resume: async () => void (await raw.unpause()),
    remove: async () => void (await container.stop()),
  };
}
