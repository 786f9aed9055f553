import { describe } from 'vitest';
import { containerCases } from './runtime/container-cases.ts';
import { containerConfigCases } from './runtime/container-config-cases.ts';
import { eventCases } from './runtime/event-cases.ts';
import { imageCases } from './runtime/image-cases.ts';
import { lifecycleCases } from './runtime/lifecycle-cases.ts';
import { logCases } from './runtime/log-cases.ts';
import { execCases } from './runtime/exec-cases.ts';
import { attachCases } from './runtime/attach-cases.ts';
import { resourceCases } from './runtime/resource-cases.ts';
import { measuringCases } from './runtime/measuring-cases.ts';
import { networkCases } from './runtime/network-cases.ts';
import { secondaryNetworkCases } from './runtime/secondary-network-cases.ts';
import { pullCases } from './runtime/pull-cases.ts';
import { portForwardCases } from './runtime/port-forward-cases.ts';
import { type RuntimeUnderTest, runtimeBed } from './runtime/runtime-bed.ts';
import { sandboxCases } from './runtime/sandbox-cases.ts';
import { securityCases } from './runtime/security-cases.ts';
import { volumeCases } from './runtime/volume-cases.ts';

/** What the port promises, asked of a real engine. The same cases for every adapter; what one cannot do is skipped by name, with the reason. */
export function describeContainerRuntime(name: string, underTest: RuntimeUnderTest): void {
  describe(`container runtime ${name}`, () => {
    const bed = runtimeBed(underTest);
    describe('images', () => imageCases(bed));
    describe('pull', () => pullCases(bed));
    describe('volumes', () => volumeCases(bed));
    describe('networks', () => networkCases(bed));
    describe('secondary networks', () => secondaryNetworkCases(bed));
    describe('containers', () => containerCases(bed));
    describe('container configuration', () => containerConfigCases(bed));
    describe('security', () => securityCases(bed));
    describe('life cycle', () => lifecycleCases(bed));
    describe('exec', () => execCases(bed));
    describe('attach', () => attachCases(bed));
    describe('resources', () => resourceCases(bed));
    describe('logs', () => logCases(bed));
    describe('sandboxes', () => sandboxCases(bed));
    describe('port-forward', () => portForwardCases(bed));
    describe('events', () => eventCases(bed));
    describe('measuring', () => measuringCases(bed));
    bed.refuseUnknownSkips();
  });
}
