import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type {
  DescribeTasksCommandInput,
  Failure,
  ListTasksCommandInput,
  RunTaskCommandInput,
  Task,
} from '@aws-sdk/client-ecs';

type StoredTask = Omit<Task, 'createdAt'> & { taskArn: string; createdAt: number };

/** A refusal of a whole request, as ECS says it. */
export interface PlantedError {
  readonly type: string;
  readonly message: string;
  readonly status?: number;
}

const ENDED = ['STOPPED', 'DEPROVISIONING'];

/** The three calls of ECS that the target makes, over HTTP to the SDK itself; faults are planted by tests. */
export class FakeEcs {
  readonly requests: { readonly action: string; readonly input: RunTaskCommandInput }[] = [];
  /** Answers to the next requests of RunTask, instead of launching. */
  readonly runErrors: PlantedError[] = [];
  /** Answers to RunTask break off after the work is done. */
  lostAnswers = 0;
  room = Number.POSITIVE_INFINITY;
  /** Why there is no room; by provider, where only some are full. */
  full: { readonly reason: string; readonly providers?: readonly string[] } = {
    reason: 'RESOURCE:CPU',
  };
  /** Tasks are launched, and do not yet show in lists and descriptions. */
  isLagging = false;
  readonly #tasks = new Map<string, StoredTask>();
  readonly #byToken = new Map<string, { tasks: StoredTask[]; failures: Failure[] }>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  change(arn: string, change: Partial<StoredTask>): void {
    const task = this.#tasks.get(arn);
    if (!task) throw new Error(`no task ${arn}`);
    Object.assign(task, change);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input = JSON.parse(await text(request));
    this.requests.push({ action, input });
    const say = (status: number, body: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(body));
    if (action === 'ListTasks') return void say(200, this.#list(input));
    if (action === 'DescribeTasks') return void say(200, this.#describe(input));
    const planted = this.runErrors.shift();
    if (planted) {
      const { type, message, status = 400 } = planted;
      return void say(status, { __type: type, message });
    }
    const before = this.#byToken.get(input.clientToken);
    if (before && before.tasks.length + before.failures.length !== input.count) {
      const resourceIds = before.tasks.map(({ taskArn }) => taskArn);
      const message =
        'The provided clientToken is already in use with a different RunTask request.';
      return void say(400, { __type: 'ConflictException', message, resourceIds });
    }
    const done = before ?? this.#run(input);
    if (this.lostAnswers === 0) return void say(200, done);
    this.lostAnswers--;
    request.socket.destroy();
  }

  #list({ startedBy, nextToken, maxResults = 100 }: ListTasksCommandInput) {
    if (this.isLagging) return { taskArns: [] };
    const arns = [...this.#tasks.values()]
      .filter((task) => task.startedBy === startedBy && task.desiredStatus === 'RUNNING')
      .map(({ taskArn }) => taskArn);
    const from = Number(nextToken ?? 0);
    const next = from + maxResults;
    return {
      taskArns: arns.slice(from, next),
      ...(next < arns.length && { nextToken: String(next) }),
    };
  }

  #describe({ tasks: wanted = [] }: DescribeTasksCommandInput) {
    const tasks = wanted.flatMap((arn) => (this.isLagging ? [] : (this.#tasks.get(arn) ?? [])));
    const found = new Set(tasks.map(({ taskArn }) => taskArn));
    const missing = wanted.filter((arn) => !found.has(arn));
    return { tasks, failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) };
  }

  #run(input: RunTaskCommandInput) {
    const { clientToken = '', count = 1, startedBy, capacityProviderStrategy = [] } = input;
    const isFull =
      this.full.providers &&
      capacityProviderStrategy.some(({ capacityProvider = '' }) =>
        this.full.providers?.includes(capacityProvider),
      );
    const alive = [...this.#tasks.values()].filter(
      ({ lastStatus = '' }) => !ENDED.includes(lastStatus),
    );
    const room = isFull ? 0 : Math.max(0, this.room - alive.length);
    const tasks = Array.from({ length: Math.min(room, count) }, (_, n) => ({
      taskArn: `arn:aws:ecs:us-east-1:000000000000:task/films/${clientToken}-${n}`,
      startedBy,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      createdAt: Date.now() / 1000,
    })) as StoredTask[];
    for (const task of tasks) this.#tasks.set(task.taskArn, task);
    const failures = Array.from({ length: count - tasks.length }, () => this.full);
    const answer = { tasks, failures: failures.map(({ reason }) => ({ reason })) };
    this.#byToken.set(clientToken, answer);
    return answer;
  }
}
