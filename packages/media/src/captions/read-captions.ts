import { JobError } from '@spillway/contracts';
import type { Cue } from './cue.ts';
import { cueTextOfSubrip, cueTextOfWebvtt } from './cue-text.ts';
import { decodeText } from './decode-text.ts';

/** More are no captions of a film; each costs memory many times its length. */
const mostCues = 100_000;
/** Of a cue, in characters: ten screens full. Tags of millions cost gigabytes, and the stack of a regular expression. */
const longestText = 10_000;

const arrow = '-->';
const time = String.raw`(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?`;
/** What is behind the times is taken whatever it is: an end that can fail would be tried again from each blank. */
const timing = new RegExp(String.raw`^\s*${time}\s*-->\s*${time}(?:\s+([^]*))?$`);

/** Settings as WebVTT has them (3.5); regions are not kept, and so what names one goes too. */
const percentage = String.raw`\d{1,3}(?:\.\d+)?%`;
const setting = new RegExp(
  `^(?:vertical:(?:rl|lr)|line:(?:-?\\d{1,4}|${percentage})(?:,(?:start|center|end))?` +
    `|position:${percentage}(?:,(?:line-left|center|line-right))?|size:${percentage}` +
    '|align:(?:start|center|end|left|right))$',
);

/** Reads one file; `index` counts lines from 0. */
class Lines {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.replaceAll('\0', '\ufffd').split(/\r\n|\r|\n/);
  }

  get count(): number {
    return this.#lines.length;
  }

  at(index: number): string {
    return this.#lines[index] ?? '';
  }

  slice(start: number, end: number): string {
    return this.#lines.slice(start, end).join('\n');
  }

  isEmpty(index: number): boolean {
    return this.at(index).trim() === '';
  }

  hasTiming(index: number): boolean {
    return this.at(index).includes(arrow);
  }

  refuse(index: number, what: string): never {
    throw new JobError('captions_invalid', `line ${index + 1}: ${what}.`);
  }
}

const milliseconds = ([hours = '0', minutes = '0', seconds = '0', fraction = '']: (
  | string
  | undefined
)[]): number =>
  ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 +
  Number(fraction.padEnd(3, '0'));

function readTiming(lines: Lines, index: number): Omit<Cue, 'text'> {
  const found = timing.exec(lines.at(index));
  if (!found)
    return lines.refuse(index, 'these are no times such as 00:01:02.345 --> 00:01:04.000');
  const [startMs, endMs] = [milliseconds(found.slice(1, 5)), milliseconds(found.slice(5, 9))];
  if (endMs <= startMs) lines.refuse(index, 'the cue ends before it begins');
  const settings = (found[9] ?? '').split(/\s+/).filter((one) => setting.test(one));
  return { startMs, endMs, settings: settings.map((one) => ` ${one}`).join('') };
}

/** `start` is the line below the times. */
function textOf(lines: Lines, start: number, end: number): string {
  const text = lines.slice(start, end);
  if (text.length > longestText)
    lines.refuse(start - 1, `the text of the cue is longer than ${longestText} characters`);
  return text;
}

const isComment = (line: string): boolean => /^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(line);

/** A cue may have a name above its times, and ends at an empty line. */
function readWebvtt(lines: Lines): Cue[] {
  const cues: Cue[] = [];
  let index = 0;
  const skipBlock = () => {
    while (index < lines.count && !lines.isEmpty(index) && !lines.hasTiming(index)) index += 1;
  };
  skipBlock();
  for (; index < lines.count; index += lines.isEmpty(index) ? 1 : 0) {
    if (lines.isEmpty(index)) continue;
    const at = lines.hasTiming(index) ? index : index + 1;
    if (lines.hasTiming(at)) {
      const times = readTiming(lines, at);
      index = at + 1;
      skipBlock();
      cues.push({ ...times, text: cueTextOfWebvtt(textOf(lines, at + 1, index)) });
    } else if (isComment(lines.at(index))) {
      skipBlock();
    } else {
      lines.refuse(index, 'it belongs to no cue: there are no times above it');
    }
  }
  return cues;
}

/** A cue goes on to the number above the next one's times: text may have empty lines in it. */
function readSubrip(lines: Lines): Cue[] {
  const cues: Cue[] = [];
  const hasNumber = (index: number) =>
    /^\s*\d+\s*$/.test(lines.at(index)) && lines.hasTiming(index + 1);
  let index = 0;
  while (index < lines.count && (lines.isEmpty(index) || hasNumber(index))) index += 1;
  while (index < lines.count) {
    const at = index;
    const times = readTiming(lines, at);
    index += 1;
    while (index < lines.count && !lines.hasTiming(index) && !hasNumber(index)) index += 1;
    const text = textOf(lines, at + 1, index);
    // Of {\an7} to {\an9}, the one override that is common in SRT: at the top.
    const settings = /\{\\an[789]\}/.test(text) ? ' line:0' : '';
    cues.push({ ...times, settings, text: cueTextOfSubrip(text) });
    if (index < lines.count && !lines.hasTiming(index)) index += 1;
  }
  return cues;
}

/**
 * Reads WebVTT or SRT: cues in the order of time, with a text each. Styles, regions, comments and names of
 * cues are not kept. What does not follow the format is refused, not guessed: a `JobError` `captions_invalid`
 * that names the line.
 */
export function readCaptions(bytes: Uint8Array): Cue[] {
  const text = decodeText(bytes);
  if (typeof text !== 'string') {
    return new Lines('').refuse(text.foreignLine, 'it is not UTF-8; save the file as UTF-8');
  }
  const lines = new Lines(text);
  const isWebvtt = /^WEBVTT(?:\s|$)/.test(lines.at(0));
  if (!isWebvtt && !text.includes(arrow)) lines.refuse(0, 'it is neither WebVTT nor SRT');
  const cues = (isWebvtt ? readWebvtt(lines) : readSubrip(lines)).filter((cue) => cue.text !== '');
  if (cues.length === 0) lines.refuse(0, 'the file has no cue with a text');
  if (cues.length > mostCues) lines.refuse(0, `the file has more than ${mostCues} cues`);
  return cues.sort((a, b) => a.startMs - b.startMs);
}
