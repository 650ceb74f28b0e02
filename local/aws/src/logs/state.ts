import type { World } from '../world/world.ts';

export interface LogStore {
  readonly groups: Record<string, LogGroup>;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  /** Absent: the lines stay for ever. */
  readonly retentionInDays?: number | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly streams: Record<string, { readonly events: LogEvent[] }>;
}

interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export function logStore(world: World, account: string, region: string): LogStore {
  return world.state<LogStore>('logs', account, region, () => ({ groups: {} }));
}
