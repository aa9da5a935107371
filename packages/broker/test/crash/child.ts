import { startBroker } from '../../src/index.ts';

// The process that is killed: a broker on the folder and port it is given.
const [dataDir = '', port = '0'] = process.argv.slice(2);
const broker = await startBroker({
  dataDir,
  port: Number(port),
  log: ({ level, message, details }) => {
    process.stderr.write(`${JSON.stringify({ level, message, ...details })}\n`);
  },
});
process.stdout.write(`${broker.url}\n`);
