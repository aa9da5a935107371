// The functions that docs/cdn/ gives to CDNs, against the tokens that the API makes.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { newAttemptId, newOrderId } from '@spillway/contracts';
import { playbackKey, playbackTokens } from './app/playback-tokens.ts';

const SECRET = 'a secret of 32 characters or more';
const tokens = playbackTokens(SECRET);
const order = newOrderId();
const object = `/orders/${order}/encode-chunk-0-${newAttemptId()}/720p/00001.m4s`;
const now = Math.floor(Date.now() / 1000);
const valid = tokens.create(order, now + 3600);

const docs = (name: string): URL => new URL(`../../../docs/cdn/${name}`, import.meta.url);

/** The object that a request is let through to; null when it is refused. */
type Check = (uri: string) => string | null;
const checks: Record<string, Check> = {};

beforeAll(async () => {
  const source = await readFile(docs('cloudfront-function.js'), 'utf8');
  const handler = runInNewContext(
    `${source.replace('PLAYBACK_KEY', playbackKey(SECRET))}; handler`,
    { require: createRequire(import.meta.url) },
  ) as (event: object) => { uri: string; statusCode?: number };
  checks.CloudFront = (uri) => {
    const answer = handler({ request: { method: 'GET', uri } });
    return answer.statusCode === undefined ? answer.uri : null;
  };
  const { default: nginx } = (await import(docs('nginx-playback.js').href)) as {
    default: { object(request: { uri: string }): string };
  };
  process.env.SPILLWAY_PLAYBACK_KEY = playbackKey(SECRET);
  checks.nginx = (uri) => nginx.object({ uri }) || null;
});

describe.each(['CloudFront', 'nginx'])('%s', (cdn) => {
  const objectFor = (uri: string) => checks[cdn]?.(uri);

  test('gives the object to a right token, and to that of a public order', () => {
    expect(objectFor(`/${valid}${object}`)).toBe(object);
    expect(objectFor(`/${tokens.create(order, 0)}${object}`)).toBe(object);
  });

  test('gives nothing to an expired token, another order’s, a changed one, or none', () => {
    const [expiry = '', signature = ''] = valid.split('.');
    for (const token of [
      tokens.create(order, now - 1),
      tokens.create(newOrderId(), now + 3600),
      playbackTokens('another secret of 32 characters or more').create(order, now + 3600),
      `0.${signature}`,
      `${expiry}0.${signature}`,
      `${expiry}.${signature.slice(1)}A`,
      `${expiry}.`,
      'x',
    ]) {
      expect(objectFor(`/${token}${object}`)).toBeNull();
    }
    expect(objectFor(object)).toBeNull();
  });

  test('gives no source, no report, and nothing by a way round', () => {
    for (const path of [
      `/orders/${order}/ingest-0-${newAttemptId()}/source.mp4`,
      `/orders/${order}/prepare-0-${newAttemptId()}/qc.json`,
      `/orders/${order}/../${newOrderId()}/prepare-0-a/00001.m4s`,
      `/orders/${order}/prepare-0-a/..%2f..%2fb/00001.m4s`,
      `/orders/${order}/`,
    ]) {
      expect(objectFor(`/${valid}${path}`)).toBeNull();
    }
  });
});
