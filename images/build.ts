// npm run images [-- --tag TAG]: builds the image of every service for this machine.
// npm run images -- --push REGISTRY: builds and pushes for every platform, and writes down the digests.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { services } from './bundle.ts';
import { digestsJson, kustomizeComponent } from './digests.ts';
import { copyFromImage, docker, dockerAloud, pulledBytes } from './docker.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const usage = `Usage: npm run images -- [--tag TAG] [--push REGISTRY [--platform LIST]]

  --tag TAG         default: dev, with --push the project's version
  --push REGISTRY   pushes REGISTRY/spillway/SERVICE:TAG, writes images.json and k8s/images/kustomization.yaml, and the
                    sources to dist/sources that licences want offered with an image
  --platform LIST   what to push for (default linux/amd64,linux/arm64)
`;

interface Release {
  readonly tag: string;
  readonly revision: string;
  /** Of the commit, in seconds since 1970: the same sources say the same time. */
  readonly committedAt: number;
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd: root });
  return stdout.trim();
}

const label = (name: string, value: string) => [
  '--label',
  `org.opencontainers.image.${name}=${value}`,
];

/** One of a service, for one platform or for this machine's. */
async function build(service: string, image: string, release: Release, platform?: string) {
  await dockerAloud(
    'build',
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...label('version', release.tag),
    ...label('revision', release.revision),
    ...label('created', new Date(release.committedAt * 1000).toISOString()),
    ...['--build-arg', `SOURCE_DATE_EPOCH=${release.committedAt}`],
    ...['--file', `services/${service}/Dockerfile`, '--tag', image, root],
  );
  await mkdir(`${root}/dist/sbom`, { recursive: true });
  const suffix = platform === undefined ? '' : `.${platform.replaceAll('/', '-')}`;
  await copyFromImage(
    image,
    '/app/sbom.cdx.json',
    `${root}/dist/sbom/${service}${suffix}.cdx.json`,
  );
  const megabytes = ((await pulledBytes(image)) / 1e6).toFixed(1);
  process.stdout.write(`${image}: ${megabytes} MB to pull\n`);
}

/** The address, by digest, of an image that is a list of one for each platform. */
async function push(service: string, registry: string, platforms: string[], release: Release) {
  const name = `${registry}/spillway/${service}`;
  const parts: string[] = [];
  for (const platform of platforms) {
    const image = `${name}:${release.tag}-${platform.replace('linux/', '').replaceAll('/', '-')}`;
    await build(service, image, release, platform);
    await dockerAloud('push', '--quiet', image);
    parts.push(image);
  }
  const list = `${name}:${release.tag}`;
  await dockerAloud('buildx', 'imagetools', 'create', '--tag', list, ...parts);
  const inspect = ['imagetools', 'inspect', '--format', '{{json .Manifest}}'];
  const { digest } = JSON.parse(await docker('buildx', ...inspect, list));
  return { name, digest };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tag: { type: 'string' },
      push: { type: 'string' },
      platform: { type: 'string', default: 'linux/amd64,linux/arm64' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const { version } = JSON.parse(await readFile(`${root}/package.json`, 'utf8'));
  const release = {
    tag: values.tag ?? (values.push === undefined ? 'dev' : version),
    // With `-dirty` where files have been changed since: then the commit is not what is in the image.
    revision: await git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'),
    committedAt: Number(await git('show', '--no-patch', '--format=%ct', 'HEAD')),
  };
  if (values.push === undefined) {
    for (const service of Object.keys(services)) {
      await build(service, `spillway/${service}:${release.tag}`, release);
    }
    return;
  }
  const pushed = new Map<string, { name: string; digest: string }>();
  for (const service of Object.keys(services)) {
    pushed.set(service, await push(service, values.push, values.platform.split(','), release));
  }
  await mkdir(`${root}/k8s/images`, { recursive: true });
  await writeFile(`${root}/images.json`, digestsJson(pushed));
  await writeFile(`${root}/k8s/images/kustomization.yaml`, kustomizeComponent(pushed));
  const sources = ['--file', 'services/video-encoder/Dockerfile', '--target', 'offered-sources'];
  await dockerAloud('build', ...sources, '--output', `${root}/dist/sources`, root);
}

await main();
