import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { Registry } from 'prom-client';
import { FakeCluster } from '../../testing/fake-cluster.ts';
import { KedaTarget } from './keda-target.ts';

test('workers are the Jobs of the ScaledJob, and those that KEDA was asked for', async () => {
  const cluster = new FakeCluster();
  const registry = new Registry();
  const target = new KedaTarget({
    access: {
      url: await cluster.start(),
      namespace: 'spillway',
      authority: null,
      token: async () => cluster.token,
    },
    template: 'video-encoder',
    log: createLogger('test', 'silent'),
    registry,
  });
  try {
    expect(await target.launch(2, 'abcdefghijklmnop')).toEqual({ launched: 2, refused: [] });
    expect((await target.list()).map(({ state }) => state)).toEqual(['starting', 'starting']);
    expect(await registry.metrics()).toContain('spillway_autoscaler_keda_jobs_wanted 2\n');
    cluster.addJob('video-encoder-x1', { 'scaledjob.keda.sh/name': 'video-encoder' }, { ready: 1 });
    cluster.addJob('other-x1', { 'scaledjob.keda.sh/name': 'other' }, {});
    expect(await target.list()).toMatchObject([
      { id: 'video-encoder-x1', state: 'ready' },
      { id: 'wanted-0', state: 'starting' },
    ]);
    cluster.addJob('video-encoder-x2', { 'scaledjob.keda.sh/name': 'video-encoder' }, {});
    expect((await target.list()).map(({ id }) => id)).toEqual([
      'video-encoder-x1',
      'video-encoder-x2',
    ]);
    expect(await registry.metrics()).toContain('spillway_autoscaler_keda_jobs_wanted 0\n');
    cluster.setStatus('video-encoder-x2', { conditions: [{ type: 'Failed', status: 'True' }] });
    expect((await target.list()).map(({ state }) => state)).toEqual(['ready', 'failed']);
    // KEDA counts Jobs that are not finished: one that failed is none that is there.
    await target.launch(1, 'bcdefghijklmnopq');
    expect(await registry.metrics()).toContain('spillway_autoscaler_keda_jobs_wanted 2\n');
    expect(cluster.asked.filter((asked) => asked.startsWith('POST'))).toEqual([]);
  } finally {
    await target.close();
    await cluster.close();
  }
});
