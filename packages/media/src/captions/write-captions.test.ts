import { expect, test } from '@jest/globals';
import { samplePlan } from '@spillway/contracts/testing';
import fc from 'fast-check';
import type { Cue } from './cue.ts';
import { readCaptions } from './read-captions.ts';
import {
  captionFiles,
  captionSegmentList,
  captionSegments,
  captionsText,
} from './write-captions.ts';

/** 10 s: segments of 4, 4 and 2 s. */
const plan = samplePlan({
  frameRate: { numerator: 25, denominator: 1 },
  frames: 250,
  gopFrames: 100,
});
const cue = (startMs: number, endMs: number, text = `${startMs}`): Cue => ({
  ...{ startMs, endMs, text },
  settings: '',
});

test('one file holds all cues', () => {
  const cues = [
    { ...cue(0, 1_500, '<i>a</i>\nb'), settings: ' line:0' },
    cue(3_723_004, 400_000_000),
  ];
  expect(captionsText(cues)).toBe(
    [
      'WEBVTT',
      '',
      '00:00:00.000 --> 00:00:01.500 line:0',
      '<i>a</i>',
      'b',
      '',
      '01:02:03.004 --> 111:06:40.000',
      '3723004',
      '',
    ].join('\n'),
  );
});

test('a segment maps its times to those of the media, and holds what is shown in it', () => {
  const cues = [
    cue(0, 4_000),
    cue(3_999, 4_001),
    cue(4_000, 8_000),
    cue(9_000, 99_000),
    cue(12_000, 13_000),
  ];
  const segments = captionSegments(plan, cues);
  expect(segments[0]).toBe(
    [
      'WEBVTT',
      'X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0',
      '',
      '00:00:00.000 --> 00:00:04.000',
      '0',
      '',
      '00:00:03.999 --> 00:00:04.001',
      '3999',
      '',
    ].join('\n'),
  );
  expect(segments.map((text) => text.match(/^\d+$/gm))).toEqual([
    ['0', '3999'],
    ['3999', '4000'],
    ['9000'],
  ]);
});

test('a cue that ends or begins where a segment does is in one of the two, at any rate', () => {
  const frameRate = { numerator: 24_000, denominator: 1001 };
  const ntsc = { ...plan, frameRate, frames: 240, gopFrames: 48 };
  const cues = Array.from({ length: 5 }, (_, index) => cue(index * 2002, (index + 1) * 2002));
  expect(captionSegments(ntsc, cues).map((text) => text.match(/^\d+$/gm))).toEqual(
    cues.map(({ text }) => [text]),
  );
});

test('a segment without cues is a file all the same', () => {
  const [, , last] = captionSegments(plan, [cue(0, 1)]);
  expect(last).toBe('WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n');
});

test('cues that would fill every segment of a long film are refused before they do', () => {
  const film = { ...plan, frames: 25 * 7200 };
  const cues = Array.from({ length: 1000 }, () => cue(0, 7_200_000, 'x'.repeat(50)));
  expect(() => captionSegments(film, cues)).toThrow(
    expect.objectContaining({ code: 'captions_invalid' }),
  );
});

test('whatever the rate, each cue is in the segments in which it is shown, and in no other', () => {
  const Rate = fc.constantFrom([25, 1], [24_000, 1001], [30_000, 1001], [60, 1], [12, 1]);
  const Times = fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 20_000 }));
  fc.assert(
    fc.property(Rate, fc.integer({ min: 1, max: 1500 }), fc.array(Times), (rate, frames, times) => {
      const [numerator = 1, denominator = 1] = rate;
      const its = samplePlan({ frameRate: { numerator, denominator }, frames, gopFrames: 48 });
      const cues = times
        .map(([start, length], index) => cue(start, start + length, `c${index}`))
        .sort((a, b) => a.startMs - b.startMs);
      const segments = captionSegments(its, cues);
      expect(segments).toHaveLength(captionSegmentList(its, '').length);
      for (const [index, text] of segments.entries()) {
        // In a unit of which all are whole numbers.
        const [from, to] = [index * 48_000 * denominator, (index + 1) * 48_000 * denominator];
        const shown = cues.filter(
          ({ startMs, endMs }) => startMs * numerator < to && endMs * numerator > from,
        );
        expect(text.match(/^c\d+$/gm) ?? []).toEqual(shown.map((one) => one.text));
        if (shown.length > 0) expect(readCaptions(Buffer.from(text))).toEqual(shown);
      }
    }),
  );
});

test('only HLS needs segments', () => {
  const names = (formats: ('hls' | 'dash')[]) =>
    captionFiles({ plan, formats, name: 'captions-1-en', cues: [cue(0, 1)] }).map(
      ({ name }) => name,
    );
  expect(names(['dash'])).toEqual(['captions-1-en/all.vtt']);
  expect(names(['hls', 'dash'])).toEqual([
    'captions-1-en/00001.vtt',
    'captions-1-en/00002.vtt',
    'captions-1-en/00003.vtt',
    'captions-1-en/all.vtt',
  ]);
});
