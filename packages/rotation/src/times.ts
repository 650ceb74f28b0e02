import { DAY } from '@tenant-delivery/domain';

export function days(milliseconds: number): string {
  return `${Math.round((milliseconds / DAY) * 10) / 10} days`;
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
