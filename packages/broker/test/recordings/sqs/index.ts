// The scenarios of SQS: importing a file registers what it tells.
import './attributes.ts';
import './batches.ts';
import './dead-letters.ts';
import './dedup-scope.ts';
import './fifo.ts';
import './messages.ts';
import './move-tasks.ts';
import './queues.ts';
import './sizes.ts';
import './visibility.ts';
