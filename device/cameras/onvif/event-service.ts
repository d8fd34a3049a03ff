import { randomUUID } from 'node:crypto';
import type { OnvifLogin } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type Notification, readGrantedMs, readNotifications, readSubscription, type SubscriptionReference } from './event-answers.ts';
import { escaped, OnvifCamera } from './onvif-camera.ts';
import { otherVideoSources } from './video-sources.ts';

/** What a camera is asked about its own events. Everything rejects with a Failure. */
export interface EventService {
  /** Throws `not-found` when the camera has no events. */
  subscribe(askedMs: number, signal: AbortSignal): Promise<Subscription>;
  /** Answers when something happened, else after `waitMs`. */
  pull(subscription: Subscription, waitMs: number, signal: AbortSignal): Promise<Notification[]>;
  /** Answers how long it lives from now on. */
  renew(subscription: Subscription, askedMs: number, signal: AbortSignal): Promise<number>;
  unsubscribe(subscription: Subscription): Promise<void>;
}

export interface Subscription extends SubscriptionReference {
  lifeMs: number;
}

const wsdl = 'http://www.onvif.org/ver10/events/wsdl';
const notify = 'http://docs.oasis-open.org/wsn';
/** More of them are left in the camera until they are asked for next. */
const mostMessages = 32;
/** Beyond the time that the camera was given. */
const graceMs = 8_000;
/** The device does not wait longer than this for a camera when it stops. */
const farewellMs = 2_000;

/**
 * The questions of a pull point. They are ours and not the package's: that one waits for a minute whatever it is told, reads times in one
 * of their forms only, and leaves out what tells a camera which question it is asked.
 */
export class OnvifEventService implements EventService {
  readonly #camera: OnvifCamera;
  readonly #streamUrl: string;
  #others: ReadonlySet<string> = new Set();

  /** `streamUrl`: of the picture that the events are to be about. */
  constructor({ clock, login, streamUrl }: { clock: Clock; login: OnvifLogin; streamUrl: string }) {
    this.#camera = new OnvifCamera({ clock, login });
    this.#streamUrl = streamUrl;
  }

  async subscribe(askedMs: number, signal: AbortSignal): Promise<Subscription> {
    await this.#camera.meet(signal);
    const answer = await this.#camera.say(
      {
        service: 'events',
        header: action(`${wsdl}/EventPortType/CreatePullPointSubscriptionRequest`),
        body: `<CreatePullPointSubscription xmlns="${wsdl}"><InitialTerminationTime>${duration(askedMs)}</InitialTerminationTime></CreatePullPointSubscription>`,
      },
      signal,
    );
    const reference = readSubscription(answer);
    if (!reference) {
      throw new Failure('camera-refused', 'The camera does not tell where its events are.', {
        action: 'Its own web page may have a setting for events by ONVIF.',
      });
    }
    // A device that does not answer this either has other worries, or one lens; both are seen with what is asked next.
    this.#others = await otherVideoSources(this.#camera, this.#streamUrl, signal).catch(() => new Set());
    return { ...reference, lifeMs: readGrantedMs(answer) ?? askedMs };
  }

  async pull(subscription: Subscription, waitMs: number, signal: AbortSignal): Promise<Notification[]> {
    const body = `<PullMessages xmlns="${wsdl}"><Timeout>${duration(waitMs)}</Timeout><MessageLimit>${mostMessages}</MessageLimit></PullMessages>`;
    const question = to(subscription, `${wsdl}/PullPointSubscription/PullMessagesRequest`, body);
    const told = readNotifications(await this.#camera.say({ ...question, withinMs: waitMs + graceMs }, signal), mostMessages);
    if (told) return told.filter((notification) => !this.#isOfOther(notification));
    throw new Failure('camera-refused', 'The camera answers something else than its events.');
  }

  async renew(subscription: Subscription, askedMs: number, signal: AbortSignal): Promise<number> {
    const body = `<Renew xmlns="${notify}/b-2"><TerminationTime>${duration(askedMs)}</TerminationTime></Renew>`;
    const answer = await this.#camera.say(to(subscription, `${notify}/bw-2/SubscriptionManager/RenewRequest`, body), signal);
    return readGrantedMs(answer) ?? askedMs;
  }

  async unsubscribe(subscription: Subscription): Promise<void> {
    const body = `<Unsubscribe xmlns="${notify}/b-2"/>`;
    const question = to(subscription, `${notify}/bw-2/SubscriptionManager/UnsubscribeRequest`, body);
    await this.#camera.say({ ...question, withinMs: farewellMs }, new AbortController().signal);
  }

  /** By the items that name a lens alone: an input may be called as one of them is. */
  #isOfOther({ source }: Notification): boolean {
    return source.entries().some(([name, token]) => /^(Source|VideoSource\w*)$/.test(name) && this.#others.has(token));
  }
}

function to({ address, path, axisId }: Subscription, name: string, body: string) {
  const id =
    axisId === null
      ? ''
      : `<SubscriptionId xmlns="http://www.axis.com/2009/event" a:IsReferenceParameter="true">${escaped(axisId)}</SubscriptionId>`;
  return { path, body, header: `${action(name)}<a:To>${escaped(address)}</a:To>${id}` };
}

function action(name: string): string {
  return `<a:Action>${name}</a:Action><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>`;
}

/** As XML Schema writes it. */
function duration(ms: number): string {
  return `PT${Math.max(1, Math.round(ms / 1000))}S`;
}
