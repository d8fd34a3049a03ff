import type { ValidationTargets } from 'hono';
import { validator } from 'hono-openapi';
import type { ZodType } from 'zod';
import { Failure } from '#device/kernel/failure.ts';

const namedIssues = 3;

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}

/** Checks one part of a request and describes it in the reference. What does not fit throws `invalid-input` and names the fields. */
export function validate<Schema extends ZodType, Target extends keyof ValidationTargets>(target: Target, schema: Schema) {
  return validator(
    target,
    schema,
    (result, c) => {
      if (target === 'json') refuseUnmarked(c.req.header('content-type'), c.req.header('content-length'));
      if (!result.success) throw new Failure('invalid-input', sentenceOf(target, result.error));
    },
    { options: { io: 'input' } },
  );
}

/** What is not marked as JSON is read as if nothing had been sent, and a change of nothing would be answered as done. */
function refuseUnmarked(contentType: string | undefined, contentLength: string | undefined): void {
  const isSent = contentLength === undefined ? contentType !== undefined : contentLength !== '0';
  if (!isSent || /^application\/([a-z-.]+\+)?json\b/i.test(contentType ?? '')) return;
  throw new Failure('invalid-input', 'What was sent is not marked as JSON.', {
    action: 'Send it with the header Content-Type: application/json.',
  });
}

function sentenceOf(target: keyof ValidationTargets, issues: readonly Issue[]): string {
  const named = issues.slice(0, namedIssues).map((issue) => {
    const field = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    return field ? `${field}: ${issue.message}` : issue.message;
  });
  const rest = issues.length > namedIssues ? ` (and ${issues.length - namedIssues} more)` : '';
  const where = target === 'json' ? 'What was sent' : 'The address';
  return `${where} does not fit. ${named.join('; ')}${rest}`;
}
