// node images/bundle.ts SERVICE FOLDER [LIST...]: one file for each program of a service, and beside it what the program
// opens by name: worker threads and child processes (bundled as well), SQL files, presets, pages. With them the
// licences of what was bundled, and a list of it (SBOM).
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { cyclonedx, debianComponents, describePackages } from './sbom.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Service {
  /** Name of the program's file, and its source. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files of npm packages that the service hands out. */
  readonly packageFiles?: readonly string[];
}

export const services: Readonly<Record<string, Service>> = {
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
  autoscaler: { programs: { autoscaler: 'services/autoscaler/src/main.ts' } },
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

/** Where a bundle goes, and every file that went into it. */
interface Output {
  readonly folder: string;
  readonly inputs: Set<string>;
}

/** `new URL('./name', import.meta.url)` in our sources means the same file from inside the bundle. */
function filesBeside(output: Output): Plugin {
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
            once(entry, () => bundle({ [program]: entry }, output));
            return `new URL('./${program}.mjs', import.meta.url)`;
          }
          // `./play/${name}`: any file of the folder.
          const [fixed = ''] = name.split('$');
          const folder = join(dirname(path), fixed);
          const place = join('files', relative(root, folder));
          once(place, () => cp(folder, join(output.folder, place), { recursive: true }));
          return `new URL(${quote}./${place}/${name.slice(fixed.length)}${quote}, import.meta.url)`;
        });
        return { contents, loader: 'ts' };
      });
      setup.onEnd(async () => void (await Promise.all(seen.values())));
    },
  };
}

async function bundle(programs: Readonly<Record<string, string>>, output: Output): Promise<void> {
  const { metafile } = await build({
    entryPoints: { ...programs },
    outdir: output.folder,
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
    plugins: [filesBeside(output)],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    absWorkingDir: root,
    logLevel: 'warning',
  });
  for (const input of Object.keys(metafile.inputs)) output.inputs.add(input);
}

export interface BundleOptions {
  /** One of `services`. */
  readonly name: string;
  readonly folder: string;
  readonly version: string;
  /** Of the Debian packages that the image holds besides: see `debianComponents`. */
  readonly debian?: string;
}

/** Throws when the service is unknown or something that it imports is missing. */
export async function bundleService(options: BundleOptions): Promise<void> {
  const { name, folder, version, debian = '' } = options;
  const service = services[name];
  if (!service) throw new Error(`${name} is none of ${Object.keys(services).join(', ')}`);
  const output: Output = { folder, inputs: new Set() };
  await bundle(service.programs, output);
  for (const file of service.packageFiles ?? []) {
    const path = join('node_modules', file);
    await cp(join(root, path), join(folder, path));
    output.inputs.add(path);
  }
  const { components, licenses } = await describePackages(root, output.inputs);
  const sbom = cyclonedx({ name: `spillway/${name}`, version }, [
    ...components,
    {
      name: 'node',
      version: process.versions.node,
      license: 'MIT',
      purl: `pkg:generic/node@${process.versions.node}`,
    },
    ...debianComponents(debian),
  ]);
  await writeFile(join(folder, 'sbom.cdx.json'), sbom);
  await writeFile(join(folder, 'LICENSES.txt'), licenses);
}

if (import.meta.main) {
  const [name = '', folder = '', ...lists] = process.argv.slice(2);
  const debian = await Promise.all(lists.map((list) => readFile(list, 'utf8')));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await bundleService({ name, folder, version, debian: debian.join('\n') });
}
