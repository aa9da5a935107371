import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigError } from '@spillway/runtime';
import { readKubernetesConfig } from './config.ts';

const inPod = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

test('a pod knows its cluster, and reads its token anew each time', async () => {
  const account = await mkdtemp(join(tmpdir(), 'account-'));
  try {
    const files = { namespace: 'flood\n', 'ca.crt': 'PEM', token: 'first\n' };
    for (const [name, text] of Object.entries(files)) await writeFile(join(account, name), text);
    const { access, template } = readKubernetesConfig(inPod, account);
    expect(access).toMatchObject({
      url: 'https://10.96.0.1:443',
      namespace: 'flood',
      authority: 'PEM',
    });
    expect(template).toBe('video-encoder');
    expect(await access.token()).toBe('first');
    await writeFile(join(account, 'token'), 'second');
    expect(await access.token()).toBe('second');
    const ipv6 = { ...inPod, KUBERNETES_SERVICE_HOST: 'fd00::1' };
    expect(readKubernetesConfig(ipv6, account).access.url).toBe('https://[fd00::1]:443');
  } finally {
    await rm(account, { recursive: true });
  }
});

test('outside of a pod, without a token, and with a name that is none it does not start', () => {
  expect(() => readKubernetesConfig({})).toThrow(/KUBERNETES_SERVICE_HOST/);
  expect(() => readKubernetesConfig(inPod, '/nowhere')).toThrow(ConfigError);
  expect(() =>
    readKubernetesConfig({ ...inPod, SPILLWAY_KUBERNETES_TEMPLATE: 'Video' }, '/nowhere'),
  ).toThrow(/SPILLWAY_KUBERNETES_TEMPLATE: must be the name/);
});
