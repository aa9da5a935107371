// npm run crash -- broker [rounds]: kills the broker under load again and again, and says what it found.
import { crashRounds } from '../packages/broker/test/crash/rounds.ts';

const [name, rounds = '50'] = process.argv.slice(2);
if (name !== 'broker' || !/^\d+$/.test(rounds)) {
  console.error('usage: npm run crash -- broker [rounds]');
  process.exit(2);
}
const report = await crashRounds(Number(rounds));
console.log(JSON.stringify(report));
process.exit(report.problems.length > 0 ? 1 : 0);
