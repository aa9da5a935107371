export type {
  JobGroup,
  ScalingInput,
  ScalingPlan,
  ScalingReason,
  ScalingSettings,
} from './plan.ts';
export { planScaling } from './plan.ts';
