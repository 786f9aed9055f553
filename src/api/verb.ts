import type { Authorizer } from '../domain/authorization/authorizer.ts';
import type { Clock } from '../domain/meta/clock.ts';
import type { ObjectKey } from '../domain/meta/object-key.ts';
import type { Status } from '../domain/meta/status-error.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';
import type { UserInfo } from '../domain/meta/user-info.ts';
import type { Registry } from '../domain/registry/registry.ts';
import type { Column, ResourceDefinition } from '../domain/resources/resource-definition.ts';
import type { SpokenProtocols, Wire } from './streaming/negotiate.ts';
import type { PortForward } from './streaming/port-forward.ts';
import type { RemoteCommand } from './streaming/remote-command.ts';
import type { ServiceAccountTokens } from './auth/service-account-token.ts';
import type { Body } from './codec/decode-body.ts';
import type { Service, ServicePort } from '../domain/meta/types.ts';
import type { Backend } from './proxy/backend.ts';
import type { Kubelet } from '../domain/kubelet/kubelet.ts';
import type { ListMeta, Presentation } from './presentation.ts';

/** What every verb works on. */
export type VerbContext = {
  registry: Registry;
  clock: Clock;
  random: () => number;
  kubelet: Pick<
    Kubelet,
    'logs' | 'previousLogs' | 'exec' | 'attach' | 'portForward' | 'refreshNode' | 'usage' | 'nodeUsage'
  >;
  /** Where connections to a port of a Service can end now. */
  serviceEndpoints: (service: Service, port: ServicePort) => readonly { ip: string; port: number }[];
  /** Who may do what. */
  authorizer: Authorizer;
  tokens: ServiceAccountTokens;
};

/** A request for a resource, located and authorized. */
export type Call = {
  definition: ResourceDefinition;
  /** Namespace and name as in the path; empty where the path has none. */
  key: ObjectKey;
  method: string;
  /** What follows the subresource `proxy` in the path; else empty. */
  path: string;
  user: UserInfo;
  /** The program that asks, as it calls itself; empty when it does not say. */
  userAgent: string;
  /** Throws 403 when the user may not do this to the object as well; `verb` is as authorization names it. */
  requireVerb: (verb: string) => void;
  query: URLSearchParams;
  body: Body;
  presentation: Presentation;
  /** The text becomes a Warning header, which every client shows to its user. */
  warn: (text: string) => void;
  /** How the connection can be taken over; throws what the client gets to read when it cannot. */
  requireUpgrade: (spoken: SpokenProtocols) => Wire;
  /** Aborted when the client is gone or the server stops. For answers that wait for something. */
  closed: () => AbortSignal;
};

export type Answer =
  /** `columns` are those of its Table when it is of another kind than its resource's. */
  | { kind: 'object'; code: number; object: KubernetesObject; columns?: readonly Column<never>[] }
  | { kind: 'status'; code: number; status: Status }
  | { kind: 'list'; objects: readonly KubernetesObject[]; metadata: ListMeta }
  /** Takes over the connection, for the streams of a process. */
  | { kind: 'remote-command'; wire: Wire; command: RemoteCommand }
  /** Takes over the connection, for those that the client makes to ports of a pod. */
  | { kind: 'port-forward'; wire: Wire; forward: PortForward }
  /** The request is passed on, and what comes back is the answer, until the signal. */
  | { kind: 'proxy'; backend: Backend; closed: AbortSignal }
  /** Written as it comes, after the headers, which go out at once. */
  | { kind: 'stream'; contentType: string; pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array> };

export type Verb = (context: VerbContext, call: Call) => Answer | Promise<Answer>;
