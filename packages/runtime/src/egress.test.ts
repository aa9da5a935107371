import type { LookupAddress } from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createEgress, type Egress, EgressRefused, EgressUnreachable } from './egress.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

function egressWith(
  names: Record<string, LookupAddress[] | (() => LookupAddress[])>,
  allow: string[] = [],
): Egress {
  const egress = createEgress({
    allow,
    resolve: async (hostname) => {
      const answer = names[hostname];
      if (!answer) throw new Error(`ENOTFOUND ${hostname}`);
      return typeof answer === 'function' ? answer() : answer;
    },
  });
  closers.push(() => egress.close());
  return egress;
}

async function serve(handler: RequestListener): Promise<number> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

describe('addresses that are refused as they stand', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://%31%32%37.0.0.1/',
    'http://①②⑦.0.0.1/',
    'http://0.0.0.0/',
    'http://0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://192.0.0.1/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://[::]/',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fd12:3456::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://[64:ff9b:1::1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:1::1]/',
    'http://[2001:db8::1]/',
    'http://[4000::1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'http://user@example.com/',
    'http://user:password@example.com/',
    'http://',
    'not an address',
    '',
  ])('%s', async (url) => {
    const egress = egressWith({ 'example.com': [v4('93.184.215.14')] });
    await expect(egress.check(url)).rejects.toBeInstanceOf(EgressRefused);
    await expect(egress.fetch(url)).rejects.toBeInstanceOf(EgressRefused);
  });
});

describe('names', () => {
  test('a name with public addresses is fine and comes back normalised', async () => {
    const egress = egressWith({ 'example.com': [v4('93.184.215.14'), v6('2606:2800::1')] });
    expect((await egress.check('HTTPS://Example.com:443/a/../b')).href).toBe(
      'https://example.com/b',
    );
  });

  test('one private address among public ones is enough to refuse the name', async () => {
    const egress = egressWith({ 'mixed.test': [v4('93.184.215.14'), v6('fd00::5')] });
    await expect(egress.check('http://mixed.test/')).rejects.toThrow(
      'mixed.test is a private address, which is not allowed.',
    );
  });

  test('a name that does not resolve is unreachable, not refused', async () => {
    const egress = egressWith({ 'empty.test': [] });
    await expect(egress.check('http://nobody.test/')).rejects.toBeInstanceOf(EgressUnreachable);
    await expect(egress.check('http://empty.test/')).rejects.toBeInstanceOf(EgressUnreachable);
    await expect(egress.fetch('http://nobody.test/')).rejects.toBeInstanceOf(EgressUnreachable);
  });

  test('localhost is refused by the real resolver', async () => {
    const egress = createEgress({ allow: [] });
    closers.push(() => egress.close());
    await expect(egress.check('http://localhost/')).rejects.toBeInstanceOf(EgressRefused);
  });
});

describe('SPILLWAY_EGRESS_ALLOW', () => {
  const fine = (allow: string[], url: string, names = {}) =>
    expect(egressWith(names, allow).check(url)).resolves.toBeInstanceOf(URL);
  const refusedEven = (allow: string[], url: string, names = {}) =>
    expect(egressWith(names, allow).check(url)).rejects.toBeInstanceOf(EgressRefused);

  test('opens the CIDRs, addresses and hosts it names, and no others', async () => {
    await fine(['127.0.0.0/8', '::1/128'], 'http://127.0.0.1:9/');
    await fine(['127.0.0.0/8', '::1/128'], 'http://[::1]/');
    await fine(['10.0.0.7'], 'http://10.0.0.7/');
    await refusedEven(['10.0.0.7'], 'http://10.0.0.8/');
    const names = { 'media.lan': [v4('192.168.0.9')], 'other.lan': [v4('192.168.0.9')] };
    await fine(['Media.LAN'], 'http://media.lan/', names);
    await refusedEven(['media.lan'], 'http://other.lan/', names);
  });

  test.each([
    'http://169.254.169.254/',
    'http://169.254.170.2/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://metadata.google.internal/',
    'http://sneaky.test/',
  ])('never opens cloud metadata: %s', async (url) => {
    const everything = ['0.0.0.0/0', '::/0', 'metadata.google.internal', 'sneaky.test'];
    await refusedEven(everything, url, {
      'metadata.google.internal': [v4('10.0.0.1')],
      'sneaky.test': [v4('169.254.169.254')],
    });
  });

  test('an entry that cannot be read is named', () => {
    expect(() => createEgress({ allow: ['10.0.0.0/99'] })).toThrow('"10.0.0.0/99" is neither');
    expect(() => createEgress({ allow: ['*'] })).toThrow('SPILLWAY_EGRESS_ALLOW');
  });
});

