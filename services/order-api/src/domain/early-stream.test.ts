import { describe, expect, test } from '@jest/globals';
import { attemptPrefix, type Job, newAttemptId } from '@spillway/contracts';
import { AT, addressesOf, progressed, succeeded } from '../testing/orders.ts';
import { planned, result, types } from '../testing/steps.ts';
import { earlySoundOf } from './early-stream.ts';
import type { Step } from './reduce.ts';
import { orderView } from './snapshot.ts';

describe('an order that plays before it has ended', () => {
  const sound = (job: Job, segments: number, attemptId = newAttemptId()) =>
    progressed(job, 0.1, attemptId, segments);
  const isReady = ({ state }: Step) => orderView(state, addressesOf(state, AT)).playback?.ready;

  test('is playable with its first chunk and sound for as long, and tells it once', () => {
    const { state, jobs } = planned(3);
    const [first, audio, second] = jobs as [Job, Job, Job];
    const heard = result(state, sound(audio, 1));
    expect(isReady(heard)).toBe(false);
    const playable = result(heard.state, succeeded(first));
    expect(types(playable)).toEqual(['order.playable']);
    expect(playable.state.playableAt).toBe(AT);
    expect(isReady(playable)).toBe(true);
    expect(types(result(playable.state, succeeded(second)))).toEqual(['order.progress']);
  });

  test('waits for its sound, until all of that is there', () => {
    const { state, jobs } = planned(2);
    const [first, audio] = jobs as [Job, Job];
    const picture = result(state, succeeded(first));
    expect(isReady(picture)).toBe(false);
    expect(types(result(picture.state, sound(audio, 1)))).toEqual(['order.playable']);
    expect(types(result(picture.state, succeeded(audio)))).toEqual(['order.playable']);
  });

  test('without sound needs none; without HLS it plays at its end only', () => {
    const silent = planned(2, false);
    expect(isReady(result(silent.state, succeeded(silent.jobs[0] as Job)))).toBe(true);
    const { request } = silent.state;
    const outputs = { ...request.outputs, formats: ['dash' as const] };
    const dash = { ...silent.state, request: { ...request, outputs } };
    const made = result(dash, succeeded(silent.jobs[0] as Job));
    expect(made.state.playableAt).toBeNull();
    expect(orderView(made.state, addressesOf(made.state, AT)).playback).toMatchObject({
      ready: false,
      hlsUrl: null,
    });
  });

  test('keeps the sound of an attempt that died until another has got further', () => {
    const { state, jobs } = planned(2);
    const audio = jobs[1] as Job;
    const [dead, next] = [newAttemptId(), newAttemptId()];
    const prefixOf = (attemptId: string) => attemptPrefix(state.id, 'encode-audio', 0, attemptId);
    let last = result(state, sound(audio, 7, dead));
    last = result(last.state, sound(audio, 3, next));
    expect(earlySoundOf(last.state)).toEqual({ prefix: prefixOf(dead), segments: 7 });
    // Overtaken on its way.
    last = result(last.state, sound(audio, 5, dead));
    expect(earlySoundOf(last.state)?.segments).toBe(7);
    last = result(last.state, sound(audio, 8, next));
    expect(earlySoundOf(last.state)).toEqual({ prefix: prefixOf(next), segments: 8 });
  });
});
