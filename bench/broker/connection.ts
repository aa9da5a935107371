import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * One keep-alive connection that speaks the JSON protocol with as little work as can be: what is
 * measured is the server, on cores shared with this client.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #pending: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    const fail = (error: Error) => this.#pending?.reject(error);
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the server closed the connection')));
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket, host);
  }

  /** The body of a successful answer. @throws Error with the answer when it is not 200 */
  call(action: string, body: string): Promise<string> {
    const head = `POST / HTTP/1.1\r\nHost: ${this.#host}\r\nX-Amz-Target: AmazonSQS.${action}\r\nContent-Type: application/x-amz-json-1.0\r\nAuthorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    this.#socket.write(head + body);
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
    });
  }

  close(): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const bodyEnd = headEnd + 4 + length;
    if (this.#received.length < bodyEnd) return;
    const body = this.#received.toString('utf8', headEnd + 4, bodyEnd);
    this.#received = this.#received.subarray(bodyEnd);
    const pending = this.#pending;
    this.#pending = undefined;
    if (head.startsWith('HTTP/1.1 200')) pending?.resolve(body);
    else pending?.reject(new Error(`${head.split('\r\n')[0]}: ${body}`));
  }
}
