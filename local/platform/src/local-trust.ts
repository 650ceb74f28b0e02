/** The trust file that makes a copy of the release speak to local-aws alone. Its keys are made again each time, and named to each job. */
export const LOCAL_TRUST = `${JSON.stringify({ schemaVersion: 1, local: true, keys: [] })}\n`;
