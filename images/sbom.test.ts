import { expect, test } from '@jest/globals';
import { debianComponents } from './sbom.ts';

test('a package of Debian is named by a package URL in its canonical form', () => {
  const list = 'libstdc++6 14.2.0-19 amd64\nbusybox 1:1.37.0-6+b9 amd64\n\n';
  expect(debianComponents(list).map(({ purl }) => purl)).toEqual([
    'pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64',
    'pkg:deb/debian/busybox@1%3A1.37.0-6%2Bb9?arch=amd64',
  ]);
});
