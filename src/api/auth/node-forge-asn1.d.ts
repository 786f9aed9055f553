/** The part of node-forge that k2d loads: its ASN.1 encoder alone takes 1 MB of memory, the whole package 5. */
declare module 'node-forge/lib/asn1.js' {
  import type { asn1 } from 'node-forge';
  const encoder: typeof asn1;
  export default encoder;
}
