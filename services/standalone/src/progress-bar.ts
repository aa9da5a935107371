import type { Order } from '@spillway/client';

const WIDTH = 30;

/** One line on a terminal that is drawn over itself; nothing where the output is no terminal. */
export function progressBar(stream: NodeJS.WriteStream): (order: Order) => void {
  return (order) => {
    if (!stream.isTTY) return;
    const full = Math.round(order.progress * WIDTH);
    const bar = '#'.repeat(full) + '-'.repeat(WIDTH - full);
    const percent = String(Math.round(order.progress * 100)).padStart(3);
    stream.write(`\r[${bar}] ${percent} % ${order.status} (${order.stage})\x1b[K`);
    if (order.endedAt) stream.write('\n');
  };
}

/** How an order ended, for a person to read. */
export function endingOf(order: Order): string {
  const lines = order.warnings.map((warning) => `warning: ${warning}`);
  if (order.error) lines.push(`${order.status}: ${order.error.code}: ${order.error.message}`);
  else lines.push(`${order.status}: ${order.renditions.map(({ name }) => name).join(', ')}`);
  return lines.join('\n');
}
