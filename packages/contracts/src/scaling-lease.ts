import * as z from 'zod';

/** The body of PUT /v1/scaling-lease. */
export const ScalingLeaseRequest = z
  .strictObject({
    holder: z.string().min(1).max(200).meta({ description: 'Who asks: a name of their own.' }),
    seconds: z.int().min(0).max(300).meta({ description: 'For how long from now; 0 gives it up.' }),
  })
  .meta({ id: 'ScalingLeaseRequest' });
export type ScalingLeaseRequest = z.infer<typeof ScalingLeaseRequest>;

export const ScalingLease = z
  .object({
    holder: z.string().meta({ description: 'Who has it now, whoever asked.' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'ScalingLease', description: 'Whose turn it is to launch workers.' });
export type ScalingLease = z.infer<typeof ScalingLease>;