describe('fetch', () => {
  test('sends the request and streams the answer', async () => {
    const port = await serve(async (request, response) => {
      response.setHeader('x-method', `${request.method} ${request.headers['x-mine']}`);
      response.end(`got ${await text(request)}`);
    });
    const egress = egressWith({}, ['127.0.0.1']);
    const answer = await egress.fetch(`http://127.0.0.1:${port}/hook`, {
      method: 'POST',
      headers: { 'x-mine': 'yes' },
      body: 'hello',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['x-method']).toBe('POST yes');
    expect(await text(answer.body)).toBe('got hello');
  });

  test('connects to the addresses that were checked: a name that changes is refused', async () => {
    let requests = 0;
    const port = await serve((_request, response) => {
      requests++;
      response.end();
    });
    let asked = 0;
    const egress = egressWith({
      'rebind.test': () => [v4(asked++ === 0 ? '93.184.215.14' : '127.0.0.1')],
    });
    await egress.check(`http://rebind.test:${port}/`);
    await expect(egress.fetch(`http://rebind.test:${port}/`)).rejects.toBeInstanceOf(EgressRefused);
    expect({ asked, requests }).toEqual({ asked: 2, requests: 0 });
  });

  test('a redirect to a private address is refused, by literal and by name', async () => {
    const port = await serve((request, response) => {
      const location = request.url === '/literal' ? 'http://127.0.0.2/' : 'http://inside.test/';
      response.writeHead(302, { location }).end();
    });
    const egress = egressWith({ 'inside.test': [v4('10.0.0.1')] }, ['127.0.0.1/32']);
    for (const path of ['/literal', '/name']) {
      await expect(egress.fetch(`http://127.0.0.1:${port}${path}`)).rejects.toBeInstanceOf(
        EgressRefused,
      );
    }
  });

  test('follows five redirects, tells the last address, and refuses a sixth', async () => {
    const port = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(307, { location: `/${left - 1}` }).end();
    });
    const egress = egressWith({}, ['127.0.0.1']);
    const answer = await egress.fetch(`http://127.0.0.1:${port}/5`);
    expect(answer.url.pathname).toBe('/0');
    expect(await text(answer.body)).toBe('here');
    await expect(egress.fetch(`http://127.0.0.1:${port}/6`)).rejects.toThrow(
      'The address redirects more than 5 times.',
    );
  });

  test('a redirect to another origin takes no credentials along', async () => {
    const seen: (string | undefined)[] = [];
    const second = await serve((request, response) => {
      seen.push(request.headers.authorization, request.headers['x-mine'] as string);
      response.end();
    });
    const first = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `http://127.0.0.1:${second}/` }).end();
    });
    const answer = await egressWith({}, ['127.0.0.1']).fetch(`http://127.0.0.1:${first}/`, {
      headers: { Authorization: 'secret', 'x-mine': 'kept' },
    });
    await answer.discard();
    expect(seen).toEqual(['secret', undefined, 'kept']);
  });

  test('a POST and maxRedirects 0 get the redirect itself', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    });
    const egress = egressWith({}, ['127.0.0.1']);
    for (const options of [{ method: 'POST' as const, body: '' }, { maxRedirects: 0 }]) {
      const answer = await egress.fetch(`http://127.0.0.1:${port}/`, options);
      expect(answer.status).toBe(302);
      await answer.discard();
    }
  });

  test('nobody listening, and headers that never come, are unreachable', async () => {
    const egress = egressWith({}, ['127.0.0.1']);
    const port = await serve(() => {});
    const silent = egress.fetch(`http://127.0.0.1:${port}/`, { headersTimeoutSeconds: 0.05 });
    await expect(silent).rejects.toBeInstanceOf(EgressUnreachable);
    await closers.pop()?.();
    await expect(egress.fetch(`http://127.0.0.1:${port}/`)).rejects.toBeInstanceOf(
      EgressUnreachable,
    );
  });

  test('a body that is destroyed, or cut while nobody reads, does not end the process', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('start', () => response.destroy());
    });
    const egress = egressWith({}, ['127.0.0.1']);
    const cut = await egress.fetch(`http://127.0.0.1:${port}/`);
    await expect(text(cut.body)).rejects.toThrow();
    const dropped = await egress.fetch(`http://127.0.0.1:${port}/`);
    const closed = new Promise((resolve) => dropped.body.once('close', resolve));
    dropped.body.destroy();
    await closed;
  });

  test('an abort ends the request with its own reason', async () => {
    const port = await serve(() => {});
    const reason = new Error('stopping');
    const fetching = egressWith({}, ['127.0.0.1']).fetch(`http://127.0.0.1:${port}/`, {
      signal: AbortSignal.abort(reason),
    });
    await expect(fetching).rejects.toBe(reason);
  });
});
