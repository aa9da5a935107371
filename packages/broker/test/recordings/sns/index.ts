// The scenarios of SNS: importing a file registers what it tells.
import './dead-letters.ts';
import './fifo.ts';
import './filter-attributes.ts';
import './filter-body.ts';
import './filter-checks.ts';
import './message-attributes.ts';
import './publishing.ts';
import './queues.ts';
import './regions.ts';
import './subscription-checks.ts';
import './subscriptions.ts';
import './topic-policies.ts';
import './topics.ts';
import './waiting.ts';
