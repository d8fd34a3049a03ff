import type {
  CameraControl,
  CameraControlChange,
  CameraSource,
  OnvifDescription,
  OnvifLogin,
  Ptz,
  PtzMove,
} from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { chooseProfiles, describeCamera, isUnknownToCamera, type Profile, readPresets, readProfiles } from './onvif-answers.ts';
import { escaped, OnvifCamera } from './onvif-camera.ts';
import { imagingChange, readImaging } from './onvif-imaging.ts';
import { onvifLoginOf } from './onvif-login.ts';
import { streamAddress } from './stream-address.ts';

interface NetworkCamerasDeps {
  clock: Clock;
  /** Of a camera that was added. Throws a Failure `not-found`. */
  source(cameraId: string): CameraSource;
}

interface Conversation {
  /** What it was begun with; another login begins another. */
  key: string;
  camera: OnvifCamera;
  connected: Promise<Profile[]> | null;
}

const mostConversations = 64;

/** What network cameras do beside sending pictures, asked of them by ONVIF: who they are, where their streams are, and turning. */
export class NetworkCameras {
  readonly #deps: NetworkCamerasDeps;
  readonly #conversations = new Map<string, Conversation>();

  constructor(deps: NetworkCamerasDeps) {
    this.#deps = deps;
  }

