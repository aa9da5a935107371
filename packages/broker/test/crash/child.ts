import { startBroker } from '../../src/index.ts';

// The process that is killed: a broker on the folder and port it is given. Its segments are small, so
// that compaction runs all the time.
const [dataDir = '', port = '0'] = process.argv.slice(2);
const broker = await startBroker({
  dataDir,
  port: Number(port),
  segmentBytes: 1024 * 1024,
  log: ({ level, message, details }) => {
    process.stderr.write(`${JSON.stringify({ level, message, ...details })}\n`);
  },
});
process.stdout.write(`${broker.url}\n`);
