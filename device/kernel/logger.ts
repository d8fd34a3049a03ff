import pino from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured log lines on stdout, one JSON object each: balena and journald collect them as they are. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

/** Secrets never reach a log: these field names are cut wherever they stand, to three levels. */
const secretFields = ['password', 'token', 'cookie', 'authorization', 'caPem', 'apiKey'];

export function createLogger(level: LogLevel): Logger {
  const paths = secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: '[secret]' }, base: null });
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
