import { startOutboxRelay } from '@spillway/database';
import type { Logger } from '@spillway/runtime';
import { deliverTo, isRejected } from '../../services/order-api/src/adapters/deliver.ts';
import { startCoordinator } from '../../services/order-api/src/app/coordinator.ts';
import {
  type CreateOrderUseCase,
  orderCreator,
} from '../../services/order-api/src/app/create-order.ts';
import {
  type DeleteOrderUseCase,
  orderDeleter,
} from '../../services/order-api/src/app/delete-order.ts';
import { orderRequestReader } from '../../services/order-api/src/app/order-request.ts';
import { startReconciler } from '../../services/order-api/src/app/reconciler.ts';
import { startWorkEstimates } from '../../services/order-api/src/app/work-estimates.ts';
import { createWorkflow, type Workflow } from '../../services/order-api/src/app/workflow.ts';
import {
  type AddressesOf,
  publicAddresses,
} from '../../services/order-api/src/domain/addresses.ts';
import { resolvePreset } from '../../services/order-api/src/domain/outputs.ts';
import type { Step } from '../../services/order-api/src/domain/reduce.ts';
import type { ApiPorts } from './ports.ts';

export interface SimulatedApi {
  readonly createOrder: CreateOrderUseCase;
  readonly deleteOrder: DeleteOrderUseCase;
  readonly workflow: Workflow;
  close(): Promise<void>;
}

const plain = { description: 'What the code says.' };
const presets = new Map([['default', resolvePreset('default', plain, plain)]]);
const addressesOf: AddressesOf = ({ id }) => publicAddresses('http://spillway.example.com', id);

/** The order API without HTTP and SQL: its own code on simulated ports, wired as its index.ts does. */
export async function startApi(
  ports: ApiPorts,
  log: Logger,
  orderTimeoutHours: number,
): Promise<SimulatedApi> {
  const { database, messaging, storage } = ports;
  const { store } = database;
  const relay = startOutboxRelay({
    outbox: database.outbox,
    deliver: deliverTo(messaging),
    isRejected,
    log,
  });
  const onCommitted = ({ jobs }: Step): void => {
    if (jobs.length > 0) relay.poke();
    else relay.pokeSoon();
  };
  const estimates = startWorkEstimates(database.estimates, log);
  await estimates.ready;
  const workflow = ports.workflow(
    createWorkflow({
      ...{ store, storage, addressesOf, estimates, onCommitted },
      notificationsOf: async () => [],
    }),
  );
  const coordinator = startCoordinator({ messaging, storage, workflow, log, onResult: () => {} });
  const reconciler = ports.reconciles
    ? startReconciler({
        ...{ database, store, storage, messaging, workflow, orderTimeoutHours, log },
        outboxDepth: database.outboxDepth,
        retain: async () => {},
      })
    : null;
  return {
    workflow,
    createOrder: orderCreator({
      store,
      addressesOf,
      estimates,
      onCommitted(step) {
        workflow.remember(step.state);
        onCommitted(step);
      },
      openOrders: { admit: (_caller, work) => work() },
      readRequest: orderRequestReader({
        presets,
        checkSource: async () => {},
        checkWebhook: async () => {},
        checkCaptions: async () => {},
        findUploads: async () => ({}),
        canSign: true,
      }),
    }),
    deleteOrder: orderDeleter(store, storage),
    async close() {
      await Promise.all([coordinator.stop({ graceSeconds: 10 }), reconciler?.stop()]);
      await estimates.stop();
      await relay.stop();
    },
  };
}
