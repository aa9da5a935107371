// What a reader of a page has open: shells, one for commands and one for each program that stays.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Shell {
  /** Resolves with what the commands printed. Throws at the first one that fails; variables stay. */
  run(code: string): Promise<string>;
  close(): void;
}

const END = '--- end of the block ---';

export function openShell(cwd: string, env: Environment): Shell {
  const bash = spawn('bash', ['-s'], { cwd, env, stdio: 'pipe' });
  const complaints: string[] = [];
  bash.stderr.on('data', (chunk) => complaints.push(String(chunk)));
  const lines = createInterface({ input: bash.stdout })[Symbol.asyncIterator]();
  bash.stdin.write('set -euo pipefail\n');
  return {
    async run(code) {
      // A command that reads its standard input must not take what comes after it.
      bash.stdin.write(`{ ${code}\n} < /dev/null\necho\necho '${END}'\n`);
      const printed: string[] = [];
      for (;;) {
        const { done, value } = await lines.next();
        if (done) throw new Error([code, ...printed, ...complaints].join('\n'));
        if (value === END) return printed.join('\n');
        printed.push(value);
      }
    },
    close: () => void bash.stdin.end(),
  };
}

export interface Program {
  /** Resolves with all that it printed, once that fits. Throws when it ends before. */
  says(pattern: RegExp): Promise<string>;
  /** Ctrl-C; resolves when it has ended. */
  interrupt(): Promise<void>;
}

/** Commands of which the last one stays. */
export function startProgram(code: string, cwd: string, env: Environment): Program {
  const child: ChildProcess = spawn('bash', ['-euc', code], {
    ...{ cwd, env, stdio: ['ignore', 'pipe', 'pipe'] },
    detached: true, // A process group of its own, as a terminal gives it.
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`bash did not start: ${code}`);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed += chunk;
      child.emit('printed');
    });
  }
  let hasEnded = false;
  const end = once(child, 'close').then(() => {
    hasEnded = true;
    child.emit('printed');
  });
  return {
    async says(pattern) {
      while (!pattern.test(printed)) {
        if (hasEnded) throw new Error(`It ended without ${pattern}:\n${code}\n${printed}`);
        await once(child, 'printed');
      }
      return printed;
    },
    async interrupt() {
      if (!hasEnded) process.kill(-pid, 'SIGINT');
      await end;
    },
  };
}
