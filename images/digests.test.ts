import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { digestsJson, kustomizeComponent } from './digests.ts';

const digest = `sha256:${'0f'.repeat(32)}`;
const pushed = new Map([
  ['order-api', { name: 'registry.example.com:5000/spillway/order-api', digest }],
  ['broker', { name: 'registry.example.com:5000/spillway/broker', digest }],
]);

test('ecs/ reads each image by its digest', () => {
  expect(JSON.parse(digestsJson(pushed))).toEqual({
    'order-api': `registry.example.com:5000/spillway/order-api@${digest}`,
    broker: `registry.example.com:5000/spillway/broker@${digest}`,
  });
});

test('k8s/ reads a component that puts each image, by its digest, in the place of its name', () => {
  expect(parse(kustomizeComponent(pushed))).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    images: ['order-api', 'broker'].map((service) => ({
      name: `spillway/${service}`,
      newName: `registry.example.com:5000/spillway/${service}`,
      digest,
    })),
  });
});
