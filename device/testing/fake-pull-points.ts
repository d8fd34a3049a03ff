import { systemClock } from '#device/kernel/clock.ts';

export interface FakeAnswer {
  status: number;
  xml: string;
}

interface PullPoint {
  endsBootMs: number;
  waiting: string[];
  /** Lets the long poll that waits go on. */
  wake: () => void;
}

interface FakePullPointsOptions {
  /** What each subscription is given, whatever was asked for. */
  lifeMs?: number;
  /** Refuses to renew, as cameras do that keep alive what is asked. */
  canRenew?: boolean;
}

const namespaces =
  'xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:wsa5="http://www.w3.org/2005/08/addressing" xmlns:tns1="http://www.onvif.org/ver10/topics"';

/**
 * The event service of a FAKE camera: pull points as the ONVIF core specification (section 9) and WS-BaseNotification have them, and as
 * strict about what a question must carry. No real camera has confirmed it.
 */
export class FakePullPoints {
  /** Names of the questions, oldest first; pulls that follow one another are one. */
  readonly asked: string[] = [];
  readonly #options: FakePullPointsOptions;
  readonly #points = new Map<string, PullPoint>();
  /** How things are, told to every new subscription. */
  readonly #states = new Map<string, (operation: string) => string>();
  #made = 0;

  constructor(options: FakePullPointsOptions = {}) {
    this.#options = options;
  }

  get subscriptions(): number {
    return this.#points.size;
  }

  /** A property changed. */
  say(topic: string, item: string, value: string, source = 'VideoSourceToken=source'): void {
    const make = (operation: string) => notification(topic, { operation, item, value, source });
    this.#states.set(`${topic} ${source}`, make);
    this.#tell(make('Changed'));
  }

  /** Something happened that has no state. */
  happen(topic: string, item: string, value: string): void {
    this.#tell(notification(topic, { operation: null, item, value, source: 'Rule=1' }));
  }

  /** It boots: nothing of before is known. */
  reboot(): void {
    for (const { wake } of this.#points.values()) wake();
    this.#points.clear();
  }

  async answer(action: string, { body, path, url }: { body: string; path: string; url: string }): Promise<FakeAnswer | null> {
    if (!['CreatePullPointSubscription', 'PullMessages', 'Renew', 'Unsubscribe'].includes(action)) return null;
    if (!(action === 'PullMessages' && this.asked.at(-1) === action)) this.asked.push(action);
    const told = /<a:Action>[^<]*\/(\w+)Request<\/a:Action>/.exec(body)?.[1];
    if (told !== action) return fault('ter:InvalidArgVal', 'The action of the header is another than that of the body');
    if (action === 'CreatePullPointSubscription') return this.#create(url);
    const point = this.#points.get(path);
    const address = /<a:To>([^<]*)<\/a:To>/.exec(body)?.[1] ?? '';
    if (!point || systemClock.boot() > point.endsBootMs || !address.endsWith(path)) {
      this.#points.delete(path);
      return fault('wsrf-rw:ResourceUnknownFault', 'No such subscription');
    }
    if (action === 'PullMessages') return this.#pull(point, body);
    if (action === 'Unsubscribe') {
      this.#points.delete(path);
      return answered('<wsnt:UnsubscribeResponse/>');
    }
    if (this.#options.canRenew === false) return fault('ter:ActionNotSupported', 'Optional action not implemented');
    point.endsBootMs = systemClock.boot() + this.#lifeMs;
    return answered(`<wsnt:RenewResponse>${this.#times('wsnt')}</wsnt:RenewResponse>`);
  }

  get #lifeMs(): number {
    return this.#options.lifeMs ?? 60_000;
  }

  /** Its clock is wrong, as many are; offsets in place of Z are allowed too. */
  #times(prefix: string): string {
    const time = (ms: number) => new Date(ms).toISOString().replace('Z', '+00:00');
    return `<${prefix}:CurrentTime>${time(0)}</${prefix}:CurrentTime><${prefix}:TerminationTime>${time(this.#lifeMs)}</${prefix}:TerminationTime>`;
  }

  #create(url: string): FakeAnswer {
    this.#made += 1;
    const path = `/onvif/events?point=${this.#made}`;
    const waiting = [...this.#states.values()].map((make) => make('Initialized'));
    this.#points.set(path, { endsBootMs: systemClock.boot() + this.#lifeMs, waiting, wake: () => {} });
    // Named on another host, as cameras behind a router do: nobody may go there.
    const address = url.replace(/\/\/[^/]*\/.*/, `//10.9.8.7${path}`);
    return answered(
      `<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa5:Address>${address}</wsa5:Address></tev:SubscriptionReference>${this.#times('wsnt')}</tev:CreatePullPointSubscriptionResponse>`,
    );
  }

  async #pull(point: PullPoint, body: string): Promise<FakeAnswer> {
    const waitMs = Number(/<Timeout>PT(\d+)S<\/Timeout>/.exec(body)?.[1]) * 1_000;
    const most = Number(/<MessageLimit>(\d+)<\/MessageLimit>/.exec(body)?.[1]);
    if (point.waiting.length === 0) {
      await Promise.race([
        systemClock.sleep(waitMs),
        new Promise<void>((resolve) => {
          point.wake = resolve;
        }),
      ]);
    }
    return answered(`<tev:PullMessagesResponse>${this.#times('tev')}${point.waiting.splice(0, most).join('')}</tev:PullMessagesResponse>`);
  }

  #tell(message: string): void {
    for (const point of this.#points.values()) {
      point.waiting.push(message);
      point.wake();
    }
  }
}

interface Told {
  operation: string | null;
  item: string;
  value: string;
  source: string;
}

function notification(topic: string, { operation, item, value, source }: Told): string {
  const [name, token] = source.split('=');
  const property = operation === null ? '' : ` PropertyOperation="${operation}"`;
  return (
    `<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">tns1:${topic}</wsnt:Topic>` +
    `<wsnt:Message><tt:Message UtcTime="2026-01-05T08:00:00Z"${property}><tt:Source><tt:SimpleItem Name="${name}" Value="${token}"/></tt:Source>` +
    `<tt:Data><tt:SimpleItem Name="${item}" Value="${value}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`
  );
}

function answered(body: string): FakeAnswer {
  return { status: 200, xml: envelope(body) };
}

function fault(code: string, reason: string): FakeAnswer {
  return {
    status: 400,
    xml: envelope(
      `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
    ),
  };
}

function envelope(body: string): string {
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" ${namespaces}><s:Body>${body}</s:Body></s:Envelope>`;
}
