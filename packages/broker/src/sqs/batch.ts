import { knownCondition, sqsError } from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';

const maxEntries = 10;
const idPattern = /^[A-Za-z0-9_-]{1,80}$/;

/** The entries of a batch request. @throws ServiceError when the whole request is wrong */
export function batchEntries(input: Input): Input[] {
  const entries = input.entries('Entries');
  if (entries.length === 0) {
    throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > maxEntries) {
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maxEntries}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = entry.text('Id') ?? '';
    if (!idPattern.test(id)) {
      throw sqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(id)) throw sqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** Does each entry on its own; what fails is reported beside what succeeded. */
export function eachEntry(entries: Input[], act: (entry: Input) => object): object {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    const id = entry.text('Id');
    try {
      successful.push({ Id: id, ...act(entry) });
    } catch (error) {
      const known = knownCondition(error); // a full disk, say: entries before this one may be stored
      if (!known) throw error;
      const { code, message, fault } = known;
      failed.push({ Id: id, SenderFault: fault === 'Sender', Code: code, Message: message });
    }
  }
  return failed.length === 0
    ? { Successful: successful }
    : { ...(successful.length > 0 && { Successful: successful }), Failed: failed };
}
