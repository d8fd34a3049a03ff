import { expect, test } from 'vitest';
import { answerOf } from './answer.ts';

const words = { unreachable: 'unreachable', unreachableAction: '', unreadable: 'unreadable', unreadableAction: '' };
const answerTo = (response: Response) => answerOf(async () => response, words);

test('a wish that will be done is answered without a body: that went well', async () => {
  expect(await answerTo(new Response(null, { status: 202 }))).toEqual({ kind: 'ok', value: null });
  expect(await answerTo(new Response(null, { status: 204 }))).toEqual({ kind: 'ok', value: null });
});

test('an answer that is cut off or of another kind is not understood', async () => {
  const unreadable = { kind: 'error', problem: { kind: 'unreadable' } };
  expect(await answerTo(new Response('{"status": "o'))).toMatchObject(unreadable);
  expect(await answerTo(new Response('<html>', { status: 502 }))).toMatchObject(unreadable);
});
