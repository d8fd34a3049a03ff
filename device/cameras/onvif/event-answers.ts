import { z } from 'zod';
import { first, firstText } from './parsed-answer.ts';

/** What a camera answered about its events, once it is parsed: lists of everything, and anything may be missing or something else. */

const longestAddress = 1_024;
const longestText = 200;
const mostItems = 32;
/** What is granted for longer is renewed as if it were this. */
const longestLifeMs = 3_600_000;
const shortestLifeMs = 5_000;

export interface SubscriptionReference {
  /** As the camera wrote it, to say it again. Nobody goes there. */
  address: string;
  /** Where it is on the camera that was asked. */
  path: string;
  /** Axis tells its subscriptions apart by this. */
  axisId: string | null;
}

const subscriptionSchema = first(
  z.object({
    createPullPointSubscriptionResponse: first(
      z.object({
        subscriptionReference: first(
          z.object({
            address: firstText,
            referenceParameters: first(z.object({ subscriptionId: firstText.optional().catch(undefined) }))
              .optional()
              .catch(undefined),
          }),
        ),
      }),
    ),
  }),
);

/** null when it cannot be read. */
export function readSubscription(answer: unknown): SubscriptionReference | null {
  const read = subscriptionSchema.safeParse(answer);
  if (!read.success) return null;
  const { address, referenceParameters } = read.data.createPullPointSubscriptionResponse.subscriptionReference;
  if (address.length > longestAddress) return null;
  const url = URL.parse(address);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  return { address, path: `${url.pathname}${url.search}`, axisId: referenceParameters?.subscriptionId?.slice(0, longestText) ?? null };
}

const timesSchema = z.object({ currentTime: firstText, terminationTime: firstText });
const grantedSchema = first(
  z.record(z.string(), z.unknown()).transform((body) => Object.entries(body).find(([name]) => name !== '$')?.[1]),
).pipe(first(timesSchema));

/** How long the camera keeps a subscription, by its own clock alone: its time of day may be anything. null when it does not tell. */
export function readGrantedMs(answer: unknown): number | null {
  const read = grantedSchema.safeParse(answer);
  if (!read.success) return null;
  const grantedMs = Date.parse(read.data.terminationTime) - Date.parse(read.data.currentTime);
  return grantedMs > 0 ? Math.min(longestLifeMs, Math.max(shortestLifeMs, grantedMs)) : null;
}

/** One thing that the camera tells of itself. */
export interface Notification {
  /** Without prefixes, e.g. `RuleEngine/CellMotionDetector/Motion`. */
  topic: string;
  /** `Initialized`: how it is, told because the subscription began. */
  operation: 'Initialized' | 'Changed' | 'Deleted';
  /** What of the camera it is about, so that two inputs or rules are told apart. */
  source: ReadonlyMap<string, string>;
  data: ReadonlyMap<string, string>;
}

const itemsSchema = z
  .array(z.unknown())
  .transform((lists) =>
    lists
      .flatMap((list) => z.object({ simpleItem: z.array(z.unknown()) }).safeParse(list).data?.simpleItem ?? [])
      .slice(0, mostItems)
      .flatMap((item) => itemSchema.safeParse(item).data ?? []),
  )
  .catch([]);
const itemSchema = z.object({
  $: z.object({ Name: z.string().max(longestText), Value: z.string().transform((value) => value.slice(0, longestText)) }),
});

const notificationSchema = z.object({
  topic: firstText,
  message: first(
    z.object({
      message: first(
        z.object({
          $: z
            .object({ PropertyOperation: z.enum(['Initialized', 'Changed', 'Deleted']).catch('Changed') })
            .catch({ PropertyOperation: 'Changed' }),
          source: itemsSchema,
          data: itemsSchema,
        }),
      ),
    }),
  ),
});
const pulledSchema = first(
  z.object({
    pullMessagesResponse: z.array(z.union([z.string(), z.object({ notificationMessage: z.array(z.unknown()).optional() })])).min(1),
  }),
);

/** At most so many; what cannot be read is left out. null when it is no answer to the question. */
export function readNotifications(answer: unknown, most: number): Notification[] | null {
  const [pulled] = pulledSchema.safeParse(answer).data?.pullMessagesResponse ?? [];
  if (pulled === undefined) return null;
  const messages = typeof pulled === 'object' ? (pulled.notificationMessage ?? []) : [];
  return messages.slice(0, most).flatMap((message): Notification[] => {
    const read = notificationSchema.safeParse(message).data;
    if (!read || read.topic.length > longestText) return [];
    const { $, source, data } = read.message.message;
    return [
      {
        topic: read.topic.replace(/(^|\/)[^/:]*:/g, '$1'),
        operation: $.PropertyOperation,
        source: new Map(source.map((item) => [item.$.Name, item.$.Value])),
        data: new Map(data.map((item) => [item.$.Name, item.$.Value])),
      },
    ];
  });
}
