// node images/bundle.ts SERVICE FOLDER: one file for each program of a service, and beside it what the program
// opens by name: worker threads and child processes (bundled as well), SQL files, presets, pages.
import { cp, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Service {
  /** Name of the program's file, and its source. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files of npm packages that the service hands out. */
  readonly packageFiles?: readonly string[];
}

const services: Readonly<Record<string, Service>> = {
  'order-api': {
    programs: {
      'order-api': 'services/order-api/src/main.ts',
      migrate: 'services/order-api/src/migrate.ts',
    },
    packageFiles: ['hls.js/dist/hls.min.js', 'hls.js/dist/hls.worker.js'],
  },
  'video-encoder': { programs: { 'video-encoder': 'services/video-encoder/src/main.ts' } },
  notifier: { programs: { notifier: 'services/notifier/src/main.ts' } },
  broker: { programs: { broker: 'services/broker/src/main.ts' } },
};

/** Of standalone alone: a service is given a `DATABASE_URL`. */
const LEFT_OUT = ['pglite-worker.ts'];
/** Never loaded in an image: ffmpeg is on its PATH, and `pg` has a twin in C and one for Cloudflare's workers. */
const EXTERNAL = [
  '@ffmpeg-installer/ffmpeg',
  '@ffprobe-installer/ffprobe',
  'pg-cloudflare',
  'pg-native',
];

const FILE_BESIDE = /new URL\((['`])([^'`]+)\1, import\.meta\.url\)/g;

/** `new URL('./name', import.meta.url)` in our sources means the same file from inside the bundle. */
function filesBeside(outdir: string): Plugin {
  const seen = new Map<string, Promise<unknown>>();
  const once = (key: string, work: () => Promise<unknown>) => {
    if (!seen.has(key)) seen.set(key, work());
  };
  return {
    name: 'files-beside',
    setup(setup) {
      setup.onLoad({ filter: /\/(packages|services)\/[^/]+\/src\/.*\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = source.replace(FILE_BESIDE, (text, quote: string, name: string) => {
          if (LEFT_OUT.includes(basename(name))) return text;
          if (name.endsWith('.ts')) {
            const program = basename(name, '.ts');
            const entry = join(dirname(path), name);
            once(entry, () => bundle({ [program]: entry }, outdir));
            return `new URL('./${program}.mjs', import.meta.url)`;
          }
          // `./play/${name}`: any file of the folder.
          const [fixed = ''] = name.split('$');
          const folder = join(dirname(path), fixed);
          const place = join('files', relative(root, folder));
          once(place, () => cp(folder, join(outdir, place), { recursive: true }));
          return `new URL(${quote}./${place}/${name.slice(fixed.length)}${quote}, import.meta.url)`;
        });
        return { contents, loader: 'ts' };
      });
      setup.onEnd(async () => void (await Promise.all(seen.values())));
    },
  };
}

async function bundle(programs: Readonly<Record<string, string>>, outdir: string): Promise<void> {
  await build({
    entryPoints: { ...programs },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // CommonJS packages ask for Node's own modules by require.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    external: EXTERNAL,
    plugins: [filesBeside(outdir)],
    sourcemap: true,
    sourcesContent: false,
    absWorkingDir: root,
    logLevel: 'warning',
  });
}

/** Throws when the service is unknown or something that it imports is missing. */
export async function bundleService(name: string, outdir: string): Promise<void> {
  const service = services[name];
  if (!service) throw new Error(`${name} is none of ${Object.keys(services).join(', ')}`);
  await bundle(service.programs, outdir);
  for (const file of service.packageFiles ?? []) {
    await cp(join(root, 'node_modules', file), join(outdir, 'node_modules', file));
  }
}

if (import.meta.main) {
  const [name = '', outdir = ''] = process.argv.slice(2);
  await bundleService(name, outdir);
}
