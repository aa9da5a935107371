import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { expect, test } from '@jest/globals';
import { connectionTo } from './authorities.ts';

const host = 'films.abc123.eu-central-1.rds.amazonaws.com';

test('a database of RDS is verified by the authorities of RDS, besides those that are trusted anyhow', () => {
  const { connectionString, ssl } = connectionTo(
    `postgres://me@${host}:5432/films?sslmode=verify-full&application_name=x`,
  );
  expect(connectionString).toBe(`postgres://me@${host}:5432/films?application_name=x`);
  const { ca } = ssl as { ca: string[] };
  expect(ca).toContain(rootCertificates[0]);
  const subjects = ca.map((each) => new X509Certificate(each).subject);
  expect(subjects).toContainEqual(
    expect.stringContaining('Amazon RDS eu-central-1 Root CA RSA2048 G1'),
  );
});

test.each([
  [`postgres://me@${host}/films?sslmode=verify-full&sslrootcert=/rds.pem`],
  [`postgres://me@${host}/films?sslmode=no-verify`],
  [`postgres://me@${host}/films`],
  ['postgres://me@db.example.com/films?sslmode=verify-full'],
  ['postgres://me@rds.amazonaws.com.example.com/films?sslmode=verify-full'],
])('%s is left as it is', (url) => {
  expect(connectionTo(url)).toEqual({ connectionString: url });
});
