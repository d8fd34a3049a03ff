const headerBytes = 12;
const longestNameBytes = 255;
const longestLabelBytes = 63;
const addressType = 1;
const anyType = 255;
const internetClass = 1;
/** So that nobody takes the device for the world once there is a network. */
const secondsToKeep = 5;
const isResponse = 0x8000;
const operationMask = 0x7800;
const recursionWished = 0x0100;
/** A response, by whom it concerns, with recursion: anything less and some ask on. */
const responseFlags = 0x8480;

/** The answer to a DNS query by which every name is that IPv4 address and nothing else; null for what is no query of one name. */
export function captiveAnswer(query: Uint8Array, address: string): Uint8Array | null {
  const asked = Buffer.from(query.buffer, query.byteOffset, query.byteLength);
  if (asked.length < headerBytes) return null;
  const flags = asked.readUInt16BE(2);
  if ((flags & (isResponse | operationMask)) !== 0 || asked.readUInt16BE(4) !== 1) return null;
  const nameEnd = endOfName(asked);
  if (nameEnd === null || nameEnd + 4 > asked.length) return null;
  const type = asked.readUInt16BE(nameEnd);
  const isForAddress = (type === addressType || type === anyType) && asked.readUInt16BE(nameEnd + 2) === internetClass;
  const header = Buffer.alloc(headerBytes);
  asked.copy(header, 0, 0, 2);
  header.writeUInt16BE(responseFlags | (flags & recursionWished), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isForAddress ? 1 : 0, 6);
  return Buffer.concat([header, asked.subarray(headerBytes, nameEnd + 4), ...(isForAddress ? [record(address)] : [])]);
}

/** Where the type of the question stands; null for names that are torn, too long, or written by pointers. */
function endOfName(asked: Buffer): number | null {
  let at = headerBytes;
  while (at - headerBytes < longestNameBytes) {
    const length = asked[at];
    if (length === undefined || length > longestLabelBytes) return null;
    at += 1 + length;
    if (length === 0) return at;
  }
  return null;
}

function record(address: string): Buffer {
  const nameOfTheQuestion = 0xc000 | headerBytes;
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(nameOfTheQuestion, 0);
  bytes.writeUInt16BE(addressType, 2);
  bytes.writeUInt16BE(internetClass, 4);
  bytes.writeUInt32BE(secondsToKeep, 6);
  bytes.writeUInt16BE(4, 10);
  for (const [index, part] of address.split('.').entries()) bytes.writeUInt8(Number(part), 12 + index);
  return bytes;
}
