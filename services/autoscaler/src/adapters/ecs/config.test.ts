import { expect, test } from '@jest/globals';
import { readEcsConfig } from './config.ts';

const least = {
  SPILLWAY_ECS_CLUSTER: 'films',
  SPILLWAY_ECS_TASK_DEFINITION: 'video-encoder',
  SPILLWAY_ECS_SUBNETS: 'subnet-1, subnet-2',
  SPILLWAY_ECS_SECURITY_GROUPS: 'sg-1',
};

test('Fargate on demand is the default; others come with their weights', () => {
  expect(readEcsConfig(least).capacity).toEqual([{ name: 'FARGATE', weight: 1 }]);
  const SPILLWAY_ECS_CAPACITY = 'FARGATE_SPOT:3, FARGATE:1';
  expect(readEcsConfig({ ...least, SPILLWAY_ECS_CAPACITY }).capacity).toEqual([
    { name: 'FARGATE_SPOT', weight: 3 },
    { name: 'FARGATE', weight: 1 },
  ]);
});

test('what cannot be used is named', () => {
  expect(() =>
    readEcsConfig({ ...least, SPILLWAY_ECS_SUBNETS: ' ', SPILLWAY_ECS_CAPACITY: 'FARGATE' }),
  ).toThrow(/SPILLWAY_ECS_SUBNETS.*\n.*SPILLWAY_ECS_CAPACITY.*as in FARGATE:1/);
});
