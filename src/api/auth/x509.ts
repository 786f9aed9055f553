import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { asn1 as forge } from 'node-forge';

/** Distinguished name as far as Kubernetes reads it: user and groups. */
export type Subject = { commonName: string; organizations?: readonly string[] };

export type CertificateFields = {
  subject: Subject;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  usage: 'authority' | 'server' | 'client';
  /** Subject alternative names. */
  names?: readonly string[];
  addresses?: readonly string[];
};

export type Signer = { subject: Subject; publicKey: KeyObject; privateKey: KeyObject };

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

/**
 * A signed X.509 v3 certificate in PEM (RFC 5280). node-forge writes the ASN.1 and Node's own crypto signs it, because forge knows
 * no elliptic curves; it is loaded here, so that a device whose certificates exist never reads it.
 */
export async function signCertificate(fields: CertificateFields, signer: Signer): Promise<string> {
  const { default: asn1 } = await import('node-forge/lib/asn1.js');
  const der = derOf(asn1);
  const algorithm = der.sequence(der.oid(OID.ecdsaWithSha256));
  const body = der.sequence(
    der.explicit(0, der.integer('\x02')),
    der.integer(serialNumber()),
    algorithm,
    der.name(signer.subject),
    der.sequence(der.time(fields.notBefore), der.time(fields.notAfter)),
    der.name(fields.subject),
    asn1.fromDer(binary(spki(fields.publicKey))),
    der.explicit(3, der.sequence(...extensions(der, fields, signer))),
  );
  const signature = sign('sha256', Buffer.from(der.encode(body), 'latin1'), signer.privateKey);
  return toPem(der.encode(der.sequence(body, algorithm, der.bits(signature, 0))));
}

/** SHA-1 of the public key's bits (RFC 5280, 4.2.1.2, method 1): an identifier, not a protection. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
  const uncompressedPoint = [Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return createHash('sha1').update(Buffer.concat(uncompressedPoint)).digest();
}

type Der = ReturnType<typeof derOf>;

function extensions(der: Der, { usage, publicKey, names = [], addresses = [] }: CertificateFields, signer: Signer) {
  const own = der.octets(keyIdentifier(publicKey));
  const issuer = der.sequence(der.implicit(0, binary(keyIdentifier(signer.publicKey))));
  const alternatives = [
    ...names.map((name) => der.implicit(2, name)),
    ...addresses.map((address) => der.implicit(7, binary(addressBytes(address)))),
  ];
  return [
    ...(usage === 'authority'
      ? [
          der.extension(OID.basicConstraints, true, der.sequence(der.yes())),
          der.extension(OID.keyUsage, true, der.bits(KEY_CERT_SIGN_AND_CRL_SIGN, 1)),
        ]
      : [
          der.extension(OID.basicConstraints, true, der.sequence()),
          der.extension(OID.keyUsage, true, der.bits(DIGITAL_SIGNATURE, 7)),
          der.extension(OID.extKeyUsage, false, der.sequence(der.oid(OID[`${usage}Auth`]))),
        ]),
    der.extension(OID.subjectKeyIdentifier, false, own),
    der.extension(OID.authorityKeyIdentifier, false, issuer),
    ...(alternatives.length === 0 ? [] : [der.extension(OID.subjectAltName, false, der.sequence(...alternatives))]),
  ];
}

const DIGITAL_SIGNATURE = Buffer.from([0x80]);
const KEY_CERT_SIGN_AND_CRL_SIGN = Buffer.from([0x06]);

/** The words of DER that certificates are made of; values are forge's "binary strings", one character a byte. */
function derOf(asn1: typeof forge) {
  const { Class, Type } = asn1;
  const primitive = (type: forge.Type, value: string) => asn1.create(Class.UNIVERSAL, type, false, value);
  const sequence = (...items: forge.Asn1[]) => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, items);
  const oid = (dotted: string) => primitive(Type.OID, asn1.oidToDer(dotted).getBytes());
  const octets = (bytes: Buffer) => primitive(Type.OCTETSTRING, binary(bytes));
  const yes = () => primitive(Type.BOOLEAN, '\xff');
  const encode = (value: forge.Asn1): string => asn1.toDer(value).getBytes();
  const attribute = (type: string, value: string) =>
    asn1.create(Class.UNIVERSAL, Type.SET, true, [
      sequence(oid(type), primitive(Type.UTF8, binary(Buffer.from(value, 'utf8')))),
    ]);
  return {
    sequence,
    oid,
    octets,
    yes,
    encode,
    integer: (bytes: string) => primitive(Type.INTEGER, bytes),
    bits: (bytes: Buffer, unused: number) => primitive(Type.BITSTRING, binary(Buffer.from([unused, ...bytes]))),
    implicit: (tag: number, value: string) => asn1.create(Class.CONTEXT_SPECIFIC, tag as forge.Type, false, value),
    explicit: (tag: number, item: forge.Asn1) => asn1.create(Class.CONTEXT_SPECIFIC, tag as forge.Type, true, [item]),
    name: ({ commonName, organizations = [] }: Subject) =>
      sequence(...organizations.map((o) => attribute(OID.organization, o)), attribute(OID.commonName, commonName)),
    // UTCTime has two digits for the year; RFC 5280, 4.1.2.5 wants it up to 2049 and GeneralizedTime from 2050.
    time: (date: Date) =>
      date.getUTCFullYear() < 2050
        ? primitive(Type.UTCTIME, asn1.dateToUtcTime(date))
        : primitive(Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(date)),
    extension: (type: string, critical: boolean, value: forge.Asn1) =>
      sequence(oid(type), ...(critical ? [yes()] : []), octets(Buffer.from(encode(value), 'latin1'))),
  };
}

const binary = (bytes: Buffer): string => bytes.toString('latin1');

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** 127 random bits; the first byte between 0x40 and 0x7f keeps the number positive and its encoding minimal. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return binary(bytes);
}

/** The URL parser writes every IPv6 form as hexadecimal groups with at most one `::`. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text = '') => text.split(':').filter((group) => group !== '');
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const words = [...groups(head), ...zeros, ...groups(tail)].map((group) => parseInt(group, 16));
  return Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

const toPem = (der: string): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der, 'latin1')
    .toString('base64')
    .replace(/.{64}(?!$)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
