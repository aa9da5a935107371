import { readConfig } from '@spillway/runtime';
import * as z from 'zod';

const Settings = z.object({ SPILLWAY_TEST_KUBECONFIG: z.string().optional() });

/**
 * Of the administrator of a cluster for tests without nodes (test/kubernetes/control-plane.sh makes one);
 * null: its tests are left out.
 */
export const testKubeconfig = (): string | null =>
  readConfig(Settings).SPILLWAY_TEST_KUBECONFIG ?? null;
