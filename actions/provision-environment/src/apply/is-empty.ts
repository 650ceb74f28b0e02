import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import { isStub } from '@tenant-delivery/provisioning/plan/stub';
import type { StackReader, StackSeen } from '@tenant-delivery/provisioning/ports';

export const NOT_EMPTY = 'it is not empty any more: somebody changed it since it was to be deleted';

/** Whether a deletion takes nothing away: the stack is the shell of a plan, or has only the stub. */
export async function isEmpty(
  stacks: Pick<StackReader, 'template'>,
  { name, status }: StackSeen,
): Promise<boolean> {
  if (status === 'REVIEW_IN_PROGRESS') return true;
  const body = await stacks.template(name);
  const template = body === undefined ? undefined : readTemplate(body);
  return template !== undefined && isStub(template);
}
