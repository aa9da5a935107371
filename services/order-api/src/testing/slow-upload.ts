import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** A request whose body comes bit by bit, as the test wants. */
export interface SlowUpload {
  /** Resolves when the bytes have left this process. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more bytes; the status of the answer. */
  end(): Promise<number>;
  /** The line goes dead. */
  cut(): void;
  /** When the other side has closed the line, or answered. */
  readonly over: Promise<void>;
}

const statusOf = async (sent: ClientRequest): Promise<number> => {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
};

export function beginUpload(
  url: string,
  method: 'PUT' | 'PATCH',
  headers: Record<string, string | number>,
): SlowUpload {
  const sent = request(url, { method, headers });
  const over = new Promise<void>((resolve) => {
    sent.once('error', () => resolve()).once('close', () => resolve());
  });
  return {
    write: (bytes) => new Promise((resolve) => sent.write(bytes, () => resolve())),
    end() {
      const status = statusOf(sent);
      sent.end();
      return status;
    },
    cut: () => void sent.destroy(),
    over,
  };
}
