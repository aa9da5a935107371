import * as z from 'zod';

/** What a database can keep: no zero character, no half of a surrogate pair. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
export const Text = z.string().refine(isStorable, 'must not hold zero or broken characters');

export const Url = Text.min(1).max(8192);

/** Without the characters that `URL` removes in silence, and that would break a line of a log or a header. */
export const HttpUrl = Url.regex(
  /^https?:\/\/[^\s\p{Cc}]+$/u,
  'must be an http or https address without spaces',
);
