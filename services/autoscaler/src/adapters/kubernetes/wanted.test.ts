import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WantedJobs } from './wanted.ts';

/** What KEDA 2.20 does at a poll with its strategy `default` (pkg/scaling/executor/scale_jobs.go). */
const kedaLaunches = (told: number, max: number, unfinished: number): number =>
  told > 0 ? Math.max(0, Math.min(told, Math.min(told, max) - unfinished)) : 0;

/** A cluster with KEDA in it, and the autoscaler's plans; time in seconds. */
class Cluster {
  readonly wanted = new WantedJobs();
  readonly jobs = new Set<string>();
  made = 0;
  asked = 0;
  now = 0;

  plan(launch: number): void {
    this.wanted.seen([...this.jobs], this.now * 1000);
    if (launch === 0) return;
    this.wanted.ask(launch, `token-${this.asked}-${this.now}`, this.now * 1000);
    this.asked += launch;
  }

  poll(max = 1000): void {
    const launches = kedaLaunches(this.wanted.told, max, this.jobs.size);
    for (let launch = 0; launch < launches; launch += 1) this.jobs.add(`job-${this.made++}`);
  }

  leave(count: number): void {
    for (const job of [...this.jobs].slice(0, count)) this.jobs.delete(job);
  }
}

test('what KEDA launches is what the plan launched, however often it polls', () => {
  const step = fc.oneof(
    fc.record({ plan: fc.nat(20) }),
    fc.record({ leave: fc.nat(20) }),
    fc.constant({ poll: true as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cluster = new Cluster();
      for (const one of steps) {
        cluster.now += 1;
        if ('plan' in one) cluster.plan(one.plan);
        // KEDA sees a worker that has left at once, and the autoscaler at its next plan, which here is at once too.
        else if ('leave' in one) {
          cluster.plan(0);
          cluster.leave(one.leave);
          cluster.plan(0);
        } else cluster.poll();
      }
      cluster.plan(0);
      cluster.poll();
      expect(cluster.made).toBe(cluster.asked);
    }),
  );
});

test('once everything is there, workers that leave are not replaced', () => {
  const cluster = new Cluster();
  cluster.plan(50);
  cluster.poll();
  cluster.plan(0);
  expect(cluster.wanted.told).toBe(0);
  cluster.leave(50);
  cluster.poll();
  expect(cluster.made).toBe(50);
});

test('a launch that is repeated asks for nothing more', () => {
  const wanted = new WantedJobs();
  wanted.ask(3, 'a', 0);
  wanted.ask(3, 'a', 5);
  expect(wanted.told).toBe(3);
});

test('what KEDA does not make within a minute is no longer counted as starting, nor asked for', () => {
  const cluster = new Cluster();
  cluster.plan(5);
  cluster.poll(2);
  expect(cluster.wanted.seen([...cluster.jobs], 59_000)).toBe(0);
  expect([cluster.wanted.missing, cluster.wanted.told]).toEqual([3, 5]);
  expect(cluster.wanted.seen([...cluster.jobs], 61_000)).toBe(3);
  expect([cluster.wanted.missing, cluster.wanted.told]).toEqual([0, 0]);
});
