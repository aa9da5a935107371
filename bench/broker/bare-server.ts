// The ceiling of one message a request: parses and answers a SendMessage's JSON, and keeps nothing.
import { hash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { MessageBody = '' } = JSON.parse(Buffer.concat(chunks).toString());
    const body = JSON.stringify({
      MD5OfMessageBody: hash('md5', MessageBody),
      MessageId: randomUUID(),
    });
    response.writeHead(200, {
      'Content-Type': 'application/x-amz-json-1.0',
      'Content-Length': Buffer.byteLength(body),
      'x-amzn-RequestId': randomUUID(),
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`ready on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
