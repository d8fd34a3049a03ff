import { type CameraSource, isTypable, limits } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { normalizeSource } from './camera-source.ts';
import type { EnvironmentCamera } from './environment-overlay.ts';
import { UnusableValue } from './environment-values.ts';

/** A comma parts two cameras only where a new `name=address` begins: addresses may have commas in them. */
const separator = /[\r\n]+|,(?=[^,=/:]+=\s*(?:rtsps?:|file:|\/|demo\b|pi\b))/;

/** Cameras written `front=rtsp://…`, parted by line ends or commas. `origin` is the variable's name, for the Failure. */
export function parseCameraDefinitions(text: string, origin: string): EnvironmentCamera[] {
  return definitionsIn(text).map((definition) => parseCameraDefinition(definition, origin));
}

/** The list without the cameras that cannot be used. */
export function usableDefinitions(text: string): string {
  return definitionsIn(text).filter(isUsable).join('\n');
}

function isUsable(definition: string): boolean {
  try {
    parseCameraDefinition(definition, '');
    return true;
  } catch (error) {
    if (error instanceof UnusableValue) return false;
    throw error;
  }
}

function definitionsIn(text: string): string[] {
  return text
    .split(separator)
    .map((definition) => definition.trim())
    .filter((definition) => definition !== '');
}

/** One `NAME=ADDRESS`: rtsp://, rtsps://, file://, a whole path, `demo`, or `pi` for the first camera on the Pi's own connector. Throws an UnusableValue that names `origin` and repeats nothing. */
export function parseCameraDefinition(definition: string, origin: string): EnvironmentCamera {
  const split = definition.indexOf('=');
  const name = definition.slice(0, Math.max(split, 0)).trim();
  if (name === '' || name.length > limits.nameLength || name.includes('://') || !isTypable(name)) {
    throw new UnusableValue(origin, `${origin} must name each camera.`, { action: 'Write it like front=rtsp://192.168.1.20/stream.' });
  }
  return { name, source: sourceOf(definition.slice(split + 1).trim(), origin) };
}

/** The source an address means. Throws an UnusableValue that names `origin` and repeats nothing. */
export function sourceOf(address: string, origin: string, subUrl?: string): CameraSource {
  try {
    if (address.length > limits.urlLength) throw new Failure('invalid-input', 'The address is too long.');
    if (address === 'demo') return { kind: 'demo' };
    if (address === 'pi') return { kind: 'pi', width: 1920, height: 1080, framesPerSecond: 20 };
    if (address.startsWith('/') || address.startsWith('file:')) return normalizeSource({ kind: 'file', url: address, loop: true });
    return normalizeSource({ kind: 'rtsp', url: address, transport: 'tcp', ...(subUrl === undefined ? {} : { subUrl }) });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new UnusableValue(origin, `${origin}: ${error.message}`, { action: error.action, cause: error });
  }
}
