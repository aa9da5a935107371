import { ConfigError } from '@spillway/runtime';
import { type AdminApi, adminApi, CommandError } from './admin-api.ts';
import { readCliConfig } from './config.ts';

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

/** Runs a command; what it cannot do is one plain sentence, and ends with 1, a wrong setting with 2. */
export async function runCommand(command: (api: AdminApi) => Promise<void>): Promise<void> {
  try {
    await command(adminApi(readCliConfig()));
  } catch (error) {
    if (!(error instanceof CommandError) && !(error instanceof ConfigError)) throw error;
    say(error.message);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}
