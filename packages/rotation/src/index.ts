export * from './access-key/ports.ts';
export * from './fingerprint.ts';
export type * from './ports.ts';
export * from './secret.ts';
