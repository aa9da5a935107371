import { readFile } from 'node:fs/promises';

/** A fenced block of code of a page. */
export interface PageBlock {
  /** Of the section that it stands in. */
  readonly heading: string;
  readonly language: string;
  /** The word after the language: a terminal of its own for a program that stays. */
  readonly terminal: string | null;
  readonly code: string;
}

const HEADING_OR_BLOCK =
  /^(?:#+ (?<heading>[^\n]+)|```(?<language>\w+) ?(?<terminal>\w+)?\n(?<code>.*?)^```)$/gms;

/** Every block of a page of the docs, in order. */
export async function blocksOf(page: URL): Promise<PageBlock[]> {
  const blocks: PageBlock[] = [];
  let heading = '';
  for (const { groups = {} } of (await readFile(page, 'utf8')).matchAll(HEADING_OR_BLOCK)) {
    const { language, terminal = null, code = '' } = groups;
    if (language === undefined) heading = groups.heading ?? '';
    else blocks.push({ heading, language, terminal, code });
  }
  return blocks;
}
