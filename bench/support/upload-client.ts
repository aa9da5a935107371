// Sends a file to an upload's address, as a program that knows nothing of ours: put|tus, the address, the file.
import { createReadStream, statSync } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Upload } from 'tus-js-client';

const [how, url = '', file = ''] = process.argv.slice(2);
const bytes = statSync(file).size;

if (how === 'put') {
  const sent = request(url, { method: 'PUT', headers: { 'content-length': bytes } });
  const answered = new Promise<number>((resolve, reject) => {
    sent.once('response', (response) => resolve(response.resume().statusCode ?? 0));
    sent.once('error', reject);
  });
  await pipeline(createReadStream(file), sent);
  process.exit((await answered) === 200 ? 0 : 1);
}

new Upload(createReadStream(file), {
  uploadUrl: url,
  uploadSize: bytes,
  chunkSize: Number.POSITIVE_INFINITY,
  retryDelays: Array.from({ length: 60 }, () => 500),
  onSuccess: () => process.exit(0),
  onError(error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
}).start();
