/** Text of cues, made safe to be shown by any player: pure. */

const reference = /^&(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7}|#x[\da-f]{1,6});/i;
/** Name, classes, and what `v` and `lang` say. */
const startTag = /^(b|i|u|c|v|lang|ruby|rt)((?:\.[^\s.<>&]+)*)(?:\s+([^<>]*))?$/;
const endTag = /^\/(b|i|u|c|v|lang|ruby|rt)$/;
const timestampTag = /^(?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3}$/;
const subripTag = /^(\/?)([biu])(?:\s[^<>]*)?$/i;
const fontTag = /^\/?font(?:\s[^<>]*)?$/i;

/** What a character is in WebVTT cue text when it is meant as itself. */
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const plainText = (text: string): string =>
  text.replace(/&[^\s;&<>]*;?|[<>]/g, (found) =>
    reference.test(found) ? found : (escapes[found[0] ?? ''] ?? '') + found.slice(1),
  );

/** Null for what was no tag. */
function webvttTag(content: string): string | null {
  if (endTag.test(content) || timestampTag.test(content)) return `<${content}>`;
  if (!/^\/?[a-z]/i.test(content)) return null;
  const [, name, classes = '', said = ''] = startTag.exec(content) ?? [];
  if (name === undefined) return '';
  const isSaid = (name === 'v' || name === 'lang') && said !== '';
  return `<${name}${classes}${isSaid ? ` ${plainText(said.trim())}` : ''}>`;
}

/** Null for what was no tag: SRT has no rule of what stands between angle brackets. */
function subripTagText(content: string): string | null {
  const [, slash, name] = subripTag.exec(content) ?? [];
  if (name !== undefined) return `<${slash}${name.toLowerCase()}>`;
  return fontTag.test(content) ? '' : null;
}

const withTags = (text: string, tag: (content: string) => string | null): string =>
  text
    .split(/(<[^<>]*>)/)
    .map((part, index) => (index % 2 === 1 ? tag(part.slice(1, -1)) : null) ?? plainText(part))
    .join('');

/** No line may be empty: an empty one ends a cue. */
const withoutEmptyLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '')
    .join('\n');

/** WebVTT cue text as it is, but for tags that WebVTT does not have: they go, what is in them stays. */
export const cueTextOfWebvtt = (text: string): string =>
  withoutEmptyLines(withTags(text, webvttTag));

/** Bold, italics and underlining stay; fonts go, and so do overrides like {\an8}, which are another format's. */
export const cueTextOfSubrip = (text: string): string =>
  withoutEmptyLines(withTags(text.replace(/\{\\[^{}]*\}/g, ''), subripTagText));
