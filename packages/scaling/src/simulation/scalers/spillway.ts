import { planScaling } from '../../plan.ts';
import type { ScalerFactory } from '../scaler.ts';

/** Our law: planScaling every 5 s; workers leave by themselves after so many idle seconds. */
export const spillwayLeavingAfter =
  (idleSeconds: number): ScalerFactory =>
  (settings) => ({
    name: 'Spillway',
    everySeconds: 5,
    minWorkers: 0,
    leavesAfterSeconds: idleSeconds,
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

/** Longer than the pause between two jobs of an order, and short beside a start. */
export const spillway = spillwayLeavingAfter(10);
