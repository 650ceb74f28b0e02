export * from './chain.ts';
export * from './change-event.ts';
export * from './dsse.ts';
export * from './failures.ts';
export * from './keys.ts';
export type * from './ports.ts';
export * from './record.ts';
export * from './trust.ts';
