import { ApiError, SpillwayClient, UnreachableError } from '@spillway/client';
import { ConfigError } from '@spillway/runtime';
import { readCliConfig } from './config.ts';

/** The API's operations, by path. */
export type Api = SpillwayClient['api'];

/** What a command cannot do; the message is for whoever typed it. */
export class CommandError extends Error {
  override name = 'CommandError';
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Every page of a list, one after the other. */
export async function allOf<T>(
  read: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page<T> = await read({ limit: 100, ...(cursor !== '' && { cursor }) });
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}

/** A line of what was asked for: on standard output, so that it can be piped. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A line beside it, for whoever looks on. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Columns as wide as their widest cell. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** What to tell of an error; null for one that nobody foresaw. */
function sentenceOf(error: unknown): string | null {
  if (error instanceof CommandError || error instanceof ConfigError) return error.message;
  if (error instanceof UnreachableError) {
    return `${error.message} Start it (npm start), or set SPILLWAY_URL.`;
  }
  if (!(error instanceof ApiError)) return null;
  return error.problem ? `${error.problem.title}: ${error.message}` : error.message;
}

/** Runs a command that asks the API; ends as `runPlainCommand`. */
export const runCommand = (command: (api: Api) => Promise<void>): Promise<void> =>
  runPlainCommand(() => {
    const { url, adminKey } = readCliConfig();
    return command(new SpillwayClient({ url, apiKey: adminKey }).api);
  });

/** Runs a command; what it cannot do is one plain sentence, and ends with 1, a wrong setting with 2. */
export async function runPlainCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === null) throw error;
    say(sentence);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}
