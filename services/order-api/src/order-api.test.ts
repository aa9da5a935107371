import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  attemptPrefix,
  cancelMarker,
  type JobResult,
  newAttemptId,
  type Order,
  OrderJobs,
} from '@spillway/contracts';
import { type Answer, ask, startTestApi, type TestApi } from './testing/api.ts';
import { failed, planOfChunks, progressed, succeeded } from './testing/orders.ts';

let api: TestApi;
let clip: string;
beforeAll(async () => {
  api = await startTestApi();
  await mkdir(path.join(api.folder, 'films'));
  const file = path.join(api.folder, 'films', 'a clip.mp4');
  await writeFile(file, 'not looked at');
  clip = pathToFileURL(file).href;
});
afterAll(() => api.close());

const place = (body: object = { source: { url: clip } }, headers = {}): Promise<Answer<Order>> =>
  ask(`${api.url}/v1/orders`, { body, headers });
const get = async (id: string): Promise<Order> => (await ask(`${api.url}/v1/orders/${id}`)).body;

/** The order once it has ended, by its events. */
async function ended(id: string): Promise<Order> {
  const response = await fetch(`${api.url}/v1/orders/${id}/events`);
  await response.text();
  return get(id);
}

describe('an order', () => {
  test('is durable when it is answered with 202, its first job on the way', async () => {
    const { status, headers, body } = await place();
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/orders/${body.id}`);
    expect(body).toMatchObject({ status: 'queued', customerId: 'default', progress: 0 });
    expect(await get(body.id)).toEqual(body);
    const { job } = await api.job(body.id, 'prepare');
    expect(job).toMatchObject({
      source: { from: 'file', path: expect.stringMatching(/a clip.mp4$/) },
    });
  });

  test.each([
    ['high', 'encode-jobs-high'],
    ['low', 'encode-jobs-low'],
  ])('of %s priority waits among its like', async (priority, queue) => {
    const { body } = await place({ source: { url: clip }, priority });
    expect(await api.job(body.id, 'prepare')).toMatchObject({ queue, job: { priority } });
  });

  test('completes by one result, and shows where it plays', async () => {
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    await api.tell(succeeded(job));
    const order = await ended(body.id);
    expect(order).toMatchObject({ status: 'completed', progress: 1, durationSeconds: 4 });
    expect(order.playback).toEqual({
      ready: true,
      hlsUrl: `${api.url}/v1/orders/${body.id}/playback/master.m3u8`,
      dashUrl: `${api.url}/v1/orders/${body.id}/playback/manifest.mpd`,
      posterUrl: `${api.url}/v1/orders/${body.id}/playback/poster.jpg`,
      thumbnailsUrl: null,
      mp4Url: null,
      playUrl: `${api.url}/play/${body.id}`,
    });
  });

  test('of an address is ingested first, then prepared from the object store', async () => {
    const { body } = await place({ source: { url: 'http://127.0.0.1:9/film.mp4' } });
    const { job } = await api.job(body.id, 'ingest');
    await api.tell(succeeded(job));
    const { job: next } = await api.job(body.id, 'prepare');
    expect(next).toMatchObject({ source: { from: 'object' } });
    expect(await get(body.id)).toMatchObject({ status: 'running', stage: 'prepare' });
  });

  test('in chunks survives results that race each other', async () => {
    const chunks = 12;
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    await api.tell(succeeded(job, { plan: planOfChunks(chunks) }));
    const encodes = [
      api.job(body.id, 'encode-audio'),
      ...Array.from({ length: chunks }, (_, index) => api.job(body.id, 'encode-chunk', index)),
    ];
    await Promise.all((await Promise.all(encodes)).map((sent) => api.tell(succeeded(sent.job))));
    const packaging = await api.job(body.id, 'package');
    expect(packaging.job).toMatchObject({ chunkPrefixes: { length: chunks } });
    await api.tell(succeeded(packaging.job));
    expect(await ended(body.id)).toMatchObject({ status: 'completed', stage: 'package' });
  });

  test('fails at once with the typed error of its job', async () => {
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    await api.tell(failed(job));
    const order = await ended(body.id);
    expect(order).toMatchObject({ status: 'failed', playback: null });
    expect(order.error).toEqual({
      code: 'source_not_media',
      message: 'It is a text file.',
      retryable: false,
    });
  });

  test('fails in words even when its worker quotes bytes that no database keeps', async () => {
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    const error = { code: 'internal', message: 'it said \0 and \ud800', retryable: true } as const;
    await api.tell({ ...failed(job), error } as JobResult);
    expect((await ended(body.id)).error?.message).toBe('it said  and \ufffd');
  });

  test('hands its trace on to its jobs and its events', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { body, headers } = await place(
      { source: { url: clip }, webhook: { url: 'http://127.0.0.1:9/hook' } },
      { traceparent, 'x-request-id': 'req-7' },
    );
    expect(headers.get('x-request-id')).toBe('req-7');
    const { job, attributes } = await api.job(body.id, 'prepare');
    expect(attributes).toMatchObject({
      requestId: 'req-7',
      traceparent: expect.stringContaining('4bf92f3577b34da6a3ce929d0e0e4736'),
    });
    await api.tell(succeeded(job));
    const [event] = await api.notified(body.id, 1);
    expect(event).toMatchObject({ payload: { type: 'order.completed' }, endpoint: null });
  });
});

describe('results that are not used', () => {
  test('have their files removed; those of the winner stay', async () => {
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    const winner = newAttemptId();
    const loser = newAttemptId();
    const fileOf = (attempt: string) =>
      `${attemptPrefix(body.id, 'prepare', 0, attempt)}master.m3u8`;
    for (const attempt of [winner, loser]) await api.storage.put(fileOf(attempt), Buffer.from('x'));
    await api.tell(succeeded(job, { attemptId: winner }));
    await ended(body.id);
    await api.tell(succeeded(job, { attemptId: winner }));
    await api.tell(succeeded(job, { attemptId: loser }));
    const metric = () => api.registry.getSingleMetricAsString('spillway_job_results_total');
    while (!/outcome="dropped"} [2-9]/.test(await metric())) await get(body.id);
    expect(await api.storage.head(fileOf(loser))).toBeNull();
    expect(await api.storage.head(fileOf(winner))).not.toBeNull();
  });
});

describe('retry', () => {
  const retry = (id: string) => ask(`${api.url}/v1/orders/${id}/retry`, { method: 'POST' });

  test('begins a failed order again, can be repeated, and goes on counting its events', async () => {
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    await api.tell(failed(job));
    await ended(body.id);
    const again = await retry(body.id);
    expect(again).toMatchObject({ status: 202, body: { status: 'queued', error: null } });
    expect(await retry(body.id)).toMatchObject({ status: 202, body: again.body });
    const { job: second } = await api.job(body.id, 'prepare', 0, 1);
    await api.tell(succeeded(second));
    expect(await ended(body.id)).toMatchObject({
      status: 'completed',
      retriedAt: again.body.retriedAt,
    });
    const events = await (await fetch(`${api.url}/v1/orders/${body.id}/events`)).text();
    expect(events.match(/(?<=^event: ).*/gm)).toEqual([
      'order.queued',
      'order.failed',
      'order.queued',
      'order.completed',
    ]);
  });

  test('is not for an order that is under way, nor for one that has completed', async () => {
    const { body } = await place();
    expect((await retry(body.id)).status).toBe(409);
    await api.tell(succeeded((await api.job(body.id, 'prepare')).job));
    await ended(body.id);
    expect(await retry(body.id)).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/order-not-retryable$/) },
    });
  });

  test('after a cancel: workers of the new run find no marker', async () => {
    const { body } = await place();
    await ask(`${api.url}/v1/orders/${body.id}/cancel`, { method: 'POST' });
    expect((await retry(body.id)).status).toBe(202);
    expect(await api.storage.head(cancelMarker(body.id, 0))).not.toBeNull();
    expect(await api.storage.head(cancelMarker(body.id, 1))).toBeNull();
  });
});

test('the jobs of an order tell every attempt, with the last lines of ffmpeg', async () => {
  const { body } = await place();
  const { job } = await api.job(body.id, 'prepare');
  await api.tell(failed(job));
  await ended(body.id);
  const { body: told } = await ask<OrderJobs>(`${api.url}/v1/orders/${body.id}/jobs`);
  expect(OrderJobs.parse(told)).toMatchObject({
    jobs: [
      {
        kind: 'prepare',
        status: 'failed',
        attempts: [
          {
            worker: 'host/1',
            error: { code: 'source_not_media' },
            exit: 'code 1',
            log: ['Invalid data found'],
          },
        ],
      },
    ],
  });
});

describe('cancel and delete', () => {
  test('cancel ends the order, tells the workers, and can be repeated', async () => {
    const { body } = await place();
    await api.job(body.id, 'prepare');
    const cancel = () => ask(`${api.url}/v1/orders/${body.id}/cancel`, { method: 'POST' });
    expect(await cancel()).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(await api.storage.head(cancelMarker(body.id))).not.toBeNull();
    expect(await cancel()).toMatchObject({ status: 200, body: { status: 'canceled' } });
  });

  test('an order that has completed cannot be canceled', async () => {
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    await api.tell(succeeded(job));
    await ended(body.id);
    const answer = await ask(`${api.url}/v1/orders/${body.id}/cancel`, { method: 'POST' });
    expect(answer).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/order-ended$/) },
    });
  });

  test('delete wants an end first, then removes rows and objects', async () => {
    const { body } = await place();
    const { job } = await api.job(body.id, 'prepare');
    const remove = () => ask(`${api.url}/v1/orders/${body.id}`, { method: 'DELETE' });
    expect(await remove()).toMatchObject({
      status: 409,
      body: {
        type: expect.stringMatching(/order-not-ended$/),
        detail: expect.stringMatching(/cancel/),
      },
    });
    const attemptId = newAttemptId();
    const key = `${attemptPrefix(body.id, 'prepare', 0, attemptId)}init.mp4`;
    await api.storage.put(key, Buffer.from('x'));
    await api.tell(succeeded(job, { attemptId }));
    await ended(body.id);
    expect((await remove()).status).toBe(204);
    expect(await api.storage.head(key)).toBeNull();
    for (const table of ['jobs', 'events']) {
      const rows = await api.database.query(`SELECT 1 FROM ${table} WHERE order_id = $1`, [
        body.id,
      ]);
      expect(rows).toEqual([]);
    }
    expect((await remove()).status).toBe(404);
  });
});

test('a stopped API goes on where it was', async () => {
  const { body } = await place();
  const { job } = await api.job(body.id, 'prepare');
  const attemptId = newAttemptId();
  await api.tell(progressed(job, 0.5, attemptId));
  await api.restart();
  await api.tell(succeeded(job, { attemptId }));
  expect(await ended(body.id)).toMatchObject({ status: 'completed' });
});
