import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { Random } from '../../simulation/src/random.ts';
import { startReceiver } from './receiver.ts';

test('a sender that is killed in the middle of a webhook is not heard, and the next one is', async () => {
  const receiver = await startReceiver(new Random(7));
  const { port } = new URL(receiver.url);
  const cut = connect(Number(port), '127.0.0.1');
  cut.write(
    'POST /hook HTTP/1.1\r\nhost: test\r\ncontent-length: 99\r\nexpect: 100-continue\r\n\r\n',
  );
  await once(cut, 'data'); // It is being read.
  cut.destroy();
  await once(cut, 'close');
  const body = JSON.stringify({ type: 'order.completed', data: { id: 'ord_1' } });
  const post = () => fetch(`http://127.0.0.1:${port}/hook`, { method: 'POST', body });
  while ((await post()).status === 503);
  receiver.close();
  expect(receiver.told.map(({ orderId }) => orderId)).toEqual(['ord_1']);
});
