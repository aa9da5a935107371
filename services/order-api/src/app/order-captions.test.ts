import { expect, test } from '@jest/globals';
import { type CaptionsRequest, Outputs } from '@spillway/contracts';
import { captionsIn } from '../testing/orders.ts';
import { chooseCaptions } from './order-captions.ts';

const chosen = (captions: CaptionsRequest[], formats: Outputs['formats'] = ['hls']) =>
  chooseCaptions(Outputs.parse({ captions, formats }));
const unnamed = (...languages: string[]) =>
  captionsIn(...languages).map(({ label, ...captions }) => captions);

test('captions have a language as players write it, and are called by it', () => {
  expect(chosen(unnamed('EN', 'pt-br', 'zh-hans'))).toMatchObject([
    { language: 'en', label: 'en' },
    { language: 'pt-BR', label: 'pt-BR' },
    { language: 'zh-Hans', label: 'zh-Hans' },
  ]);
});

test('two of a language are told apart by their labels', () => {
  const [plain, spoken] = unnamed('en', 'en') as [CaptionsRequest, CaptionsRequest];
  expect(chosen([plain, { ...spoken, label: 'English, with sounds' }])).toHaveLength(2);
  expect(() => chosen([plain, spoken])).toThrow(
    expect.objectContaining({ field: 'outputs.captions.1.label' }),
  );
});

test.each([
  ['a language that is none', unnamed('en-aa-bb'), 'outputs.captions.0.language'],
  [
    'two defaults',
    captionsIn('en', 'de').map((captions) => ({ ...captions, default: true })),
    'outputs.captions.1.default',
  ],
])('%s is refused', (_what, captions, field) => {
  expect(() => chosen(captions)).toThrow(expect.objectContaining({ name: 'OrderRefused', field }));
});

test('an order of an MP4 alone has no place for them', () => {
  expect(() => chosen(captionsIn('en'), ['mp4'])).toThrow(
    expect.objectContaining({ field: 'outputs.captions' }),
  );
  expect(chosen([], ['mp4'])).toEqual([]);
  expect(chosen(captionsIn('en'), ['mp4', 'dash'])).toHaveLength(1);
});
