import { planScaling } from '../../plan.ts';
import type { ScalerFactory } from '../scaler.ts';

/** Our law: planScaling every 5 s; workers leave by themselves after 10 idle seconds. */
export const spillway: ScalerFactory = (settings) => ({
  name: 'Spillway',
  everySeconds: 5,
  minWorkers: 0,
  leavesAfterSeconds: 10,
  oneJob: false,
  decide: (view) => ({
    launch: planScaling(
      {
        waiting: view.waiting(),
        running: view.running(),
        ready: view.ready,
        starting: view.starting,
      },
      { ...settings, minWorkers: 0 },
    ).launch,
  }),
});
