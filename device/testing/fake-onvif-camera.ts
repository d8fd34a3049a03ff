import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeAnswer, FakePullPoints } from './fake-pull-points.ts';

interface FakeRelay {
  token: string;
  mode: 'Monostable' | 'Bistable';
  delayTime: string;
}

export interface FakeOnvifOptions {
  username?: string;
  password?: string;
  /** Answers instead of the camera, for cameras that are none. */
  answer?: (action: string) => string | null;
  canMove?: boolean;
  relays?: readonly FakeRelay[];
  /** A second one in the same housing, whose profile is `second`. */
  hasSecondLens?: boolean;
  /** Without: a camera that has no events. */
  pullPoints?: FakePullPoints;
}

const envelope = (body: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body>${body}</s:Body></s:Envelope>`;

const profile = (token: string, width: number, height: number, encoding: string, canMove: boolean, lens = '') =>
  `<trt:Profiles token="${token}"><tt:Name>${token} stream</tt:Name><tt:VideoSourceConfiguration token="v${lens}"><tt:SourceToken>source${lens}</tt:SourceToken></tt:VideoSourceConfiguration>` +
  `<tt:VideoEncoderConfiguration token="e"><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration>` +
  `${canMove ? '<tt:PTZConfiguration token="ptz"><tt:Name>ptz</tt:Name></tt:PTZConfiguration>' : ''}</trt:Profiles>`;

const relayOutput = ({ token, mode, delayTime }: FakeRelay) =>
  `<tds:RelayOutputs token="${token}"><tt:Properties><tt:Mode>${mode}</tt:Mode><tt:DelayTime>${delayTime}</tt:DelayTime><tt:IdleState>open</tt:IdleState></tt:Properties></tds:RelayOutputs>`;

/**
 * A FAKE network camera on the loopback: SOAP from templates and an answer to WS-Discovery, no picture. Written after the ONVIF
 * specification, since no simulator can be had; no real camera has confirmed it.
 */
export class FakeOnvifCamera {
  /** What it was told to do, oldest first. */
  readonly done: string[] = [];
  /** Names as they stand in XML. */
  readonly presets = new Map([['1', 'Door &amp; gate']]);
  #brightness = '50';
  readonly #options: FakeOnvifOptions;
  readonly #server: Server;
  readonly #socket: Socket;

  private constructor(options: FakeOnvifOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        void this.#answer(body, request.url ?? '').then(({ status, xml }) => {
          response.writeHead(status, { 'Content-Type': 'application/soap+xml' });
          response.end(xml);
        });
      });
    });
    this.#socket = createSocket('udp4');
  }

  static async start(options: FakeOnvifOptions = {}): Promise<FakeOnvifCamera> {
    const camera = new FakeOnvifCamera(options);
    await new Promise<void>((resolve) => camera.#server.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => camera.#socket.bind(0, '127.0.0.1', resolve));
    return camera;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/onvif/device_service`;
  }

  /** Where it hears WS-Discovery: no group on the loopback, an address of its own. */
  get discoveryTarget(): { address: string; port: number } {
    return { address: '127.0.0.1', port: this.#socket.address().port };
  }

  /** Answers every question it hears with what `make` makes of the question's id. */
  onProbe(make: (messageId: string, url: string) => string | Uint8Array): void {
    this.#socket.on('message', (message, sender) => {
      const id = /MessageID>([^<]+)</.exec(message.toString())?.[1] ?? '';
      this.#socket.send(make(id, this.url), sender.port, sender.address);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  async #answer(body: string, path: string): Promise<FakeAnswer> {
    const action = /<s:Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';
    const own = this.#options.answer?.(action) ?? null;
    if (own !== null) return { status: 200, xml: own };
    if (action === 'GetSystemDateAndTime') return { status: 200, xml: envelope(systemTime()) };
    if (!this.#isLoggedIn(body)) {
      const fault =
        '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Sender not Authorized</s:Text></s:Reason></s:Fault>';
      return { status: 400, xml: envelope(fault) };
    }
    const told = await this.#options.pullPoints?.answer(action, { body, path, url: this.url });
    return told ?? { status: 200, xml: envelope(this.#act(action, body)) };
  }

  /** The digest of a WS-Security UsernameToken, as the specification has it. */
  #isLoggedIn(body: string): boolean {
    const { username, password } = this.#options;
    if (username === undefined) return true;
    const part = (name: string) => new RegExp(`<${name}(?: [^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
    const hash = createHash('sha1');
    hash.update(Buffer.concat([Buffer.from(part('Nonce'), 'base64'), Buffer.from(part('Created')), Buffer.from(password ?? '')]));
    return part('Username') === username && part('Password') === hash.digest('base64');
  }

  #act(action: string, body: string): string {
    const part = (name: string) => new RegExp(`<${name}(?: [^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
    switch (action) {
      case 'GetServices':
        return `<tds:GetServicesResponse>${this.#services()}</tds:GetServicesResponse>`;
      case 'GetProfiles': {
        const canMove = this.#options.canMove ?? true;
        const profiles = [
          profile('small', 640, 360, 'H264', canMove),
          profile('main', 1920, 1080, 'H264', canMove),
          profile('jpeg', 2560, 1440, 'JPEG', canMove),
          ...(this.#options.hasSecondLens ? [profile('second', 1920, 1080, 'H264', canMove, '2')] : []),
        ];
        return `<trt:GetProfilesResponse>${profiles.join('')}</trt:GetProfilesResponse>`;
      }
      case 'GetVideoSources':
        return '<trt:GetVideoSourcesResponse><trt:VideoSources token="source"><tt:Framerate>25</tt:Framerate></trt:VideoSources></trt:GetVideoSourcesResponse>';
      case 'GetStreamUri':
        return `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://10.9.8.7:554/${part('ProfileToken')}?a=1&amp;b=2</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>`;
      case 'GetDeviceInformation':
        return '<tds:GetDeviceInformationResponse><tds:Manufacturer>Maker</tds:Manufacturer><tds:Model>Dome 4</tds:Model><tds:FirmwareVersion>1.20</tds:FirmwareVersion><tds:SerialNumber>0042</tds:SerialNumber></tds:GetDeviceInformationResponse>';
      case 'GetPresets':
        return `<tptz:GetPresetsResponse>${[...this.presets].map(([id, name]) => `<tptz:Preset token="${id}"><tt:Name>${name}</tt:Name></tptz:Preset>`).join('')}</tptz:GetPresetsResponse>`;
      case 'GetImagingSettings':
        return `<timg:GetImagingSettingsResponse xmlns:timg="i"><timg:ImagingSettings><tt:Brightness>${this.#brightness}</tt:Brightness><tt:IrCutFilter>AUTO</tt:IrCutFilter></timg:ImagingSettings></timg:GetImagingSettingsResponse>`;
      case 'GetOptions':
        return '<timg:GetOptionsResponse xmlns:timg="i"><timg:ImagingOptions><tt:Brightness><tt:Min>0</tt:Min><tt:Max>100</tt:Max></tt:Brightness><tt:IrCutFilterModes>AUTO</tt:IrCutFilterModes><tt:IrCutFilterModes>ON</tt:IrCutFilterModes></timg:ImagingOptions></timg:GetOptionsResponse>';
      case 'SetImagingSettings':
        this.#brightness = part('Brightness');
        break;
      case 'SetPreset':
        this.presets.set(String(this.presets.size + 1), part('PresetName'));
        break;
      case 'RemovePreset':
        this.presets.delete(part('PresetToken'));
        break;
      case 'GetRelayOutputs':
        return `<tds:GetRelayOutputsResponse>${(this.#options.relays ?? []).map(relayOutput).join('')}</tds:GetRelayOutputsResponse>`;
      case 'SetRelayOutputState':
        this.done.push(`relay ${part('RelayOutputToken')} ${part('LogicalState')}`);
        break;
      case 'ContinuousMove':
        this.done.push(`move ${/<PanTilt x="([^"]*)" y="([^"]*)"/.exec(body)?.slice(1).join(' ') ?? ''} for ${part('Timeout')}`);
        break;
      case 'GotoPreset':
        this.done.push(`go to ${part('PresetToken')}`);
        break;
      case 'Stop':
        this.done.push('stop');
        break;
    }
    return `<tds:${action}Response/>`;
  }

  #services(): string {
    const names = ['ver10/device', 'ver10/media', 'ver20/ptz', 'ver20/imaging'];
    return [...names, ...(this.#options.pullPoints ? ['ver10/events'] : [])].map((name) => this.#service(name)).join('');
  }

  /** Named on another host, as cameras behind a router do: nobody may go there. */
  #service(name: string): string {
    return `<tds:Service><tds:Namespace>http://www.onvif.org/${name}/wsdl</tds:Namespace><tds:XAddr>http://10.9.8.7/onvif/${name}</tds:XAddr></tds:Service>`;
  }
}

export function probeMatch(relatesTo: string, xAddrs: string, scopes = ''): string {
  return (
    '<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">' +
    `<SOAP-ENV:Header><wsa:RelatesTo>${relatesTo}</wsa:RelatesTo></SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch>` +
    '<wsa:EndpointReference><wsa:Address>urn:uuid:11111111-2222-3333-4444-555555555555</wsa:Address></wsa:EndpointReference>' +
    `<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${xAddrs}</d:XAddrs>` +
    '</d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>'
  );
}

function systemTime(): string {
  const now = new Date();
  const time = `<tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time>`;
  const date = `<tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`;
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime>${time}${date}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
}