  /** Asks a camera that is not added yet for its streams. Throws a Failure in words. */
  async describe(login: OnvifLogin, signal: AbortSignal): Promise<OnvifDescription> {
    const camera = new OnvifCamera({ clock: this.#deps.clock, login });
    const profiles = await connect(camera, signal);
    const chosen = chooseProfiles(profiles);
    if (!chosen) {
      throw new Failure('camera-no-video', 'This camera offers no stream that can be recorded.', {
        action: 'Set one of its streams to H.264.',
      });
    }
    const host = new URL(login.url).hostname;
    const main = await streamAddress(camera, chosen.main.token, host, signal);
    if (main === null) {
      throw new Failure('camera-refused', 'The camera does not tell where its stream is.', {
        action: 'Type its RTSP address; its manual tells it.',
      });
    }
    const sub = chosen.sub === null ? null : await streamAddress(camera, chosen.sub.token, host, signal).catch(() => null);
    const information = await camera
      .ask((cam, callback) => cam.getDeviceInformation((error, _, xml) => callback(error, xml)), signal)
      .catch(() => null);
    return describeCamera(login, String(information ?? ''), profiles, { main, sub: sub === main ? null : sub });
  }

  /** What an added camera can do about where it looks; a camera without ONVIF can do nothing. */
  async ptz(cameraId: string, signal: AbortSignal): Promise<Ptz> {
    if (!onvifLoginOf(this.#deps.source(cameraId))) return { canMove: false, presets: [] };
    const { camera, profile } = await this.#connected(cameraId, signal);
    if (profile === null) return { canMove: false, presets: [] };
    const answer = await camera
      .ask((cam, callback) => cam.getPresets({ profileToken: profile }, (error) => callback(error, cam.presets)), signal)
      .catch(() => null);
    return { canMove: true, presets: readPresets(answer) };
  }

  /** Moves for that long and stops; a camera that is asked again meanwhile moves on in the new direction. */
  async move(cameraId: string, { pan, tilt, zoom, durationMs }: PtzMove, signal: AbortSignal): Promise<void> {
    const { camera, profileToken } = await this.#movable(cameraId, signal);
    // The camera is told when to stop too: it must not turn for ever when the network fails between the two.
    const move = { profileToken, x: pan, y: tilt, zoom, timeout: durationMs };
    // Both are asked to their end, also when nobody waits any more: a camera that may have begun to turn is stopped.
    const unending = new AbortController().signal;
    await camera.ask((cam, callback) => cam.continuousMove(move, callback), unending);
    try {
      await this.#deps.clock.sleep(durationMs, signal);
    } finally {
      await camera.ask((cam, callback) => cam.stop({ profileToken, panTilt: true, zoom: true }, callback), unending);
    }
  }

  async goTo(cameraId: string, presetId: string, signal: AbortSignal): Promise<void> {
    const { camera, profileToken } = await this.#movable(cameraId, signal);
    await camera.ask((cam, callback) => cam.gotoPreset({ profileToken, preset: escaped(presetId) }, callback), signal);
  }

  /** Where it looks now, under a name. */
  async addPreset(cameraId: string, name: string, signal: AbortSignal): Promise<Ptz> {
    const { camera, profileToken } = await this.#movable(cameraId, signal);
    await camera.ask((cam, callback) => cam.setPreset({ profileToken, presetName: escaped(name) }, callback), signal);
    return this.ptz(cameraId, signal);
  }

  async removePreset(cameraId: string, presetId: string, signal: AbortSignal): Promise<Ptz> {
    const { camera, profileToken } = await this.#movable(cameraId, signal);
    await camera.ask((cam, callback) => cam.removePreset({ profileToken, presetToken: escaped(presetId) }, callback), signal);
    return this.ptz(cameraId, signal);
  }

  /** The picture settings that the camera keeps; none of one that does not speak of them. */
  async controls(cameraId: string, signal: AbortSignal): Promise<CameraControl[]> {
    if (!onvifLoginOf(this.#deps.source(cameraId))) return [];
    const { camera } = await this.#connected(cameraId, signal);
    try {
      const settings = await camera.ask((cam, callback) => cam.getImagingSettings(callback), signal);
      return readImaging(settings, await camera.ask((cam, callback) => cam.getVideoSourceOptions(callback), signal));
    } catch (error) {
      if (isUnknownToCamera(error)) return [];
      throw error;
    }
  }

  async setControl(cameraId: string, change: CameraControlChange, signal: AbortSignal): Promise<CameraControl[]> {
    const settings = imagingChange(await this.controls(cameraId, signal), change);
    const { camera } = await this.#connected(cameraId, signal);
    await camera.ask((cam, callback) => cam.setImagingSettings(settings, callback), signal);
    return this.controls(cameraId, signal);
  }

  /** The conversation with an added camera, for what else it can be asked; null for one without ONVIF. */
  conversation(cameraId: string): OnvifCamera | null {
    return onvifLoginOf(this.#deps.source(cameraId)) ? this.#conversation(cameraId).camera : null;
  }

  async #movable(cameraId: string, signal: AbortSignal): Promise<{ camera: OnvifCamera; profileToken: string }> {
    const { camera, profile } = await this.#connected(cameraId, signal);
    if (profile === null) throw new Failure('not-found', 'This camera cannot turn.');
    return { camera, profileToken: profile };
  }

  async #connected(cameraId: string, signal: AbortSignal): Promise<{ camera: OnvifCamera; profile: string | null }> {
    const conversation = this.#conversation(cameraId);
    conversation.connected ??= connect(conversation.camera, signal).catch((error: unknown) => {
      conversation.connected = null;
      throw error;
    });
    const profiles = await conversation.connected;
    const moving = profiles.find(({ canMove }) => canMove);
    return { camera: conversation.camera, profile: moving ? escaped(moving.token) : null };
  }

  #conversation(cameraId: string): Conversation {
    const login = onvifLoginOf(this.#deps.source(cameraId));
    if (!login) {
      throw new Failure('not-found', 'It is not known where this camera answers ONVIF.', {
        action: 'Give its ONVIF address in its settings.',
      });
    }
    const key = JSON.stringify(login);
    const known = this.#conversations.get(cameraId);
    if (known?.key === key) return known;
    const begun: Conversation = { key, camera: new OnvifCamera({ clock: this.#deps.clock, login }), connected: null };
    this.#conversations.set(cameraId, begun);
    if (this.#conversations.size > mostConversations) this.#conversations.delete(this.#conversations.keys().next().value ?? '');
    return begun;
  }
}

async function connect(camera: OnvifCamera, signal: AbortSignal): Promise<Profile[]> {
  await camera.meet(signal);
  return readProfiles(await camera.ask((cam, callback) => cam.getProfiles(callback), signal));
}
