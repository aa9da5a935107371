import * as z from 'zod';

/** What is read of the API's objects: what else they hold stays as it is, or does not matter. */
const Labels = z.record(z.string(), z.string()).optional();

export const JobTemplate = z.object({
  spec: z.object({
    jobTemplate: z.object({
      metadata: z.object({ labels: Labels, annotations: Labels }).optional(),
      spec: z.looseObject({
        template: z.looseObject({ metadata: z.looseObject({ labels: Labels }).optional() }),
      }),
    }),
  }),
});
export type JobTemplate = z.output<typeof JobTemplate>;

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

export const Job = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.string() }),
  status: z
    .object({
      /** Pods that are ready. */
      ready: z.number().optional(),
      /** Pods that are not ended. */
      active: z.number().optional(),
      conditions: z.array(Condition).optional(),
    })
    .optional(),
});
export type Job = z.output<typeof Job>;

export const Pod = z.object({
  metadata: z.object({ labels: Labels }),
  status: z
    .object({
      conditions: z.array(Condition).optional(),
      containerStatuses: z
        .array(
          z.object({
            state: z
              .object({
                waiting: z
                  .object({ reason: z.string().optional(), message: z.string().optional() })
                  .optional(),
              })
              .optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});
export type Pod = z.output<typeof Pod>;

export const Event = z.object({
  involvedObject: z.object({ name: z.string().optional() }),
  message: z.string().optional(),
});
export type Event = z.output<typeof Event>;

/** Of a Job and of its pods: which template they are made of. */
export const TEMPLATE_LABEL = 'spillway-template';

/** A Job of the template. Nobody owns it: that a template is removed or changed stops no worker. */
export function jobOf(template: JobTemplate, templateName: string, name: string): object {
  const { metadata, spec } = template.spec.jobTemplate;
  const pod = spec.template;
  const mark = { [TEMPLATE_LABEL]: templateName };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      labels: { ...metadata?.labels, 'app.kubernetes.io/managed-by': 'autoscaler', ...mark },
      annotations: metadata?.annotations ?? {},
    },
    spec: {
      ...spec,
      template: {
        ...pod,
        metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, ...mark } },
      },
    },
  };
}

const holds = ({ status }: Job, condition: string): boolean =>
  status?.conditions?.some(({ type, status }) => type === condition && status === 'True') ?? false;

/** Its worker left by itself. */
export const isComplete = (job: Job): boolean => holds(job, 'Complete');

/** Its worker was lost, or ended with another code than 0. */
export const hasFailed = (job: Job): boolean => holds(job, 'Failed');
