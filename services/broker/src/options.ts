import { parseArgs } from 'node:util';
import { ConfigError } from '@spillway/runtime';

/** How the program was called. */
export interface ProgramOptions {
  port: number;
  host: string;
  dataDir: string;
  sync: 'on' | 'off';
  cooldowns: boolean;
  fifoLimits: boolean;
  /** JSON file of queues to create at start. */
  queues: string | undefined;
}

export const usage = `Usage: npm run broker -- [options]

  --port N          port to listen on; 0 takes any free one (default 9324)
  --host ADDRESS    address to listen on (default 127.0.0.1; nothing is authenticated)
  --data-dir DIR    folder of the store (default ./data/broker)
  --queues FILE     JSON list of queues to create: [{"name": "jobs", "attributes": {}, "tags": {}}]
  --sync=off        do not wait for the disk: for throw-away use
  --cooldowns       enforce AWS's waiting times of 60 s for purges and for names of deleted queues
  --fifo-limits     enforce AWS's 300 requests a second of FIFO queues, or of message groups
`;

/** Reads the command line. @throws ConfigError */
export function parseOptions(args: string[]): ProgramOptions {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${usage}`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port.trim() === '') {
    throw new ConfigError(`--port must be a number from 0 to 65535, not "${values.port}"`);
  }
  const { sync } = values;
  if (sync !== 'on' && sync !== 'off') {
    throw new ConfigError(`--sync must be on or off, not "${sync}"`);
  }
  const { host, cooldowns, queues } = values;
  const fifoLimits = values['fifo-limits'];
  return { port, host, dataDir: values['data-dir'], sync, cooldowns, fifoLimits, queues };
}

function parse(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '9324' },
      host: { type: 'string', default: '127.0.0.1' },
      'data-dir': { type: 'string', default: './data/broker' },
      queues: { type: 'string' },
      sync: { type: 'string', default: 'on' },
      cooldowns: { type: 'boolean', default: false },
      'fifo-limits': { type: 'boolean', default: false },
    },
  });
  return values;
}
