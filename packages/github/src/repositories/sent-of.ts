import type { Sent } from '@tenant-delivery/provisioning/ports';
import type { Changed } from '../session/answers.ts';

/** How a change of settings ended, in provisioning's words. */
export function sentOf(sent: Changed): Sent {
  switch (sent.kind) {
    case 'done':
      return 'done';
    case 'refused':
      return { refused: `GitHub answered ${sent.status}: ${sent.said}` };
    case 'unknown':
      return 'unknown';
  }
}
