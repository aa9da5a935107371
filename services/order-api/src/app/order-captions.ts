import type { Outputs } from '@spillway/contracts';
import { OrderRefused } from './order-refused.ts';

const fieldOf = (index: number, name: string): string => `outputs.captions.${index}.${name}`;

/** As players compare it, `pt-br` is `pt-BR`; throws `OrderRefused` for what only looks like a tag. */
function canonicalLanguage(language: string, index: number): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? language;
  } catch {
    throw new OrderRefused(fieldOf(index, 'language'), `there is no language ${language}`);
  }
}

/**
 * The captions of an order, each with the name that viewers choose it by. Playlists want these to differ, and one
 * track at most that is shown unasked. Throws `OrderRefused`.
 */
export function chooseCaptions({ captions, formats }: Outputs): Outputs['captions'] {
  if (captions.length > 0 && !formats.includes('hls') && !formats.includes('dash')) {
    throw new OrderRefused('outputs.captions', 'captions are tracks of hls and dash: order one');
  }
  const labels = new Set<string>();
  let hasDefault = false;
  return captions.map((asked, index) => {
    const language = canonicalLanguage(asked.language, index);
    const { label = language } = asked;
    if (labels.has(label)) {
      throw new OrderRefused(fieldOf(index, 'label'), `there are two captions called ${label}`);
    }
    if (asked.default && hasDefault) {
      throw new OrderRefused(fieldOf(index, 'default'), 'other captions are the default already');
    }
    labels.add(label);
    hasDefault ||= asked.default;
    return { ...asked, language, label };
  });
}
