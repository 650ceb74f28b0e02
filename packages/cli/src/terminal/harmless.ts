import { showUnseen } from '@tenant-delivery/action-kit/unseen-characters';

/** A line without what a terminal would obey, but its colours: files and findings that others wrote are printed too. */
export function harmless(line: string): string {
  return showUnseen(line, 'terminal');
}
