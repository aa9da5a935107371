// Sends a file to an upload's address, as a program that knows nothing of ours: put|tus, the address, the file.
import { createReadStream, statSync } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Upload } from 'tus-js-client';

const [how, url = '', file = ''] = process.argv.slice(2);
const bytes = statSync(file).size;

async function put(): Promise<void> {
  const sent = request(url, { method: 'PUT', headers: { 'content-length': bytes } });
  const answered = new Promise<number>((resolve, reject) => {
    sent.once('response', (response) => resolve(response.resume().statusCode ?? 0));
    sent.once('error', reject);
  });
  await pipeline(createReadStream(file), sent);
  const status = await answered;
  if (status !== 200) throw new Error(`PUT was answered with ${status}`);
}

const tus = (): Promise<void> =>
  new Promise((resolve, reject) => {
    new Upload(createReadStream(file), {
      uploadUrl: url,
      uploadSize: bytes,
      chunkSize: Number.POSITIVE_INFINITY,
      retryDelays: Array.from({ length: 60 }, () => 500),
      onSuccess: () => resolve(),
      onError: reject,
    }).start();
  });

await (how === 'put' ? put() : tus());
