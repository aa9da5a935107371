import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cue } from './cue.ts';
import { readCaptions } from './read-captions.ts';
import { captionsText } from './write-captions.ts';

const read = (text: string): Cue[] => readCaptions(Buffer.from(text));
const texts = (text: string): string[] => read(text).map((cue) => cue.text);
const one = (text: string): string | undefined =>
  texts(`WEBVTT\n\n00:00.000 --> 00:01.000\n${text}\n`)[0];
const oneOfSrt = (text: string): string | undefined =>
  texts(`1\n00:00:00,000 --> 00:00:01,000\n${text}\n`)[0];

describe('WebVTT', () => {
  test('cues have times, settings that WebVTT knows, and text of several lines', () => {
    const file = [
      'WEBVTT - a title',
      'Kind: captions',
      '',
      'STYLE\n::cue { background: url(https://spy.example.com) }',
      '',
      'REGION\nid:below',
      '',
      'NOTE a comment\nof two lines',
      '',
      'name of the cue',
      '00:01.500 --> 00:02.000 line:0 region:below align:start size:120 position:10%,line-left',
      'First line',
      'second line',
      '',
      '01:02:03.004 --> 100:00:00.000',
      'Late',
    ].join('\n');
    expect(read(file)).toEqual([
      {
        startMs: 1500,
        endMs: 2000,
        settings: ' line:0 align:start position:10%,line-left',
        text: 'First line\nsecond line',
      },
      { startMs: 3_723_004, endMs: 360_000_000, settings: '', text: 'Late' },
    ]);
  });

  test.each([
    ['\r\n', '\ufeff'],
    ['\r', ''],
    ['\n', '\ufeff'],
  ])('any line end will do, and a byte order mark: %j, %j', (lineEnd, mark) => {
    const lines = [
      'WEBVTT',
      '',
      '00:00.000 --> 00:01.000',
      'a',
      '',
      '00:01.000 --> 00:02.000',
      'b',
    ];
    expect(texts(mark + lines.join(lineEnd))).toEqual(['a', 'b']);
  });

  test('a cue without an empty line behind it ends at the next times', () => {
    expect(texts('WEBVTT\n\n00:00.000 --> 00:01.000\na\n00:01.000 --> 00:02.000\nb')).toEqual([
      'a',
      'b',
    ]);
  });

  test('cues come in the order of time, and those without a text not at all', () => {
    const file =
      'WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:07.000 --> 00:08.000\n\n00:01.000 --> 00:09.000\na\n';
    expect(texts(file)).toEqual(['a', 'b']);
  });

  test('tags of WebVTT stay, others go and leave their text', () => {
    expect(one('<v.loud Mary & Bob>Hi <b>you</b></v>')).toBe(
      '<v.loud Mary &amp; Bob>Hi <b>you</b></v>',
    );
    expect(one('<lang en-GB>a</lang> <00:00:00.500>b <c.red.big>c</c>')).toBe(
      '<lang en-GB>a</lang> <00:00:00.500>b <c.red.big>c</c>',
    );
    expect(one('<ruby>漢<rt>kan</rt></ruby> <i.x>y</i>')).toBe(
      '<ruby>漢<rt>kan</rt></ruby> <i.x>y</i>',
    );
    expect(one('<script>alert(1)</script> <img src=x onerror=y> <b onclick=x>z</b>')).toBe(
      'alert(1)  <b>z</b>',
    );
  });

  test('what is no tag and no reference is text', () => {
    expect(one('1 < 2 & 3 > 2, I <3 you, AT&T; &lt; &amp; &#8217; &nbsp;')).toBe(
      '1 &lt; 2 &amp; 3 &gt; 2, I &lt;3 you, AT&amp;T; &lt; &amp; &#8217; &nbsp;',
    );
    expect(one('a <b')).toBe('a &lt;b');
  });
});

describe('SRT', () => {
  test('numbers go, empty lines within a cue too, and overrides of other formats', () => {
    const file = [
      '',
      '1',
      '00:00:01,5 --> 0:00:02,000  X1:10 X2:20 Y1:1 Y2:2',
      '{\\an8}At the <FONT color="#fff">top</FONT>',
      '',
      'after an empty line',
      '42',
      '',
      '2',
      '00:00:03.000 --> 00:00:04',
      '<I>Tom & Jerry</I> <laughs>',
      '',
    ].join('\r\n');
    expect(read(file)).toEqual([
      {
        startMs: 1500,
        endMs: 2000,
        settings: ' line:0',
        text: 'At the top\nafter an empty line\n42',
      },
      {
        startMs: 3000,
        endMs: 4000,
        settings: '',
        text: '<i>Tom &amp; Jerry</i> &lt;laughs&gt;',
      },
    ]);
  });

  test('numbers may be missing', () => {
    expect(texts('00:00:01,000 --> 00:00:02,000\na\n\n00:00:02,000 --> 00:00:03,000\nb')).toEqual([
      'a',
      'b',
    ]);
  });

  test('only what SRT knows is a tag', () => {
    expect(oneOfSrt('<b>a</b> <u class="x">b</u> <c.red>c</c> <script>d</script>')).toBe(
      '<b>a</b> <u>b</u> &lt;c.red&gt;c&lt;/c&gt; &lt;script&gt;d&lt;/script&gt;',
    );
  });
});

