import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One piece of software that an image holds. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** As its package says it; null when it says nothing. */
  readonly license: string | null;
  /** Package URL, https://github.com/package-url/purl-spec. */
  readonly purl: string;
}

const PACKAGE = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** The folders of the npm packages that these files are of. */
const packageFolders = (files: Iterable<string>): string[] => {
  const folders = new Set<string>();
  for (const file of files) {
    const folder = PACKAGE.exec(file)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders].sort();
};

async function readPackage(folder: string): Promise<Component> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { name, version, license: typeof license === 'string' ? license : null, purl };
}

const LICENSE = /^(licen[cs]e|copying|notice)/i;

async function readLicenses(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => LICENSE.test(name)).sort();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

/** What of npm went into a bundle, of which these are the files, and the licences that ask to be kept with it. */
export async function describePackages(
  root: string,
  files: Iterable<string>,
): Promise<{ components: Component[]; licenses: string }> {
  const found = await Promise.all(
    packageFolders(files).map(async (folder) => ({
      component: await readPackage(join(root, folder)),
      text: await readLicenses(join(root, folder)),
    })),
  );
  const heading = ({ name, version, license }: Component) =>
    `${name} ${version} (${license ?? 'see below'})`;
  return {
    components: found.map(({ component }) => component),
    licenses: found
      .map(({ component, text }) => `${heading(component)}\n\n${text.trim()}\n`)
      .join(`\n${'-'.repeat(80)}\n\n`),
  };
}

/** A list of Debian's source packages as `dpkg-query` prints them: name, version, architecture, a line each. */
export const debianComponents = (list: string): Component[] =>
  list
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', version = '', architecture = ''] = line.split(' ');
      const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`;
      return { name, version, license: null, purl };
    });

/** CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json. */
export const cyclonedx = (
  image: { name: string; version: string },
  components: readonly Component[],
): string =>
  JSON.stringify(
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: { component: { type: 'container', 'bom-ref': 'image', ...image } },
      components: components.map(({ name, version, license, purl }) => ({
        type: 'library',
        'bom-ref': purl,
        name,
        version,
        ...(license === null ? {} : { licenses: [{ expression: license }] }),
        purl,
      })),
    },
    null,
    1,
  );
