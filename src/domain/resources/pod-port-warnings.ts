import type { Container, PodSpec } from '../meta/types.ts';
import { containersOf } from './containers-of.ts';

type Port = NonNullable<Container['ports']>[number];
type Placed = { port: Port; place: string };

/** A port is compared with so many others of its number; a hostile pod has a hundred thousand. */
const mostCompared = 16;

/** Ports that get in each other's way (kubernetes pkg/api/pod/warnings.go). */
export function podPortWarnings(spec: PodSpec, at: string): string[] {
  const earlier = new Map<string, Placed[]>();
  return portsOf(spec, at).flatMap((placed) => {
    const number = `${placed.port.containerPort}/${placed.port.protocol ?? 'TCP'}`;
    const others = earlier.get(number) ?? [];
    if (others.length < mostCompared) earlier.set(number, [...others, placed]);
    return [...withoutDoor(placed), ...others.flatMap((other) => clash(placed, other))];
  });
}

const portsOf = (spec: PodSpec, at: string): Placed[] =>
  containersOf(spec, at).flatMap(({ container, place }) =>
    (container.ports ?? []).map((port, index) => ({ port, place: `${place}.ports[${index}]` })),
  );

/** The port as Go prints it. */
function withoutDoor({ port, place }: Placed): string[] {
  const { name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' } = port;
  if (hostIP === '' || hostPort !== 0) return [];
  const shown = `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
  return [`${place}: hostIP set without hostPort: ${shown}`];
}

function clash({ port, place }: Placed, other: Placed): string[] {
  const [door, otherDoor] = [port.hostPort ?? 0, other.port.hostPort ?? 0];
  const [address, otherAddress] = [port.hostIP ?? '', other.port.hostIP ?? ''];
  if (address === otherAddress && door === otherDoor)
    return [`${place}: duplicate port definition with ${other.place}`];
  if (door === 0 || otherDoor === 0) return [`${place}: overlapping port definition with ${other.place}`];
  const isAmbiguous = door === otherDoor && (address === '') !== (otherAddress === '');
  return isAmbiguous ? [`${place}: dangerously ambiguous port definition with ${other.place}`] : [];
}
