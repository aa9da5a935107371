import { describe, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { Registry } from 'prom-client';
import { testKubeconfig } from '../../testing/config.ts';
import { LossyProxy, RealCluster } from '../../testing/real-cluster.ts';
import { testTarget } from '../../testing/target-suite.ts';
import type { ClusterAccess } from './api.ts';
import { KubernetesTarget } from './target.ts';

const kubeconfig = testKubeconfig();
const log = createLogger('test', 'silent');

async function openBench(config: string) {
  const cluster = new RealCluster(config);
  const access = await cluster.open();
  const proxy = new LossyProxy(access);
  const throughProxy = await proxy.start();
  const closing: (() => Promise<void>)[] = [() => proxy.close(), () => cluster.close()];
  const open = (to: ClusterAccess) => {
    const registry = new Registry();
    const target = new KubernetesTarget({ access: to, template: 'video-encoder', log, registry });
    closing.unshift(() => target.close().catch(() => {}));
    return target;
  };
  return {
    target: open(throughProxy),
    restarted: async () => open(access),
    stranger: async () => {
      const other = new RealCluster(config);
      closing.push(() => other.close());
      return open(await other.open());
    },
    loseNextAnswer: () => {
      proxy.loseNext = true;
    },
    limitTo: (workers: number) => cluster.limitTo('count/jobs.batch', workers),
    becomeReady: (id: string) => cluster.becomeReady(id),
    leave: (id: string) => cluster.leave(id),
    fail: (id: string) => cluster.fail(id),
    close: async () => {
      for (const close of closing) await close();
    },
  };
}

if (kubeconfig === null) {
  test.skip('The target on a real API of Kubernetes is left out: SPILLWAY_TEST_KUBECONFIG names none', () => {});
} else {
  testTarget('Kubernetes, its own API', () => openBench(kubeconfig));

  test('what holds workers up is told: no node, a quota on pods', async () => {
    const cluster = new RealCluster(kubeconfig);
    const access = await cluster.open();
    const registry = new Registry();
    const now = () => Date.now() + 60_000;
    const target = new KubernetesTarget({ access, template: 'video-encoder', log, registry, now });
    try {
      await target.launch(1, 'aaaaaaaaaaaaaaaa');
      await cluster.unschedulable('video-encoder-aaaaaaaaaaaaaaaa-0');
      await cluster.limitTo('pods', 1);
      expect(await target.launch(2, 'bbbbbbbbbbbbbbbb')).toEqual({ launched: 2, refused: [] });
      await cluster.noPod();
      expect(await target.list()).toHaveLength(3);
      const metrics = await registry.metrics();
      expect(metrics).toContain('spillway_autoscaler_workers_held_up{cause="unschedulable"} 1\n');
      expect(metrics).toMatch(/spillway_autoscaler_workers_held_up{cause="quota"} [12]\n/);
    } finally {
      await target.close();
      await cluster.close();
    }
  });

  describe('The rights of the autoscaler', () => {
    test('are to read one template, to make Jobs and to look: it can end nothing', async () => {
      const cluster = new RealCluster(kubeconfig);
      await cluster.open();
      const account = `system:serviceaccount:${cluster.namespace}:autoscaler`;
      const can = (...what: string[]) =>
        cluster
          .kubectl(['auth', 'can-i', ...what, '-n', cluster.namespace, '--as', account])
          .then(() => true)
          .catch(() => false);
      try {
        expect(await can('create', 'jobs.batch')).toBe(true);
        expect(await can('get', 'cronjobs.batch/video-encoder')).toBe(true);
        expect(await can('get', 'cronjobs.batch/another')).toBe(false);
        for (const verb of ['delete', 'patch', 'update']) {
          expect(await can(verb, 'jobs.batch')).toBe(false);
          expect(await can(verb, 'pods')).toBe(false);
        }
        expect(await can('get', 'secrets')).toBe(false);
      } finally {
        await cluster.close();
      }
    });
  });
}
