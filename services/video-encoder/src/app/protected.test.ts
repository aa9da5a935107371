import { expect, test } from '@jest/globals';
import { takeProtected } from './protected.ts';

/** A platform, a queue and lanes, whose steps a test reads in `log`. */
function bench({ grants = [] as boolean[] } = {}) {
  const log: string[] = [];
  let waiting = false;
  let leave = () => {};
  const looked = Promise.withResolvers<void>();
  const steps = new Map<string, PromiseWithResolvers<void>>();
  const stepOf = (step: string) => {
    const found = steps.get(step) ?? Promise.withResolvers<void>();
    steps.set(step, found);
    return found;
  };
  const did = (step: string) => {
    log.push(step);
    stepOf(`${step} ${log.filter((each) => each === step).length}`).resolve();
  };
  const taking = takeProtected({
    protection: {
      async take() {
        const granted = grants.shift() ?? true;
        did(granted ? 'take' : 'refused');
        return granted;
      },
      release: async () => did('release'),
    },
    async somethingWaits() {
      looked.resolve();
      return waiting;
    },
    begin() {
      did('begin');
      const left = Promise.withResolvers<void>();
      leave = left.resolve;
      return { left: left.promise, stop: async (grace) => did(`stop ${grace}`) };
    },
    lookSeconds: 0.001,
    refusedSeconds: 0.001,
  });
  return {
    log,
    taking,
    looked: looked.promise,
    /** Resolves when the step was done for the nth time. */
    until: (step: string, n = 1) => stepOf(`${step} ${n}`).promise,
    wait: (is: boolean) => {
      waiting = is;
    },
    becomeIdle: () => leave(),
  };
}

test('an idle worker neither asks for protection nor takes jobs', async () => {
  const { log, taking, looked } = bench();
  await looked;
  await taking.stop(20);
  expect(log).toEqual([]);
});

test('protection comes before the first job and goes after the last, once for all between', async () => {
  const { log, taking, wait, until, becomeIdle } = bench();
  wait(true);
  await until('begin');
  wait(false);
  becomeIdle();
  await until('release');
  wait(true);
  await until('begin', 2);
  await taking.stop(20);
  expect(log).toEqual(['take', 'begin', 'release', 'take', 'begin', 'stop 20', 'release']);
});

test('without protection no job is taken; it is asked for again', async () => {
  const { log, taking, wait, until } = bench({ grants: [false, false, true] });
  wait(true);
  await until('begin');
  await taking.stop(5);
  expect(log).toEqual(['refused', 'refused', 'take', 'begin', 'stop 5', 'release']);
});