describe('encodings', () => {
  const file = 'WEBVTT\n\n00:00.000 --> 00:01.000\nGrüße, Ελλάδα, 日本\n';
  const utf16 = Buffer.from(`\ufeff${file}`, 'utf16le');

  test('UTF-8, and UTF-16 that says so', () => {
    for (const bytes of [Buffer.from(file), utf16, Buffer.from(utf16).swap16()]) {
      expect(readCaptions(bytes).map(({ text }) => text)).toEqual(['Grüße, Ελλάδα, 日本']);
    }
  });

  test('an older one is not guessed', () => {
    expect(() => readCaptions(Buffer.from(file, 'latin1'))).toThrow(
      /^line 4: it is not UTF-8; save the file as UTF-8\.$/,
    );
  });
});

test.each([
  ['', /^line 1: it is neither WebVTT nor SRT\.$/],
  ['<html>404</html>', /^line 1: it is neither/],
  ['WEBVTT\n', /^line 1: the file has no cue with a text\.$/],
  ['WEBVTT\n\n00:00.000 -> 00:01.000\nx', /^line 3: it belongs to no cue/],
  ['WEBVTT\n\n00:00.000 --> 00:01.000\nx\n\ny', /^line 6: it belongs to no cue/],
  ['WEBVTT\n\n00:61.000 --> 00:62.000\nx', /^line 3: these are no times such as/],
  ['WEBVTT\n\n00:02.000 --> 00:01.000\nx', /^line 3: the cue ends before it begins\.$/],
  ['1\n00:00:01,000 --> \nx', /^line 2: these are no times/],
  [
    '1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\n00:00:03,000 --> soon\ny',
    /^line 6: these are no times/,
  ],
  ['hello\n00:00:01,000 --> 00:00:02,000\nx', /^line 1: these are no times/],
])('what does not follow its format is refused, with its line: %j', (file, message) => {
  expect(() => read(file)).toThrow(
    expect.objectContaining({ code: 'captions_invalid', message: expect.stringMatching(message) }),
  );
});

test('a film of more cues than anybody reads is refused', () => {
  const file = `WEBVTT\n${'\n00:00.000 --> 00:01.000\nx\n'.repeat(100_001)}`;
  expect(() => read(file)).toThrow(/more than 100000 cues/);
});

test.each([
  ['WEBVTT\n\n00:00.000 --> 00:01.000', 3],
  ['1\n00:00:00,000 --> 00:00:01,000', 2],
])('a cue of more text than anybody reads is refused: %j', (head, line) => {
  expect(read(`${head}\n${'x'.repeat(10_000)}`)).toHaveLength(1);
  expect(() => read(`${head}\n${'x'.repeat(10_001)}`)).toThrow(
    `line ${line}: the text of the cue is longer than 10000 characters.`,
  );
});

test.each([
  ['blanks before a line separator', `00:00.000 --> 00:01.000${' '.repeat(9e6)}x\u2028y\ntext`],
  ['blanks before no times', `${' '.repeat(4e6)}00:00.000${' '.repeat(4e6)}-->`],
  ['classes without an end', `00:00.000 --> 00:01.000\n<c${'.a'.repeat(4e6)}&>`],
  ['tags', `00:00.000 --> 00:01.000\n${'<b>'.repeat(3e6)}`],
])('no file stops the program that reads it: %s', (_what, cue) => {
  // Time that grows with the square of the length would be days.
  try {
    expect(read(`WEBVTT\n\n${cue}`)).toHaveLength(1);
  } catch (error) {
    expect(error).toMatchObject({ code: 'captions_invalid' });
  }
});

const Words = fc.stringMatching(/^[\w <>&;/.:\-\\{}]{1,20}$/);
const Block = fc.oneof(
  Words,
  fc.constantFrom(
    '',
    'WEBVTT',
    'NOTE',
    '1',
    '00:00:01,000 --> 00:00:02,000',
    '00:01.000 --> 00:03.000',
  ),
  fc.string(),
);

test('whatever is read is WebVTT that is read again as the same', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('WEBVTT\n\n', ''),
      fc.array(Block, { maxLength: 30 }),
      (head, lines) => {
        let cues: Cue[];
        try {
          cues = read(head + lines.join('\n'));
        } catch (error) {
          expect(error).toMatchObject({ code: 'captions_invalid' });
          return;
        }
        const written = captionsText(cues);
        expect(read(written)).toEqual(cues);
        expect(written.split('-->')).toHaveLength(cues.length + 1);
      },
    ),
    { numRuns: 2000 },
  );
});

test('no text of a cue breaks out of it', () => {
  const Line = Words.filter((line) => line.trim() !== '' && !line.includes('-->'));
  const Text = fc.array(Line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(fc.array(Text, { minLength: 1 }), (all) => {
      const file = [...all, 'last'].map((text) => `00:01.000 --> 00:02.000\n${text}`);
      const cues = read(`WEBVTT\n\n${file.join('\n\n')}`);
      expect(cues.at(-1)?.text).toBe('last');
      for (const { text } of cues) {
        const tags = text.match(/<[^>]*>/g) ?? [];
        for (const tag of tags) expect(tag).toMatch(/^<\/?(?:b|i|u|c|v|lang|ruby|rt)\b|^<\d/);
        expect(text.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
      }
    }),
  );
});
