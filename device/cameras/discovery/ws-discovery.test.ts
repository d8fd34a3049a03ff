import { describe, expect, test } from 'vitest';
import { probeMatch } from '#device/testing/fake-onvif-camera.ts';
import { probeMessage, readProbeMatch } from './ws-discovery.ts';

const asked = ['urn:uuid:a', 'urn:uuid:b'];
const read = (xml: string, sender = '192.168.1.20') => readProbeMatch(Buffer.from(xml), sender, asked);
const service = 'http://192.168.1.20/onvif/device_service';

describe('a camera that answers the search', () => {
  test('is known by its address, its own name for itself and what it is', () => {
    const scopes = 'onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/Front%20Door onvif://www.onvif.org/hardware/IPC-B1';
    expect(read(probeMatch('urn:uuid:b', `http://[fe80::1]/onvif ${service}`, scopes))).toEqual({
      endpoint: 'urn:uuid:11111111-2222-3333-4444-555555555555',
      onvifUrl: service,
      name: 'Front Door',
      hardware: 'IPC-B1',
    });
  });

  test('cannot send anybody to another machine, nor with a password', () => {
    expect(read(probeMatch('urn:uuid:a', 'http://10.0.0.1:8000/x'))?.onvifUrl).toBe('http://192.168.1.20:8000/x');
    expect(read(probeMatch('urn:uuid:a', 'http://user:word@192.168.1.20/x'))?.onvifUrl).toBe('http://192.168.1.20/x');
    expect(read(probeMatch('urn:uuid:a', 'file:///etc/passwd javascript:alert(1)'))).toBeNull();
  });

  test('was asked: what nobody asked for is no answer', () => {
    expect(read(probeMatch('urn:uuid:c', service))).toBeNull();
    expect(read(probeMessage('urn:uuid:a', 'tds:Device'))).toBeNull();
  });

  test('may name itself anything', () => {
    const name = (text: string) => read(probeMatch('urn:uuid:a', service, `onvif://www.onvif.org/name/${text}`))?.name;
    expect(name('%1b%5b31mEvil%00')).toBe('[31mEvil');
    expect(name('%zz')).toBe('%zz');
    expect(name('%20')).toBeNull();
    expect(name('x'.repeat(250))).toHaveLength(48);
  });

  test('and whatever is no such answer is nothing, however long it takes to say so', () => {
    expect(read(`<!DOCTYPE x [<!ENTITY a "b">]>${probeMatch('urn:uuid:a', service)}`)).toBeNull();
    expect(read(probeMatch('urn:uuid:a', ''))).toBeNull();
    expect(read('')).toBeNull();
    expect(readProbeMatch(new Uint8Array(9_000).fill(0xff), '192.168.1.20', asked)).toBeNull();
    expect(read(`ProbeMatch${'<a:RelatesTo '.repeat(1_200)}`)).toBeNull();
    expect(read(probeMatch('urn:uuid:a', service, ' '.repeat(17_000)))).toBeNull();
  });
});
