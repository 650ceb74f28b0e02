import { setFlagsFromString } from 'node:v8';

/**
 * For an action that may read very long lists. When many new objects stay alive V8 gives new ones more room, 32 MB in the
 * end, of which little is ever used at once. Measured: half of what 10,000 findings take, and no difference in time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
