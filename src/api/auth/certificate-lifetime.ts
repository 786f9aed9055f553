import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../../domain/meta/clock.ts';

export const YEAR_MS = 365 * 24 * 3600_000;

/** No clock that is right shows an earlier time: k2d was written after it. */
export const EARLIEST_POSSIBLE_NOW = Date.UTC(2026, 0, 1);

/**
 * A device without a battery for its clock starts at the epoch after every power cut, so whatever k2d signs is valid from there:
 * the device would else refuse its own certificates until it finds a time server, which a plant network may not have.
 * A later start would protect nothing, since only k2d's own authority signs them.
 */
export const VALID_FROM = new Date(0);

/** Years. The authority is in every kubeconfig, so it must outlive the device. */
export const AUTHORITY_YEARS = 30;
/** Its key lies beside the authority's own, so a shorter life would protect nothing and cost devices that stand in a drawer. */
export const SERVER_YEARS = 10;
/** As kubeadm and k3s do, for kubeconfigs get copied to other machines. */
export const CLIENT_YEARS = 1;

/** The end of a life that begins now; where the clock cannot be right, of one that begins at the earliest possible time. */
export const validUntil = (clock: Clock, years: number): Date => new Date(plausibleNow(clock) + years * YEAR_MS);

/** Milliseconds since the epoch. */
export const plausibleNow = (clock: Clock): number => Math.max(clock.now().getTime(), EARLIEST_POSSIBLE_NOW);

/** A third of its life before it ends. */
export const renewalTime = (certificate: X509Certificate, years: number): number =>
  certificate.validToDate.getTime() - (years * YEAR_MS) / 3;
