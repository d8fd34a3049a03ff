import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { Failure } from '#device/kernel/failure.ts';

export interface TlsTunnel {
  /** Where on 127.0.0.1 it listens, for one connection. */
  port: number;
  trouble(): Failure | null;
  close(): Promise<void>;
}

export interface TunnelTarget {
  host: string;
  port: number;
  /** The authority whose signature is demanded, or the camera's own certificate, which then is accepted under any name. */
  caPem: string;
}

/** A door on the loopback that leads through verified TLS to the camera. Opens for the first who knocks, then closes behind it. */
export async function openTlsTunnel(target: TunnelTarget): Promise<TlsTunnel> {
  const pinned = certificatesOf(target.caPem);
  let trouble: Failure | null = null;
  let encrypted = false;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    server.close();
    const far = tls.connect({
      host: target.host,
      port: target.port,
      ca: target.caPem,
      ...(net.isIP(target.host) ? {} : { servername: target.host }),
      checkServerIdentity: (host, certificate) =>
        pinned.has(certificate.fingerprint256) ? undefined : tls.checkServerIdentity(host, certificate),
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('error', () => {});
    far.on('error', (error) => {
      trouble ??= explain(error, encrypted);
    });
    far.once('secureConnect', () => {
      encrypted = true;
      near.pipe(far);
      far.pipe(near);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Failure('internal', 'The device could not open a port of its own.');
  return {
    port: address.port,
    trouble: () => trouble,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function certificatesOf(pem: string): Set<string> {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    return new Set(blocks.map((block) => new X509Certificate(block).fingerprint256));
  } catch (cause) {
    throw new Failure('invalid-input', 'The certificate given for this camera cannot be read.', { action: 'Paste it as PEM text.', cause });
  }
}

function explain(error: Error, encrypted: boolean): Failure {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') {
    return new Failure('camera-unreachable', 'Nothing answers at this address: the connection was refused.', {
      action: 'Check the port (RTSPS is usually 322) and that RTSPS is switched on in the camera.',
      cause: error,
    });
  }
  if (code === 'ENOTFOUND' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ETIMEDOUT') {
    return new Failure('camera-unreachable', 'The camera cannot be reached.', {
      action: 'Check that it has power and is on this network.',
      cause: error,
    });
  }
  if (code === 'ECONNRESET' && encrypted) {
    return new Failure('camera-unreachable', 'The camera ended the connection.', {
      action: 'It is tried again by itself; check the camera if it keeps happening.',
      cause: error,
    });
  }
  if (code === 'ECONNRESET' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new Failure('camera-refused', 'What answers at this port does not speak RTSPS: no encrypted connection came about.', {
      action:
        'Check the port (RTSPS is usually 322) and that RTSPS is switched on in the camera, or write rtsp:// to go without encryption.',
      cause: error,
    });
  }
  return new Failure('camera-refused', 'The camera’s certificate is not trusted: the authority given did not sign it for this address.', {
    action: 'Give the certificate of the authority that signed it, or the camera’s own certificate.',
    cause: error,
  });
}
